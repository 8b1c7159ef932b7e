"""Takes the pictures of README.md anew: seeds a demo company into a temporary folder, serves it, looks at it.

Nothing of yours is touched. It drives the pages as the browser tests do, so a picture shows what is really there.
"""

import os
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from commands.launched import Launched  # noqa: E402 - found only with our folder on the path
from commands.seed import seed_demo  # noqa: E402
from services.app import ready  # noqa: E402
from services.settings import Settings  # noqa: E402
from tests.browser.company import PHONE, act, go, press, sign_in, watched  # noqa: E402
from tests.browser.doing import feedback, options  # noqa: E402

IMAGES = ROOT / "docs" / "images"
COLOURS = 128
"""Enough for flat surfaces and text, and a third of the bytes."""


def keep(page: Page, name: str, height: int = 0) -> None:
    """Write what the page shows now, `height` pixels of it when more is wanted than the window holds."""
    size = page.viewport_size or {"width": 1280, "height": 800}
    if height:
        page.set_viewport_size({"width": size["width"], "height": height})
    page.get_by_test_id("stMain").evaluate("element => element.scrollTo(0, 0)")
    page.mouse.move(0, 0)
    page.wait_for_timeout(600)  # a ripple or a fading border would be in the picture
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    page.set_viewport_size(size)


def home(browser: Browser, url: str) -> None:
    """Home in light and dark, and on a phone."""
    for name, options_ in (("home", {}), ("home-dark", {"color_scheme": "dark"}), ("home-phone", {"viewport": PHONE})):
        with watched(browser, url, **options_) as page:
            sign_in(page, "kim")
            keep(page, name)


def quiz(page: Page) -> None:
    """A question answered: not yet, why, and the better answer."""
    go(page, "/quiz?slug=authorities")
    press(page, "Start")
    while not page.locator(".m-verdict").filter(has_text="Not yet.").is_visible():
        if feedback(page).count():
            press(page, "Continue")
        elif options(page).count():
            act(page, options(page).last)
        else:
            press(page, "Answer")
    keep(page, "quiz")


def spot(page: Page) -> None:
    """An artefact with two passages flagged."""
    go(page, "/spot?slug=spot-inbox")
    press(page, "Another go")
    for number in (0, 2):
        page.locator("button.passage").nth(number).click()
    expect(page.get_by_text("2 flagged")).to_be_visible()
    keep(page, "spot", 840)


def exercise(page: Page) -> None:
    """A decision on the table, with legal clocks running."""
    go(page, "/exercise")
    press(page, "Play")
    while page.get_by_role("timer").count() < 4 or not page.get_by_label("Your reason").is_visible():
        act(page, options(page).first if options(page).count() else page.get_by_role("button", name="Continue"))
    keep(page, "exercise", 1000)


def team(page: Page) -> None:
    """The board, and the people behind a cell."""
    go(page, "/team")
    expect(page.locator("table.heatmap button").first).to_be_visible()
    keep(page, "team", 1000)


def main() -> None:
    """All pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="muster-screenshots-") as folder, sync_playwright() as playwright:
        data = Path(folder)
        settings = Settings(data=data, DATABASE_URL=None)
        ready(settings).close()
        seed_demo(settings)
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("MUSTER_CHROMIUM") or None, args=["--no-sandbox"]
        )
        with Launched(data) as server:
            home(chromium, server.base)
            with watched(chromium, server.base) as page:
                sign_in(page, "kim")
                for take in (quiz, spot, exercise):
                    take(page)
            with watched(chromium, server.base) as page:
                sign_in(page, "robin")
                team(page)
        chromium.close()


if __name__ == "__main__":
    main()
