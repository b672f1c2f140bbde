"""A page asks the database as much for thirty events as for three."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.events.models import AgendaItem, Speaker
from app.infra.db import db
from tests.factories import NOW, a_series, a_sitting, an_event, apply_for
from tests.public.door import statements

PAGES = ["/", "/events/", "/events/?q=講座", "/events/?when=past", "/feed.atom", "/sitemap.xml", "/calendar.ics"]


def many(site: Flask, events: int) -> str:
    """So many events, each with two sittings, a programme and somebody who applied; the slug of one."""
    with site.app_context():
        series = a_series(slug="nen")
        for n in range(events):
            event = an_event(slug=f"koza-{n}", title=f"講座{n}", series_id=series.id)
            for days in (n + 1, n + 2):
                apply_for(a_sitting(event, starts_at=NOW + timedelta(days=days)))
            db.session.add(AgendaItem(event_id=event.id, position=1, title="講演"))
            db.session.add(Speaker(event_id=event.id, position=1, name="講師"))
            a_sitting(an_event(series_id=series.id), starts_at=NOW - timedelta(days=n + 1))
        db.session.commit()
    return "koza-1"


def cost(site: Flask, address: str) -> int:
    with statements(site) as seen:
        answer = site.test_client().get(address)
        # Feeds are made while they are read.
        assert answer.status_code == 200
        assert answer.data
    return len(seen)


def test_no_page_asks_more_for_more_events(make_site: Callable[..., Flask], tmp_path, monkeypatch):
    few, lots = make_site(), make_site(database_url=f"sqlite:///{tmp_path / 'lots.db'}")
    slug = many(few, 3)
    many(lots, 30)
    for address in [*PAGES, "/series/nen.ics", f"/events/{slug}/", f"/events/{slug}.ics", f"/events/{slug}/apply/"]:
        assert cost(few, address) == cost(lots, address) <= 12, address


@pytest.mark.parametrize("others", [0, 30])
def test_an_event_with_many_people_costs_no_more(site, others):
    slug = many(site, 1).replace("1", "0")
    with site.app_context():
        for _ in range(others):
            apply_for(1)
    assert cost(site, f"/events/{slug}/") <= 9
