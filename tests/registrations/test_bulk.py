"""A message to many: whom it goes to and how, tried first, sent once, and what its mails carry."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.delivery.errors import WrongPlaceholder
from app.delivery.models import OutboundMessage
from app.delivery.rendering import render
from app.delivery.types import State
from app.events import queries as events
from app.events.drafts import Upload
from app.events.models import Event
from app.events.types import EventStatus
from app.infra import clock
from app.infra.db import db
from app.infra.storage import storage
from app.questions.party import Answered
from app.questions.types import Kind
from app.registrations import bulk, letters, queries, recipients, services, writing
from app.registrations.errors import BulkChanged, BulkSent, GroupChanged, NobodyToWriteTo, NotTried, TooManyFiles
from app.registrations.models import BulkAttachment, BulkRecipient
from app.registrations.recipients import Came, Group, Reach
from app.registrations.types import Status
from app.registrations.writing import BulkDraft
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_question, a_sitting, an_event, apply_for

BY = {"by": ORGANIZER, "now": NOW}
PHONE = {"email": None, "phone": "+81864263107"}
AT_HOME = {**PHONE, "postcode": "7108565", "address": "倉敷市西中新田640"}
DRAFT = BulkDraft("{event}の駐車場について", "{name}様、駐車場は東側です。", Group())
PDF = Upload("", "地図 １.pdf", b"%PDF-1.7 map")


@pytest.fixture
def sitting(any_app):
    with clock.fixed(NOW):
        yield a_sitting(capacity=2)


def tried(event_id: int, draft: BulkDraft = DRAFT) -> int:
    """A draft whose test mail went out."""
    bulk_id = writing.begin(event_id, draft, **BY)
    writing.try_out(bulk_id, to_name="担当", to_email="tantou@city.example.jp", **BY)
    return bulk_id


def send(bulk_id: int, expected: int, *, version: int = 1) -> None:
    writing.send(bulk_id, version=version, expected=expected, **BY)


def told(bulk_id: int) -> list[tuple[str, State]]:
    message = OutboundMessage
    wanted = sa.select(message.to_name, message.state).join(BulkRecipient).order_by(message.id)
    return [tuple(row) for row in db.session.execute(wanted.where(BulkRecipient.bulk_message_id == bulk_id))]


def test_each_of_the_group_is_told_in_their_own_way_and_pressing_twice_sends_once(sitting):
    for name, contact in (("甲", {}), ("乙", AT_HOME), ("丙", PHONE)):
        apply_for(sitting, name=name, **contact)
    event = events.by_id(sitting.event_id)
    everybody = Group((Status.CONFIRMED, Status.WAITLISTED))
    assert recipients.reach(event, everybody, now=NOW) == Reach(1, 1, 1)
    bulk_id = tried(event.id, replace(DRAFT, group=everybody))
    for _twice in range(2):
        send(bulk_id, 3)
    assert told(bulk_id) == [("甲", State.PENDING), ("乙", State.LETTER), ("丙", State.CALL)]
    row = bulk.one(bulk_id)
    assert (row.people, row.sent_by, row.states[State.LETTER]) == (3, ORGANIZER.label, 1)
    assert doctor.examine(now=NOW) == []


def test_two_organizers_who_press_at_once_send_once(sitting, any_app):
    for _each in range(2):
        apply_for(sitting)
    bulk_id = tried(sitting.event_id)

    def press() -> None:
        with any_app.app_context():
            send(bulk_id, 2)

    with ThreadPoolExecutor(2) as both:
        for pressed in [both.submit(press) for _each in range(2)]:
            pressed.result()
    assert len(told(bulk_id)) == 2


def test_a_group_is_chosen_by_status_sitting_and_attendance(sitting):
    other = a_sitting(db.session.get(Event, sitting.event_id), label="午後の部")
    for name in ("甲", "乙", "丙"):
        apply_for(sitting, name=name)
    apply_for(other, name="丁")
    event = events.by_id(sitting.event_id)

    def people(*statuses, **choice) -> int:
        return recipients.reach(event, Group(statuses, **choice), now=NOW).people

    assert people(Status.CONFIRMED) == 3
    assert people(Status.WAITLISTED) == 1
    assert people(Status.CONFIRMED, sittings=(other.id,)) == 1
    db.session.execute(sa.text("UPDATE registration SET attended = true WHERE name = '甲'"))
    assert people(Status.CONFIRMED, came=Came.PRESENT) == 1
    assert people(Status.CONFIRMED, came=Came.ABSENT, sittings=(sitting.id,)) == 1
    db.session.rollback()


def test_a_group_is_chosen_by_what_they_or_a_companion_answered(sitting):
    a_question(sitting.event_id, Kind.SINGLE, "年代", key="age", options=("30代", "40代"), per_person=True)
    a_question(sitting.event_id, Kind.MULTIPLE, "必要なもの", key="need", options=("昼食", "駐車場"))
    a_question(sitting.event_id, Kind.YES_NO, "初めて", key="first")
    sitting_id, event_id = a_sitting(db.session.get(Event, sitting.event_id)).id, sitting.event_id
    for people in (
        ({"age": "age1", "need": ["need1", "need2"], "first": True},),
        ({"age": "age1", "need": ["need2"]}, {"age": "age2"}),
        ({"age": "age2", "first": False},),
        ({},),
    ):
        apply_for(sitting_id, companions=len(people) - 1, answered=Answered(people, ("age", "need", "first")))
    event = events.by_id(event_id)
    named = {words: name for name, words in recipients.answers_of(event.asked).items()}

    def people_who_said(*words: str) -> int:
        chosen = Group(answers=tuple(named[one] for one in words))
        assert Group.read(chosen.stored()) == chosen
        return recipients.reach(event, chosen, now=NOW).people

    assert people_who_said("年代：30代") == 2
    assert people_who_said("年代：40代") == 2
    assert people_who_said("年代：30代", "年代：40代") == 3
    assert people_who_said("必要なもの：駐車場", "初めて：はい") == 1
    assert people_who_said("初めて：いいえ") == 1
    assert Group(answers=(named["年代：30代"],)).text(event) == "確定、年代：30代"


def test_nothing_is_sent_untried_changed_meanwhile_or_to_another_number_of_people(sitting):
    apply_for(sitting)
    bulk_id = writing.begin(sitting.event_id, DRAFT, **BY)
    with pytest.raises(NotTried):
        send(bulk_id, 1)
    writing.try_out(bulk_id, to_name="担当", to_email="tantou@city.example.jp", **BY)
    apply_for(sitting)
    with pytest.raises(GroupChanged):
        send(bulk_id, 1)
    writing.rewrite(bulk_id, replace(DRAFT, body="別の文"), version=1, **BY)
    with pytest.raises(BulkChanged):
        send(bulk_id, 2)
    with pytest.raises(NotTried):
        send(bulk_id, 2, version=2)
    writing.rewrite(bulk_id, replace(DRAFT, group=Group((Status.CANCELLED,))), version=2, **BY)
    writing.try_out(bulk_id, to_name="担当", to_email="tantou@city.example.jp", **BY)
    with pytest.raises(NobodyToWriteTo):
        send(bulk_id, 0, version=3)
    assert told(bulk_id) == []


def test_what_was_sent_stays_as_it_is_and_a_draft_goes_with_its_files(sitting):
    apply_for(sitting)
    kept, gone = tried(sitting.event_id), tried(sitting.event_id)
    send(kept, 1)
    for change in (
        lambda: writing.rewrite(kept, DRAFT, version=1, **BY),
        lambda: writing.attach(kept, PDF, **BY),
        lambda: writing.discard(kept, **BY),
    ):
        with pytest.raises(BulkSent):
            change()
    writing.attach(gone, PDF, **BY)
    key = db.session.scalars(sa.select(BulkAttachment.file_key)).one()
    writing.discard(gone, **BY)
    assert not storage.has(key)
    assert [row.id for row in bulk.listing(sitting.event_id).rows] == [kept]


def test_a_mail_carries_text_and_files_and_names_nobody_else(sitting):
    apply_for(sitting, name="{url} {{7*7}}")
    bulk_id = writing.begin(sitting.event_id, DRAFT, **BY)
    writing.attach(bulk_id, PDF, **BY)
    assert bulk.one(bulk_id).tested_at is None
    writing.try_out(bulk_id, to_name="担当", to_email="tantou@city.example.jp", **BY)
    send(bulk_id, 1, version=2)
    rows = sa.select(OutboundMessage.kind, OutboundMessage.payload).order_by(OutboundMessage.id.desc()).limit(2)
    one, test = (render(*row) for row in db.session.execute(rows).all())
    assert "{url} {{7*7}}様、駐車場は東側です。" in one.text
    assert "/r/mihon/" in test.text
    assert "見本　花子様、駐車場は東側です。" in test.text
    for mail in (one, test):
        assert [(file.file_name, file.content) for file in mail.attachments] == [("地図 １.pdf", PDF.content)]
    assert "/r/mihon/" not in one.text


def test_letters_and_calls_say_it_too_and_name_the_files(sitting):
    for contact in (AT_HOME, PHONE):
        apply_for(sitting, name="乙", **contact)
    bulk_id = writing.begin(sitting.event_id, DRAFT, **BY)
    writing.attach(bulk_id, PDF, **BY)
    writing.try_out(bulk_id, to_name="担当", to_email="tantou@city.example.jp", **BY)
    send(bulk_id, 2, version=2)
    event = events.by_id(sitting.event_id)
    (call,) = letters.calls(event, now=NOW)[0]
    assert call.words[0] == "乙様、駐車場は東側です。"
    assert "「地図 １.pdf」" in call.words[-1]
    letter = next(one for one in letters.waiting(event.id, now=NOW) if one.message.kind == writing.KIND)
    assert letter.wanted


def test_after_the_sitting_those_who_cancelled_or_came_can_still_be_written_to(sitting):
    gone = queries.by_token(apply_for(sitting, **AT_HOME).token, now=NOW)
    services.cancel(gone.id, **BY)
    later = NOW + timedelta(days=20)
    event = events.by_id(sitting.event_id)
    group = Group((Status.CANCELLED,))
    assert recipients.reach(event, group, now=later) == Reach(by_post=1)
    bulk_id = tried(event.id, replace(DRAFT, group=group))
    writing.send(bulk_id, version=1, expected=1, by=ORGANIZER, now=later)
    waiting = letters.waiting(event.id, now=later)
    assert [one.wanted for one in waiting if one.message.kind == writing.KIND] == [True]


def test_wrong_placeholders_drafts_of_events_and_heavy_files_are_refused(sitting):
    with pytest.raises(WrongPlaceholder):
        writing.begin(sitting.event_id, replace(DRAFT, body="{event.__class__}"), **BY)
    with pytest.raises(NobodyToWriteTo):
        writing.begin(an_event(status=EventStatus.DRAFT).id, DRAFT, **BY)
    bulk_id = writing.begin(sitting.event_id, DRAFT, **BY)
    heavy = replace(PDF, content=PDF.content + b"x" * bulk.LARGEST_FILES)
    with pytest.raises(TooManyFiles):
        writing.attach(bulk_id, heavy, **BY)
    for _each in range(bulk.MOST_FILES):
        writing.attach(bulk_id, PDF, **BY)
    with pytest.raises(TooManyFiles):
        writing.attach(bulk_id, PDF, **BY)
    assert len(bulk.one(bulk_id).files) == bulk.MOST_FILES
