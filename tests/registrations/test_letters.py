"""People without e-mail: who is written to, who is called, and what becomes of a letter that waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.delivery.errors import BatchPosted, NothingToPrint
from app.delivery.models import OutboundMessage
from app.delivery.types import State
from app.events import queries as events
from app.infra import clock
from app.infra.db import db
from app.registrations import letters, posting, queries, services
from app.registrations.correspondence import threads_of
from app.registrations.renderings import TITLES, on_paper
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_sitting, apply_for

pytestmark = pytest.mark.usefixtures("any_app")

PHONE = {"email": None, "phone": "+81864263107"}
AT_HOME = {**PHONE, "postcode": "7108565", "address": "倉敷市西中新田640"}
BY = {"by": ORGANIZER, "now": NOW}
CONFIRMED = "registration.confirmed"


def states(event_id: int) -> list[State]:
    db.session.rollback()
    wanted = sa.select(OutboundMessage.state).order_by(OutboundMessage.id)
    return list(db.session.scalars(wanted.where(OutboundMessage.thread.in_(threads_of(event_id)))))


def registered(sitting, **changes):
    return queries.by_token(apply_for(sitting, **changes).token, now=NOW)


def test_a_mail_a_letter_or_a_call_and_never_two_of_them():
    sitting = a_sitting()
    event_id = sitting.event_id
    for person in ({}, AT_HOME, PHONE):
        apply_for(sitting, **person)
    assert states(event_id) == [State.PENDING, State.LETTER, State.CALL]
    for wrong in ("state = 'call'", "to_email = NULL", "state = 'posted'"):
        with pytest.raises(sa.exc.IntegrityError):
            db.session.execute(sa.text(f"UPDATE outbound_message SET {wrong} WHERE to_email IS NOT NULL"))
        db.session.rollback()


def test_where_a_letter_would_come_too_late_somebody_is_called():
    # Monday; the post needs until Friday.
    near, far = (a_sitting(starts_at=NOW + timedelta(days=days)) for days in (4, 5))
    near_id, far_id = near.event_id, far.event_id
    for sitting in (near, far):
        apply_for(sitting, **AT_HOME)
    assert (states(near_id), states(far_id)) == ([State.CALL], [State.LETTER])


def test_what_was_overtaken_is_neither_printed_nor_posted():
    sitting = a_sitting()
    event_id = sitting.event_id
    early, late, stays = (registered(sitting, **AT_HOME) for _ in range(3))
    services.cancel(early.id, **BY)
    with clock.fixed(NOW):
        batch = posting.make_batch(event_id, [CONFIRMED], **BY)
        assert len(letters.sheets(batch, now=NOW)) == 2
        services.cancel(late.id, **BY)
        assert [sheet.number for sheet in letters.sheets(batch, now=NOW)] == [stays.reference_text]
    for _twice in range(2):
        posting.post_batch(batch, **BY)
    assert states(event_id)[:3] == [State.WITHDRAWN, State.WITHDRAWN, State.POSTED]
    # The cancellations themselves are letters, too.
    assert states(event_id)[3:] == [State.LETTER, State.LETTER]
    assert doctor.examine(now=NOW) == []


def test_posting_is_taken_back_and_a_batch_is_let_go():
    sitting = a_sitting()
    event_id = sitting.event_id
    apply_for(sitting, **AT_HOME)
    batch = posting.make_batch(event_id, [CONFIRMED], **BY)
    with pytest.raises(NothingToPrint):
        posting.make_batch(event_id, [CONFIRMED], **BY)
    posting.post_batch(batch, **BY)
    with pytest.raises(BatchPosted):
        posting.break_up(batch, **BY)
    posting.take_back(batch, **BY)
    assert letters.batches(event_id)[0].posted_at is None
    posting.break_up(batch, **BY)
    assert letters.batches(event_id) == []
    assert len(letters.waiting(event_id, now=NOW)) == 1
    assert states(event_id) == [State.LETTER]


def test_who_takes_the_address_back_is_called():
    sitting = a_sitting()
    event_id = sitting.event_id
    person = registered(sitting, **AT_HOME)
    posting.make_batch(event_id, [CONFIRMED], **BY)
    without = replace(person.details, postcode="", address="")
    services.change_details(person.id, without, version=person.version, **BY)
    assert states(event_id) == [State.CALL, State.CALL]
    assert doctor.examine(now=NOW) == []


def test_one_call_tells_a_person_everything_in_the_newest_words():
    sitting = a_sitting(capacity=1)
    event_id = sitting.event_id
    first, second = (registered(sitting, **PHONE) for _ in range(2))
    services.cancel(first.id, **BY)
    with clock.fixed(NOW):
        calls, overtaken = letters.calls(events.by_id(event_id), now=NOW)
    by_person = {call.person.id: call for call in calls}
    assert by_person[second.id].titles == ("繰上げ確定のお知らせ",)
    assert "参加が確定しました" in "".join(by_person[second.id].words)
    assert by_person[first.id].titles == ("取消受付のお知らせ",)
    assert len(overtaken) == 2  # confirmed for the one, waiting for the other


def test_no_letter_speaks_of_a_mail():
    """Neither greeting, facts nor link of the mail stand in the sentences: a letter has its own."""
    sitting = a_sitting()
    person = registered(sitting, **AT_HOME)
    event = events.by_id(sitting.event_id)
    payload = {"registration": person.id, "held_a_seat": True, "sequence": 0, "fields": ["name"], "words": ["会場"]}
    payload |= {"until": NOW.isoformat(), "deadline": NOW.isoformat(), "seats": 1}
    # The rest goes to staff, or to an address that was replaced.
    for kind in sorted(k for k in TITLES if not k.startswith(("address_changed", "swap_", "substitute_"))):
        text = "".join(on_paper(f"registration.{kind}", payload, person, event))
        assert text
        assert [word for word in ("メール", person.reference_text, "/r/", person.details.name) if word in text] == []
