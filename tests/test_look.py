"""The theme keeps its promises: every pair of text and ground is readable, everything named is served by ourselves."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit import config

from ui.parts import ICONS
from ui.words import due, inline, percent, plain, rich
from web.wire import settle

ROOT = Path(__file__).resolve().parent.parent
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
STYLE = (ROOT / "ui" / "style.css").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def token(name: str, mode: str) -> str:
    found = re.search(rf"--m-{name}: light-dark\((#[0-9a-f]{{6}}), (#[0-9a-f]{{6}})\)", STYLE)
    assert found, name
    return found.group(1 if mode == "light" else 2)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", ["textColor", "linkColor", "redColor", "orangeColor", "greenColor", "blueColor"])
def test_theme_texts_are_readable_on_both_grounds(mode: str, name: str) -> None:
    colours = THEME[mode]
    assert contrast(colours[name], colours["backgroundColor"]) >= 4.5
    assert contrast(colours[name], colours["secondaryBackgroundColor"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_white_is_readable_on_primary_buttons(mode: str) -> None:
    assert contrast("#FFFFFF", THEME[mode]["primaryColor"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("tone", ["good", "warn", "bad", "info"])
def test_badges_are_readable(mode: str, tone: str) -> None:
    assert contrast(token(tone, mode), token(f"{tone}-ground", mode)) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_soft_text_and_edges_of_controls_can_be_seen(mode: str) -> None:
    for ground in ("ground", "panel"):
        assert contrast(token("soft", mode), token(ground, mode)) >= 4.5
        assert contrast(token("strong-line", mode), token(ground, mode)) >= 3
        assert contrast(token("focus", mode), token(ground, mode)) >= 3


def test_style_and_theme_share_their_colours() -> None:
    for mode in ("light", "dark"):
        for name, key in (("ink", "textColor"), ("line", "borderColor"), ("ground", "backgroundColor")):
            assert token(name, mode) == THEME[mode][key].lower()


def test_the_theme_is_in_force_wherever_the_server_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settle()
    for name in ("font", "baseFontSize", "light.primaryColor", "dark.textColor"):
        section, _, key = name.rpartition(".")
        assert config.get_option(f"theme.{name}") == (THEME[section] if section else THEME)[key]


def test_every_font_is_a_file_of_ours_with_its_licence() -> None:
    for face in THEME["fontFaces"]:
        file = ROOT / "static" / face["url"].removeprefix("app/static/")
        assert file.read_bytes()[:4] == b"wOF2"
        assert "SIL Open Font License" in file.with_suffix(".LICENSE").read_text(encoding="utf-8")


def test_nothing_that_reaches_the_browser_names_another_host() -> None:
    files = [ROOT / "ui" / "style.css", *(ROOT / "static").glob("*.css"), *(ROOT / "ui" / "components").rglob("*.*s")]
    for file in files:
        hosts = set(re.findall(r"https?://[\w.]+", file.read_text(encoding="utf-8")))
        assert hosts <= {"http://www.w3.org"}, file


def test_no_component_sets_markup() -> None:
    for file in (ROOT / "ui" / "components" / "assets").glob("*.js"):
        assert not re.search(
            r"(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|eval\(", file.read_text("utf-8")
        )


def test_icons_are_names_of_the_font_that_streamlit_ships() -> None:
    from streamlit.material_icon_names import ALL_MATERIAL_ICONS

    assert set(ICONS.values()) <= set(ALL_MATERIAL_ICONS)


@given(st.text())
def test_no_character_of_people_keeps_a_meaning_in_markdown(text: str) -> None:
    shown = plain(text).replace(":small[]", "")
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>#|~$:@!]", shown)
    assert re.sub(r"\\(.)", r"\1", shown) == " ".join(text.replace("\0", "").split())


@given(st.text(alphabet="""ab*`[]()<>&"' \n-1.https://#;\\""", max_size=60))
def test_whatever_content_holds_no_tag_but_ours_comes_out(text: str) -> None:
    tags = re.findall(r"<[^>]*>?", rich(text))
    link = r'<a href="https://[^"<>\s]*" target="_blank" rel="noopener noreferrer">'
    ours = rf"</?(p|ul|ol|li|strong|em|code|a)>|{link}"
    assert [tag for tag in tags if not re.fullmatch(ours, tag)] == []


def test_our_markdown_knows_emphasis_code_links_lists_and_escapes() -> None:
    assert inline(r"a *b* **c** `d*e*` \*f\* 2 * 3") == (
        "a <em>b</em> <strong>c</strong> <code>d&#42;e&#42;</code> &#42;f&#42; 2 * 3"
    )
    assert inline("[x](http://a.example) [y](javascript:z)") == "[x](http://a.example) [y](javascript:z)"
    assert rich("a\nb\n\n- c\n  d\n- e\n\n1. f\n2. g") == (
        "<p>a b</p><ul><li>c d</li><li>e</li></ul><ol><li>f</li><li>g</li></ol>"
    )


def test_shares_and_due_dates_are_said_as_a_person_says_them() -> None:
    assert percent(0.414) == "41\N{NO-BREAK SPACE}%"
    assert due(None, NOW).text == "No due date"
    assert due(NOW + timedelta(hours=3), NOW).text == "Due today"
    assert due(NOW + timedelta(days=1), NOW).text == "Due tomorrow"
    assert due(NOW + timedelta(days=3), NOW).text == "Due Friday"
    assert due(NOW + timedelta(days=30), NOW).text == "Due 24 Dec"
    assert due(NOW + timedelta(days=60), NOW).text == "Due 23 Jan 2027"
    assert due(NOW - timedelta(hours=1), NOW).text == "Overdue today"
    assert due(NOW - timedelta(days=3), NOW).text == "Overdue 3 days"
    assert {due(NOW - timedelta(days=days), NOW).tone for days in (1, 5)} == {"bad"}
