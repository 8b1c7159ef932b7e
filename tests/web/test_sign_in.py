"""The forms before Streamlit, over HTTP, as a browser and as somebody who is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web import client
from web.sign_in import safe_next


def _attempt(browser, email: str, password: str, **more: str):
    page = browser.get("/login")
    form = {"form": client.form_secret(page.text), "next": "/", "email": email, "password": password} | more
    return browser.post("/login", data=form)


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(server) -> None:
    with client.http(server.url) as browser:
        answer = _attempt(browser, server.person("cookie"), client.PASSWORD)
        lines = [line.lower() for line in answer.headers.get_list("set-cookie") if line.startswith("muster=")]
        assert len(lines) == 1
        assert "; httponly" in lines[0]
        assert "; samesite=lax" in lines[0]
        assert "; path=/" in lines[0]
        assert "; domain" not in lines[0]


def test_a_wrong_password_and_an_unknown_account_read_the_same(server) -> None:
    known = server.person("known")
    with client.http(server.url) as browser:
        wrong = _attempt(browser, known, "not the password")
        unknown = _attempt(browser, "unknown@northwind.example", "not the password")
    assert wrong.status_code == unknown.status_code == 403
    sentences = [answer.text.split('role="alert"')[1].split("</p>")[0] for answer in (wrong, unknown)]
    assert sentences[0] == sentences[1]


@pytest.mark.parametrize(
    "spelling", ["SPELT@northwind.example", " spelt@northwind.example ", "ｓｐｅｌｔ@northwind.example"]
)
def test_one_mailbox_is_one_account_however_it_is_spelt(server, spelling: str) -> None:
    if "spelt" not in {person.split("@")[0] for person in _emails(server)}:
        server.person("spelt")
    with client.signed_in(server.url, spelling) as browser:
        assert browser.get("/").status_code == 200


def _emails(server) -> list[str]:
    from db import people

    with server.db.read() as connection:
        return [person.email for person in people.everyone(connection)]


def test_a_form_without_its_secret_signs_nobody_in(server) -> None:
    email = server.person("csrf")
    with client.http(server.url) as browser, client.http(server.url) as other:
        secret = client.form_secret(other.get("/login").text)
        for form in ("", "wrong", secret):
            answer = browser.post("/login", data={"form": form, "email": email, "password": client.PASSWORD})
            assert answer.status_code == 400
        assert browser.get("/").status_code == 303


def test_a_form_sent_twice_signs_in_once(server) -> None:
    email = server.person("twice")
    with client.http(server.url) as browser:
        secret = client.form_secret(browser.get("/login").text)
        cookie = browser.cookies["muster-form"]
        form = {"form": secret, "email": email, "password": client.PASSWORD}
        assert browser.post("/login", data=form).status_code == 303
    with client.http(server.url) as replay:
        answer = replay.post("/login", data=form, headers={"cookie": f"muster-form={cookie}"})
        assert answer.status_code == 403
        assert "muster" not in replay.cookies


def test_a_session_chosen_by_somebody_else_is_not_taken_over(server) -> None:
    with client.http(server.url) as browser:
        browser.cookies.set("muster", "chosen-by-an-attacker", domain="127.0.0.1")
        secret = client.form_secret(browser.get("/login").text)
        form = {"form": secret, "email": server.person("fixed"), "password": client.PASSWORD}
        answer = browser.post("/login", data=form)
        fresh = answer.headers.get_list("set-cookie")[0].split(";")[0].removeprefix("muster=")
    with client.http(server.url) as attacker:
        assert attacker.get("/", headers={"cookie": "muster=chosen-by-an-attacker"}).status_code == 303
        assert attacker.get("/", headers={"cookie": f"muster={fresh}"}).status_code == 200


def test_signing_in_again_ends_the_session_the_browser_had(server) -> None:
    with client.signed_in(server.url, server.person("rotated")) as browser:
        old = browser.cookies["muster"]
        # The sign-in page sends signed-in people on, so ask for the form as a stranger with the same form cookie.
        with client.http(server.url) as stranger:
            secret = client.form_secret(stranger.get("/login").text)
            cookies = f"muster={old}; muster-form={stranger.cookies['muster-form']}"
            form = {"form": secret, "email": "rotated@northwind.example", "password": client.PASSWORD}
            assert stranger.post("/login", data=form, headers={"cookie": cookies}).status_code == 303
        assert browser.get("/").status_code == 303


def test_after_signing_out_the_cookie_opens_nothing(server) -> None:
    with client.signed_in(server.url, server.person("out")) as browser:
        old = browser.cookies["muster"]
        assert browser.get("/auth/logout").headers["location"] == "/login"
        assert "muster" not in browser.cookies
        assert browser.get("/", headers={"cookie": f"muster={old}"}).status_code == 303
        with client.tab(server.url, f"muster={old}") as tab:
            assert tab.listen().redirect == "/login"


def test_another_site_cannot_sign_people_out(server) -> None:
    with client.signed_in(server.url, server.person("stays")) as browser:
        browser.get("/auth/logout", headers={"sec-fetch-site": "cross-site"})
        assert browser.get("/").status_code == 200


def test_a_new_password_ends_the_other_sessions_and_needs_the_old_one(server) -> None:
    email = server.person("changer")
    with client.signed_in(server.url, email) as here, client.signed_in(server.url, email) as there:
        page = here.get("/password")
        form = {
            "form": client.form_secret(page.text),
            "current": "wrong",
            "new": "river copper lamp",
            "again": "river copper lamp",
        }
        assert here.post("/password", data=form).status_code == 403
        page = here.get("/password")
        form |= {"form": client.form_secret(page.text), "current": client.PASSWORD}
        assert here.post("/password", data=form | {"again": "something else"}).status_code == 403
        form["form"] = client.form_secret(here.get("/password").text)
        assert here.post("/password", data=form).status_code == 303
        assert here.get("/").status_code == 200
        assert there.get("/").status_code == 303
        assert there.post("/password", data=form).status_code == 401
    with client.http(server.url) as browser:
        assert _attempt(browser, email, client.PASSWORD).status_code == 403
        assert _attempt(browser, email, "river copper lamp").status_code == 303


def test_guessing_stops_while_the_owner_still_gets_in(server) -> None:
    email = server.person("victim")
    with client.signed_in(server.url, email) as owner:
        owner.get("/auth/logout")
        with client.http(server.url) as attacker:
            answers = [_attempt(attacker, email, f"guess number {n}").status_code for n in range(7)]
            assert answers == [403] * 5 + [429] * 2
            # Not even the right password helps a guesser now, and a claimed address does not make it another one.
            assert _attempt(attacker, email, client.PASSWORD).status_code == 429
            page = client.form_secret(attacker.get("/login").text)
            form = {"form": page, "email": email, "password": client.PASSWORD}
            claimed = {"x-forwarded-for": "203.0.113.77", "forwarded": "for=203.0.113.77"}
            assert attacker.post("/login", data=form, headers=claimed).status_code == 429
        assert _attempt(owner, email, client.PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "body",
    [
        {"content": b"x" * 20_000, "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"files": {"form": ("a", b"x")}},
        {"json": {"form": "x"}},
        {"content": b"\xff\xfe=\xff", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {
            "content": b"&".join(b"a=1" for _ in range(2000)),
            "headers": {"content-type": "application/x-www-form-urlencoded"},
        },
    ],
)
@pytest.mark.parametrize("path", ["/login", "/welcome"])
def test_what_is_no_small_form_is_an_empty_one(server, body, path: str) -> None:
    with client.http(server.url) as browser:
        assert browser.post(path, **body).status_code == 400


def test_set_up_is_closed_once_somebody_looks_after_it(server, browsers) -> None:
    assert browsers["stranger"].get("/setup").headers["location"] == "/login"
    assert browsers["stranger"].post("/setup", data={"code": "x"}).headers["location"] == "/login"


def test_what_people_type_is_shown_as_text(server) -> None:
    with client.http(server.url) as browser:
        page = _attempt(browser, '"><script>alert(1)</script>', "x").text
        assert "<script>" not in page
        page = browser.get("/welcome", params={"code": '"><script>alert(1)</script>'}).text
        assert "<script>" not in page


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/a/../b", "javascript:alert(1)", "/x\r\nSet-Cookie: a=1",
     "", "/%2f%2fevil.example", "/login/x", "/a//b", "/a?x=<script>", "/a#b", "\t/a", "/" + "a" * 2000],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(address: str) -> None:
    assert safe_next(address) == "/"


@given(st.text())
def test_wherever_people_are_sent_is_a_page_of_ours(address: str) -> None:
    found = safe_next(address)
    assert found == "/" or (found == address and found.startswith("/") and not found.startswith("//"))


def test_a_deep_link_survives_signing_in(server) -> None:
    with client.http(server.url) as browser:
        answer = _attempt(browser, server.person("deep"), client.PASSWORD, next="/lesson?slug=report-at-once")
        assert answer.headers["location"] == "/lesson?slug=report-at-once"
