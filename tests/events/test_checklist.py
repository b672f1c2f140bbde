"""The checklist of an event: begun from what is shipped, counted from the sittings, ticked once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.accounts.types import Scope
from app.events import checklist, overview, preparing, queries, services
from app.events.checklist import Counting, StepDraft, due_on, pressing, shipped
from app.events.errors import NotEditable
from app.events.types import Audience, EventStatus
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor, ActorKind
from app.kernel.working_days import is_working_day
from tests.factories import NOW, ORGANIZER, a_draft, a_sitting, an_event

BY = {"by": ORGANIZER, "now": NOW}
OTHER = Actor(ActorKind.STAFF, "2", "別の担当者")
SECTION = Scope(section="市民活動推進課")
TUESDAY = date(2026, 6, 2)


def by_key(event_id: int) -> dict[str | None, checklist.StepRow]:
    return {step.key: step for step in overview.checklist_of(event_id)}


@pytest.mark.parametrize(
    ("days", "counting", "due"),
    [
        (-60, Counting.DAYS, date(2026, 4, 3)),
        (-30, Counting.DAYS, date(2026, 5, 1)),  # 3 May is a holiday, the 2nd a Saturday
        (-1, Counting.WORKING_DAYS, date(2026, 6, 1)),
        (0, Counting.DAYS, TUESDAY),
        (1, Counting.WORKING_DAYS, date(2026, 6, 17)),
        (14, Counting.DAYS, date(2026, 6, 30)),
    ],
)
def test_days_count_back_from_the_first_sitting_and_on_from_the_last_and_never_fall_on_a_holiday(days, counting, due):
    assert due_on(days, counting, TUESDAY, date(2026, 6, 16)) == due
    assert is_working_day(due)


def test_the_day_itself_stays_a_sunday():
    assert due_on(0, Counting.DAYS, date(2026, 6, 7), date(2026, 6, 7)) == date(2026, 6, 7)


def test_each_audience_has_its_steps_in_the_order_of_their_days():
    for audience in Audience:
        steps = shipped(audience)
        days = [due_on(s.days, s.counting, date(2026, 10, 1), date(2026, 10, 1)) for s in steps]
        assert days == sorted(days)
        assert len({step.key for step in steps}) == len(steps)
    assert {"request", "assign"} <= {step.key for step in shipped(Audience.STAFF)}
    assert {"request", "assign"}.isdisjoint(step.key for step in shipped(Audience.RESIDENTS))


def test_begun_once_ticked_once_and_the_first_stays(any_app):
    event = an_event(audience=Audience.STAFF)
    a_sitting(event)
    assert preparing.begin(event.id, **BY) == len(shipped(Audience.STAFF))
    with pytest.raises(NotEditable):
        preparing.begin(event.id, **BY)
    step = by_key(event.id)["request"]
    preparing.tick(event.id, step.id, done=True, **BY)
    preparing.tick(event.id, step.id, done=True, by=OTHER, now=NOW + timedelta(hours=1))
    ticked = by_key(event.id)["request"]
    assert (ticked.done_at, ticked.done_by) == (NOW, "担当者")
    preparing.tick(event.id, step.id, done=False, **BY)
    assert by_key(event.id)["request"] == step


def test_a_step_of_another_event_is_not_found(app):
    one, another = an_event(), an_event()
    preparing.begin(one.id, **BY)
    step = overview.checklist_of(one.id)[0]
    for verb in (lambda: preparing.remove(another.id, step.id, **BY), lambda: preparing.begin(0, **BY)):
        with pytest.raises(NotFound):
            verb()
    assert overview.checklist_of(one.id)[0] == step


def test_the_days_move_with_the_sitting_and_own_steps_stand_between_the_others(app):
    event = an_event()
    sitting = a_sitting(event)
    preparing.begin(event.id, **BY)
    own = preparing.add(event.id, StepDraft(title="共催団体へ案内を送る", days=-50), **BY)
    steps = overview.checklist_of(event.id)
    assert [s.due_on for s in steps] == sorted(s.due_on for s in steps)
    assert steps[[s.id for s in steps].index(own)].due_on <= local_date(sitting.starts_at) - timedelta(days=50)
    preparing.remove(event.id, own, **BY)
    assert own not in {step.id for step in overview.checklist_of(event.id)}


def test_publishing_lists_what_is_left_to_prepare_unless_it_is_listed_already(app):
    draft = a_draft()
    a_sitting(queries.by_id(draft.id))
    preparing.add(draft.id, StepDraft(title="自分の手順", days=-3), **BY)
    services.publish(draft.id, **BY)
    assert [step.title for step in overview.checklist_of(draft.id)] == ["自分の手順"]
    other = a_draft()
    a_sitting(queries.by_id(other.id))
    services.publish(other.id, **BY)
    steps = overview.checklist_of(other.id)
    assert steps
    assert all(step.due_on >= local_date(NOW) for step in steps)


def test_publishing_is_a_step_itself_and_is_done_with_it(app):
    draft = a_draft()
    a_sitting(queries.by_id(draft.id), starts_at=NOW + timedelta(days=60))
    services.publish(draft.id, **BY)
    assert by_key(draft.id)["publish"].done_at == NOW
    assert by_key(draft.id)["roster"].done_at is None


def test_a_copy_has_the_same_steps_and_none_is_done(app):
    event = an_event()
    a_sitting(event)
    preparing.begin(event.id, **BY)
    preparing.add(event.id, StepDraft(title="自分の手順", days=2, counting=Counting.WORKING_DAYS, note="補足"), **BY)
    preparing.tick(event.id, overview.checklist_of(event.id)[0].id, done=True, **BY)
    copy = services.copy_from_last_year(event.id, **BY)
    said = [(s.key, s.title, s.note, s.days, s.counting) for s in overview.checklist_of(event.id)]
    steps = overview.checklist_of(copy)
    assert [(s.key, s.title, s.note, s.days, s.counting) for s in steps] == said
    assert {s.done_at for s in steps} == {None}
    services.delete_draft(copy, **BY)


def test_what_presses_is_not_done_and_due_within_a_week_or_over_and_not_of_what_is_called_off(any_app):
    near, far, off = an_event(), an_event(), an_event(status=EventStatus.CANCELLED)
    for event, days in ((near, 10), (far, 200), (off, 10)):
        a_sitting(event, starts_at=NOW + timedelta(days=days))
        preparing.begin(event.id, **BY)
    preparing.tick(near.id, by_key(near.id)["plan"].id, done=True, **BY)
    found = pressing(overview.open_steps(SECTION, now=NOW), local_date(NOW))
    due = [s for s in overview.checklist_of(near.id) if s.due_on <= local_date(NOW) + timedelta(days=7)]
    assert found == [(due[1], len(due) - 2)]
    assert overview.open_steps(Scope(section="総務課"), now=NOW) == []
    assert pressing(overview.open_steps(SECTION, now=NOW + timedelta(days=101)), local_date(NOW)) == []
