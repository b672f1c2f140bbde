"""How places are given: said in public when an event is published, and kept from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.events import admission, draws, queries, readiness, services, sittings
from app.events.drafts import SittingPlan
from app.events.errors import AdmissionFixed, DrawClosed, NotReady
from app.events.types import Admission
from tests.factories import NOW, ORGANIZER, a_draft, basics

pytestmark = pytest.mark.usefixtures("any_app")

DAY = timedelta(days=1)
LOTTERY = {"admission": Admission.LOTTERY, "tickets_first_time": 3, "tickets_in_city": 2, "max_companions": 2}


def a_draft_of_a_lottery(*, capacity: int | None = 10, **changes):
    draft = a_draft(**{**LOTTERY, **changes})
    plan = SittingPlan(starts_at=NOW + 20 * DAY, ends_at=NOW + 20 * DAY + DAY / 12, capacity=capacity)
    sittings.add_sitting(draft.id, plan, by=ORGANIZER, now=NOW)
    return queries.by_id(draft.id)


def published(**changes):
    draft = a_draft_of_a_lottery(**changes)
    services.publish(draft.id, by=ORGANIZER, now=NOW)
    return queries.by_id(draft.id)


def save(event, now=NOW, **changes):
    series = next(one.id for one in queries.all_series() if one.slug == event.series_slug)
    kept = basics(series_id=series, title=event.title, opens_at=event.opens_at, closes_at=event.closes_at, **LOTTERY)
    services.edit(event.id, replace(kept, **changes), revision=event.revision, by=ORGANIZER, now=now)


def test_the_rules_of_a_draw_are_said_in_full():
    said = "".join(admission.sentences(a_draft_of_a_lottery()))
    assert "両方に当てはまる方は6本" in said
    assert "全員が同じ結果" in said
    assert "キャンセル待ちになります" in said
    assert "キャンセル待ちはありません" in "".join(admission.sentences(a_draft_of_a_lottery(draw_waits=False)))


@pytest.mark.parametrize("lacking", [{"capacity": None}, {"closes_at": None}, {"closes_at": NOW + 30 * DAY}])
def test_a_draw_is_not_announced_without_closing_time_and_capacity(lacking):
    draft = a_draft_of_a_lottery(**lacking)
    assert readiness.missing(draft, NOW)
    with pytest.raises(NotReady):
        services.publish(draft.id, by=ORGANIZER, now=NOW)
    assert draws.of_event(draft.id) is None


def test_publishing_makes_the_promise_and_the_next_draft_has_one_of_its_own():
    event = published()
    copy = services.copy_from_last_year(event.id, by=ORGANIZER, now=NOW)
    assert draws.of_event(event.id).committed_at == NOW
    assert draws.of_event(copy) is None
    row = queries.by_id(copy)
    assert {name: getattr(row, name) for name in admission.FIXED} == {
        name: getattr(event, name) for name in admission.FIXED
    }


@pytest.mark.parametrize("change", [{"admission": Admission.FIRST_COME}, {"tickets_in_city": 1}, {"draw_waits": False}])
def test_what_was_published_stays(change):
    with pytest.raises(AdmissionFixed):
        save(published(), **change)


def test_the_closing_time_of_a_draw_moves_only_until_it_is_over():
    event = published()
    save(event, closes_at=event.closes_at + DAY)
    event = queries.by_id(event.id)
    for now, closes_at in ((NOW, None), (event.closes_at, event.closes_at + DAY)):
        with pytest.raises(DrawClosed):
            save(event, now, closes_at=closes_at)
