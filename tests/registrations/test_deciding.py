"""Events whose organizer answers each application."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.delivery.models import OutboundMessage
from app.events.models import Sitting
from app.events.types import Admission, Audience
from app.infra.db import db
from app.registrations import deciding, queries, services, staffing
from app.registrations.errors import NotPending, NotSeated
from app.registrations.types import Status
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_lottery, a_member, a_sitting, an_event, apply_for

pytestmark = pytest.mark.usefixtures("any_app")


def a_sitting_by_approval(**changes) -> int:
    return a_sitting(an_event(admission=Admission.APPROVAL), **changes).id


def ask(sitting: int, **changes) -> int:
    return queries.by_token(apply_for(sitting, **changes).token, now=NOW).id


def state(registration_id: int) -> tuple[Status, int | None]:
    row = queries.by_id(registration_id)
    return row.status, row.position


def ledger(sitting: int) -> tuple[int, int]:
    """Seats taken, registrations that wait."""
    db.session.expire_all()
    row = db.session.get_one(Sitting, sitting)
    return row.seats_taken, row.waiting


def told() -> list[str]:
    kinds = db.session.scalars(sa.select(OutboundMessage.kind).order_by(OutboundMessage.id))
    return [kind.removeprefix("registration.") for kind in kinds]


def test_who_applies_waits_for_the_answer_without_a_seat():
    sitting = a_sitting_by_approval()
    assert (state(ask(sitting, companions=2)), ledger(sitting), told()) == ((Status.PENDING, None), (0, 0), ["pending"])


def test_who_is_approved_gets_a_seat_and_those_after_the_last_seat_wait_in_the_order_of_approval():
    sitting = a_sitting_by_approval(capacity=2)
    party, pair, other = ask(sitting, companions=1), ask(sitting, companions=1), ask(sitting)
    for one in (other, party, pair):
        deciding.approve(one, by=ORGANIZER, now=NOW)
    assert [state(one) for one in (other, party, pair)] == [
        (Status.CONFIRMED, None),
        (Status.WAITLISTED, 1),
        (Status.WAITLISTED, 2),
    ]
    assert (ledger(sitting), told()[3:]) == ((1, 2), ["approved", "queued", "queued"])
    services.cancel(other, now=NOW)
    assert [state(party)[0], state(pair)[0], ledger(sitting)] == [Status.CONFIRMED, Status.WAITLISTED, (2, 1)]
    assert doctor.examine(now=NOW) == []


def test_who_is_declined_reads_why_and_is_answered_once():
    one = ask(a_sitting_by_approval())
    deciding.decline(one, "対象の地区の方を優先したため", by=ORGANIZER, now=NOW)
    row = queries.by_id(one)
    assert (row.status, row.word, row.cancel_reason) == (Status.DECLINED, "不承認", "対象の地区の方を優先したため")
    with pytest.raises(NotPending):
        deciding.approve(one, by=ORGANIZER, now=NOW)
    assert doctor.examine(now=NOW) == []


def test_who_is_drawn_cannot_be_approved_by_hand():
    one = ask(a_lottery().id)
    with pytest.raises(NotPending):
        deciding.approve(one, by=ORGANIZER, now=NOW)


def test_staff_wait_for_the_answer_too_and_keep_their_sitting_meanwhile():
    event = an_event(admission=Admission.APPROVAL, audience=Audience.STAFF)
    sitting, other = a_sitting(event).id, a_sitting(event, starts_at=NOW + timedelta(days=11)).id
    member = a_member().id
    staffing.register_member(sitting, member, by=ORGANIZER, now=NOW)
    (held,) = queries.of_member(member)
    with pytest.raises(NotSeated):
        staffing.switch(held.id, other, by=ORGANIZER, now=NOW)
    assert (held.status, ledger(sitting), ledger(other)) == (Status.PENDING, (0, 0), (0, 0))


def test_whom_the_organizer_assigns_has_the_seat_at_once():
    event = an_event(admission=Admission.APPROVAL, audience=Audience.STAFF)
    sitting, member = a_sitting(event).id, a_member().id
    staffing.assign(event.id, [(member, sitting)], by=ORGANIZER, now=NOW)
    assert (queries.of_member(member)[0].status, ledger(sitting)) == (Status.CONFIRMED, (1, 0))
