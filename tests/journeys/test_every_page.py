"""Every page that a role can reach by links is sound, on a desk and on a telephone."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urlsplit

import pytest

from app.demo.basis import TRAINING
from app.events import queries as events
from app.infra import clock
from app.kernel.fiscal_year import fiscal_year
from tests.journeys.conftest import DESK, PHONE, opened
from tests.journeys.looks import faults
from tests.journeys.staff import sign_in

pytestmark = pytest.mark.xdist_group("browser")

FILES = re.compile(
    r"\.(pdf|xlsx|docx|csv|json|ics|atom|xml|svg|png)$|/handouts/\d+/$|/units/\d+/(file|captions)$|sign-out"
)


def shape(path: str) -> str:
    """Pages that differ only by a number, a slug or a kind of message are one page."""
    return re.sub(r"/(\d+|\d{4}-[a-z0-9-]+|(?<=/mails/)[a-z_]+)(?=/)", "/n", path)


def reachable(page, *starts):
    """Walk from `starts` through links; yields once for each shape of address, with the page open."""
    waiting, seen = deque(starts), set()
    while waiting:
        path = waiting.popleft()
        if shape(path) in seen or FILES.search(path):
            continue
        seen.add(shape(path))
        page.goto(path)
        arrived = shape(urlsplit(page.url).path)
        if arrived != shape(path) and arrived in seen:
            continue
        seen.add(arrived)
        yield path
        for link in page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)"):
            target = urlsplit(link)
            if target.netloc == urlsplit(page.url).netloc:
                waiting.append(target.path)


def issued(site) -> list[str]:
    """The page of a training whose certificates were issued: those of other trainings have nothing to withdraw."""
    with site.inside():
        last_year = events.one(f"{fiscal_year(clock.now()) - 1}-{TRAINING}")
        return [f"/console/events/{last_year.id}/certificates/"]


def faults_at(page, *screens):
    """What is wrong with the page that is open, on each of these screens: loaded once, looked at as often.

    Colours are looked at on the first one only: they do not depend on the width, and are most of the work.
    """
    found = faults(page)
    for screen in screens[1:]:
        page.set_viewport_size(screen)
        found += faults(page, "color-contrast")
    page.set_viewport_size(screens[0])
    return found


# Managers see some of the organizer's pages and no others; each role is walked through on the screen it works with.
WALKS = [
    ("organizer", (PHONE, DESK), "/console/"),
    ("helper", (PHONE,), "/console/"),
    ("admin", (PHONE,), "/console/"),
    ("auditor", (DESK,), "/console/"),
    ("coordinator", (PHONE,), "/my/"),
    ("promoter", (PHONE,), "/my/"),
]


@pytest.mark.parametrize(("role", "screens", "start"), WALKS, ids=[walk[0] for walk in WALKS])
def test_every_page_of_a_role_is_sound(browser, site, role, screens, start):
    with opened(browser, site, viewport=screens[0]) as context:
        page = context.new_page()
        sign_in(page, role, lands_on=f"**{start}**")
        first = issued(site) if role == "organizer" else []
        found = {path: faults_at(page, *screens) for path in reachable(page, *first, start)}
    assert all(f"{path}n/withdraw/" in map(shape, found) for path in map(shape, first))
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert len(found) > 1
