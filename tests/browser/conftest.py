"""One Chromium for all browser tests; `MUSTER_CHROMIUM` names another than the one found."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

FOUND = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Not for the whole run: while Playwright's loop runs in this thread, no other test can run one of its own."""
    named = os.environ.get("MUSTER_CHROMIUM") or next((path for name in FOUND if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        # Without a browser on the machine Playwright's own is used; `make test` has installed it then.
        executable = str(Path(named)) if named else None
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()
