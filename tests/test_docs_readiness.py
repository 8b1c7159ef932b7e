"""docs/readiness.md says what the code does: commands, columns, figures, statuses, weights."""

import json
import re

from typer.testing import CliRunner

from commands import readiness as commands
from domain.readiness.standing import CONFIDENCE, ENOUGH, TARGET, Status
from domain.review import WORTH
from services.drills import PRIOR_DIFFICULTY
from services.learning import AGAIN
from services.recorded import NEEDED
from tests.conftest import ROOT

PAGE = (ROOT / "docs/readiness.md").read_text(encoding="utf-8")


def test_the_page_lists_exactly_the_commands_there_are() -> None:
    listed = re.findall(r"^\| `python manage\.py readiness (\w+)", PAGE, re.MULTILINE)
    there = [str(getattr(command.callback, "__name__", "")) for command in commands.app.registered_commands]
    assert sorted(listed) == sorted(there)


def test_the_page_shows_the_json_that_evaluate_prints(tmp_path) -> None:
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "none.csv"
    file.write_text(",".join(NEEDED) + "\n", encoding="utf-8")
    done = CliRunner().invoke(commands.app, ["evaluate", str(file), "--json"])
    found = json.loads(done.stdout)
    found["bias_by_gap"] = found["bias_by_gap"][:1]
    assert json.loads(block) == found
    assert f"`{','.join(NEEDED)}[,guess][,kind]`" in PAGE


def test_the_page_names_every_status_and_the_constants_they_rest_on() -> None:
    listed = re.findall(r"^\| ([a-z ]+) \| .+ \| .+ \|$", PAGE, re.MULTILINE)
    for status in Status:
        assert status.words.lower() in listed
    assert f"get {TARGET:.0%}".replace("%", " of 100 right") in PAGE.replace("\n", " ")
    assert f"{CONFIDENCE:.0%}".replace("%", " % sure") in PAGE
    assert ENOUGH == 3
    assert "fewer than three answers" in PAGE


def test_the_page_gives_the_weights_and_worths_in_use() -> None:
    assert f"× {AGAIN} |" in PAGE
    worths = f"performed {WORTH['P']:g}, some challenges {WORTH['S']:g}, major challenges {WORTH['M']:g}, unable {WORTH['U']:g}"
    assert worths in PAGE
    assert PRIOR_DIFFICULTY == {"least": -0.4, "moderate": 0.0, "very": 0.4}
    assert "−0.4, 0 or +0.4" in PAGE
