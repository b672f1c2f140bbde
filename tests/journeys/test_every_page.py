"""Every page that a role can reach by links is sound, on a desk and on a telephone."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import DESK, PHONE, opened
from tests.journeys.looks import faults
from tests.journeys.staff import sign_in

pytestmark = pytest.mark.xdist_group("browser")

FILES = re.compile(r"\.(pdf|xlsx|csv|ics|atom|xml|svg)$|/handouts/\d+/$|sign-out")


def shape(path: str) -> str:
    """Pages that differ only by a number or a slug are one page."""
    return re.sub(r"/(\d+|\d{4}-[a-z0-9-]+)(?=/)", "/n", path)


def reachable(page, start):
    """Walk from `start` through links; yields once for each shape of address, with the page open."""
    waiting, seen = deque([start]), set()
    while waiting:
        path = waiting.popleft()
        if shape(path) in seen or FILES.search(path):
            continue
        seen.add(shape(path))
        page.goto(path)
        yield path
        for link in page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)"):
            target = urlsplit(link)
            if target.netloc == urlsplit(page.url).netloc:
                waiting.append(target.path)


# Managers see some of the organizer's pages and no others; each role is walked through on the screen it works with.
WALKS = [
    ("organizer", DESK, "/console/"),
    ("organizer", PHONE, "/console/"),
    ("helper", PHONE, "/console/"),
    ("admin", PHONE, "/console/"),
    ("auditor", DESK, "/console/"),
    ("coordinator", PHONE, "/my/"),
    ("promoter", PHONE, "/my/"),
]


@pytest.mark.parametrize(
    ("role", "screen", "start"), WALKS, ids=lambda value: value if isinstance(value, str) else value["width"]
)
def test_every_page_of_a_role_is_sound(browser, site, role, screen, start):
    with opened(browser, site, viewport=screen) as context:
        page = context.new_page()
        sign_in(page, role, lands_on=f"**{start}**")
        found = {path: faults(page) for path in reachable(page, start)}
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert len(found) > 1
