"""What calendars answer: noted, asked about, or obeyed; and never believed for somebody else."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.events import queries as events
from app.inbox import queries as inbox
from app.inbox import reading, services
from app.inbox.models import TakenMail
from app.inbox.rules import reply_of
from app.inbox.types import Outcome
from app.infra import logs
from app.infra.db import db
from app.registrations import meetings, queries, renderings
from app.registrations.types import Answer, Status
from tests.factories import NOW, ORGANIZER, apply_for
from tests.inbox.conftest import Guest
from tests.inbox.letters import INVITED, Said, apple, google, letter, outlook

SOON = NOW + timedelta(days=2)


@pytest.fixture
def app(any_app):
    """Both databases, in all tests of this file."""
    return any_app


def take(raw: bytes, now=SOON) -> Outcome:
    return services.take(raw, now=now).outcome


def mails() -> list[str]:
    kinds = db.session.scalars(sa.select(OutboundMessage.kind).order_by(OutboundMessage.id))
    return [kind.removeprefix("registration.") for kind in kinds]


PROGRAMS = [google, outlook, apple]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_each_calendars_answer_is_read(program, partstat):
    said = Said("abcdefghijklmnop-1@tsudoi.example.jp", partstat, sequence=3)
    mail = reading.read(program(said))
    reply = reply_of(mail, mail.scheduling, host="tsudoi.example.jp")
    assert reply.answer is Answer(partstat.lower())
    assert (reply.public_id, reply.sender, reply.sequence) == ("abcdefghijklmnop", INVITED, 3)
    assert (reply.stamp_at, reply.automatic) == (datetime(2026, 6, 2, tzinfo=UTC), False)


def test_an_answer_is_noted_and_becomes_part_of_the_story(guest):
    assert take(google(guest.said.but(partstat="TENTATIVE"))) is Outcome.TENTATIVE
    assert guest.answer is Answer.TENTATIVE
    assert take(apple(guest.said.but(stamp="20260602T000100Z"))) is Outcome.ACCEPTED
    assert guest.answer is Answer.ACCEPTED
    assert guest.row.status is Status.CONFIRMED
    assert mails() == ["confirmed"]
    assert [one.action for one in queries.history(guest.row.id)][1:] == [
        "registration.reply_tentative",
        "registration.reply_accepted",
    ]


def test_who_declines_is_asked_once_and_keeps_the_place_until_they_say_so(guest):
    assert take(outlook(guest.said.but(partstat="DECLINED"))) is Outcome.ASKED
    assert guest.row.status is Status.CONFIRMED
    assert take(google(guest.said.but(partstat="DECLINED", stamp="20260602T000500Z"))) is Outcome.AGAIN
    assert mails() == ["confirmed", "reply_declined"]
    payload = db.session.scalars(sa.select(OutboundMessage.payload).order_by(OutboundMessage.id.desc())).first()
    asked = rendering.render("registration.reply_declined", payload)
    assert f"/r/{guest.token}/cancel/" in asked.text
    assert asked.calendar is None
    event = events.one(guest.row.event_slug)
    said = renderings.on_paper("registration.reply_declined", payload, guest.row, event)
    assert any("問合せ先" in line for line in said)
    assert not any("/r/" in line for line in said)


def test_where_the_organizer_chose_so_declining_gives_the_place_up_at_once(hasty_guest):
    next_one = apply_for(hasty_guest.sitting)
    assert take(outlook(hasty_guest.said.but(partstat="DECLINED"))) is Outcome.CANCELLED
    assert hasty_guest.row.status is Status.CANCELLED
    assert queries.by_token(next_one.token, now=NOW).status is Status.CONFIRMED
    assert take(outlook(hasty_guest.said.but(partstat="ACCEPTED", sequence=1))) is Outcome.TOO_LATE
    assert hasty_guest.row.status is Status.CANCELLED


def test_who_waits_gives_up_the_place_in_the_queue_the_same_way(hasty_guest):
    waiting = Guest(hasty_guest.sitting, email="waiting@example.jp")
    said = waiting.said.but(partstat="DECLINED", sender="waiting@example.jp", attendee="mailto:waiting@example.jp")
    assert take(google(said)) is Outcome.CANCELLED
    assert waiting.row.status is Status.CANCELLED
    assert hasty_guest.row.status is Status.CONFIRMED


def test_a_stranger_changes_nothing(hasty_guest):
    strangers = [
        ("mallory@example.com", f"mailto:{INVITED}"),
        ("mallory@example.com", "mailto:mallory@example.com"),
        ("mallory@example.com", "invalid:nomail"),
        (INVITED, "mailto:mallory@example.com"),
        (f"mallory@example.com, {INVITED}", f"mailto:{INVITED}"),
        ("", f"mailto:{INVITED}"),
    ]
    for sender, attendee in strangers:
        said = hasty_guest.said.but(partstat="DECLINED", sender=sender, attendee=attendee)
        assert take(apple(said)) is Outcome.STRANGER, (sender, attendee)
    assert hasty_guest.row.status is Status.CONFIRMED
    assert mails() == ["confirmed"]


def test_letter_case_and_a_calendar_that_names_nobody_do_no_harm(guest):
    shouted = guest.said.but(sender="Hanako@EXAMPLE.jp", attendee="MAILTO:HANAKO@example.jp")
    assert take(apple(shouted)) is Outcome.ACCEPTED
    nameless = guest.said.but(attendee="invalid:nomail", partstat="DECLINED", stamp="20260602T000100Z")
    assert take(apple(nameless)) is Outcome.ASKED


def test_an_answer_to_an_earlier_invitation_or_older_than_the_last_is_passed_over(guest):
    assert take(google(guest.said.but(partstat="ACCEPTED", stamp="20260602T000500Z"))) is Outcome.ACCEPTED
    assert take(google(guest.said.but(partstat="DECLINED", stamp="20260602T000400Z"))) is Outcome.OUTDATED
    starts_at = guest.row.starts_at + timedelta(days=1)
    meetings.reschedule(
        guest.sitting.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        venue_id=guest.sitting.venue_id,
        notify=False,
        by=ORGANIZER,
        now=SOON,
    )
    late = guest.said.but(partstat="DECLINED", stamp="20260602T000900Z")
    assert take(google(late)) is Outcome.OUTDATED
    assert guest.answer is Answer.ACCEPTED
    assert take(google(late.but(sequence=1))) is Outcome.ASKED


def test_a_calendar_whose_clock_runs_ahead_is_heard_again_later(guest):
    assert take(google(guest.said.but(stamp="20991231T000000Z"))) is Outcome.ACCEPTED
    later = guest.said.but(partstat="DECLINED", stamp="20260603T010000Z")
    assert take(google(later), SOON + timedelta(days=1)) is Outcome.ASKED


def test_an_answer_to_nothing_of_ours_changes_nothing(guest):
    for uid in ("abc-1@elsewhere.example", "AAAAAAAAAAAAAAAA-1@127.0.0.1", "040000008200E00074C5", ""):
        assert take(outlook(guest.said.but(uid=uid, partstat="DECLINED"))) is Outcome.UNKNOWN, uid
    assert guest.answer is None


def test_another_time_and_somebody_else_are_declined_politely_and_once(guest):
    assert take(outlook(guest.said.but(method="COUNTER", partstat="TENTATIVE"))) is Outcome.EXPLAINED
    delegated = guest.said.but(partstat="DELEGATED", more=';DELEGATED-TO="mailto:other@example.jp"')
    assert take(google(delegated)) is Outcome.EXPLAINED
    assert mails() == ["confirmed", "reply_unsupported"]
    assert (guest.row.status, guest.answer) == (Status.CONFIRMED, None)
    assert take(outlook(guest.said.but(method="COUNTER", sender="x@example.com"))) is Outcome.STRANGER


def test_nobody_is_written_to_because_of_an_automatic_mail(hasty_guest):
    said = hasty_guest.said.but(partstat="DECLINED")
    automatic = outlook(said).replace(b"Auto-Submitted: no", b"Auto-Submitted: auto-replied")
    assert take(automatic) is Outcome.NOTED
    counter = outlook(said.but(method="COUNTER")).replace(b"Return-Path: <hanako@example.jp>", b"Return-Path: <>")
    assert take(counter) is Outcome.UNEXPLAINED
    assert take(letter("不在です。", "Auto-Submitted: auto-replied (vacation)")) is Outcome.AUTOMATIC
    assert take(letter("休みです。", "Precedence: bulk")) is Outcome.AUTOMATIC
    assert hasty_guest.row.status is Status.CONFIRMED
    assert mails() == ["confirmed"]


def test_after_the_beginning_and_after_the_end_nothing_changes(hasty_guest):
    assert take(google(hasty_guest.said.but(partstat="DECLINED")), hasty_guest.row.starts_at) is Outcome.TOO_LATE
    assert hasty_guest.row.status is Status.CONFIRMED


def test_a_mail_is_taken_once_whichever_way_it_comes(hasty_guest):
    raw = google(hasty_guest.said.but(partstat="DECLINED"))
    otherwise = b"Received: from a by b\r\n" + raw.replace(b"\r\n", b"\n")
    assert [take(raw), take(raw), take(otherwise)] == [Outcome.CANCELLED, Outcome.REPEATED, Outcome.REPEATED]
    assert inbox.counts() == {Outcome.CANCELLED: 1}
    assert db.session.scalar(sa.select(sa.func.count(TakenMail.id))) == 1


def test_a_person_who_writes_is_left_to_people(guest):
    assert take(letter()) is Outcome.LETTER
    assert Outcome.LETTER.for_people


def test_each_mail_leaves_one_line_without_anybody_in_it(guest, capsys):
    before = logging.getLogger().handlers[:]
    logs.setup()
    try:
        take(google(guest.said.but(partstat="DECLINED")))
    finally:
        logging.getLogger().handlers[:] = before
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(one["event"], one["outcome"], one["registration"]) for one in lines] == [
        ("mail taken in", "asked", guest.row.id)
    ]
    assert "hanako" not in json.dumps(lines)
    assert guest.said.uid not in json.dumps(lines)
