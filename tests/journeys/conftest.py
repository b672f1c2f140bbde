"""A browser and a whole installation with the demonstration year, for journeys as people make them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.live import Installation

ROOT = Path(__file__).resolve().parents[2]
# The headless shell is the same browser without windows of its own: half the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 900}
# What a click may wait for, an expectation may too: a shared machine under load answers late, not otherwise.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Iterator[Installation]:
    """The demonstration year on a running installation; mail is written as files."""
    folder = tmp_path_factory.mktemp("site")
    with Installation(folder, f"sqlite:///{folder / 'tsudoi.db'}") as installation:
        shutil.copy(demonstration, folder / "tsudoi.db")
        shutil.copytree(demonstration.parent / "files", folder / "files", dirs_exist_ok=True)
        installation.web()
        installation.worker()
        yield installation


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    if CHROMIUM is None:
        pytest.skip("journeys in a browser: no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def opened(browser: Browser, site: Installation, **options: object) -> BrowserContext:
    """A fresh visitor."""
    context = browser.new_context(base_url=site.base_url, locale="ja-JP", timezone_id="Asia/Tokyo", **options)
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def phone(browser: Browser, site: Installation) -> Iterator[Page]:
    """A resident's telephone, 360 px wide."""
    with opened(browser, site, viewport=PHONE, has_touch=True) as context:
        yield context.new_page()


@pytest.fixture
def phone_without_scripts(browser: Browser, site: Installation) -> Iterator[Page]:
    """The same telephone with JavaScript turned off."""
    with opened(browser, site, viewport=PHONE, java_script_enabled=False) as context:
        yield context.new_page()


@pytest.fixture
def desk(browser: Browser, site: Installation) -> Iterator[Page]:
    """An organizer's screen, 1280 px wide."""
    with opened(browser, site, viewport=DESK) as context:
        yield context.new_page()


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page under docs/images when TSUDOI_PICTURES=1; the documentation shows them."""
    if os.environ.get("TSUDOI_PICTURES") == "1":
        page.screenshot(path=ROOT / "docs" / "images" / f"{name}.png", full_page=True)
