"""Seats that are offered: held until they are answered, passed on afterwards, telephoned about in the last hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.delivery.types import State
from app.events import queries as events
from app.events.choices import LargeParties, WaitingMode
from app.events.copying import basics
from app.infra.db import db
from app.kernel.japanese_dates import stamp_text
from app.kernel.types import RESIDENT
from app.registrations import calling, meetings, offers, party, queries, services, waiting_line
from app.registrations.answer_by import answer_by, last_moment
from app.registrations.errors import NotToCall, OfferOver
from app.registrations.models import SeatOffer
from app.registrations.types import CallOutcome, Member, Place, RegistrationRow, Status
from app.stewardship import doctor
from app.worker import pass_on_offers
from tests.factories import NOW, ORGANIZER, a_sitting, an_event, apply_for

pytestmark = pytest.mark.usefixtures("any_app")
UNTIL = answer_by(NOW, NOW + timedelta(days=10))
HOUR = timedelta(hours=1)


def an_offering_sitting(large: LargeParties = LargeParties.SKIP, **changes):
    return a_sitting(an_event(waiting_mode=WaitingMode.OFFER, large_parties=large), **changes)


def row(place: Place) -> RegistrationRow:
    return queries.by_token(place.token, now=NOW)


def statuses(*places: Place) -> list[Status]:
    return [row(place).status for place in places]


def cancel(place: Place, now=NOW) -> None:
    services.cancel(row(place).id, by=ORGANIZER, now=now)


def told(place: Place) -> list[str]:
    kinds = sa.select(OutboundMessage.kind).filter_by(thread=f"registration:{row(place).id}")
    return [kind.removeprefix("registration.") for kind in db.session.scalars(kinds.order_by(OutboundMessage.id))]


def mail_of(place: Place, kind: str):
    chosen = sa.select(OutboundMessage.payload).filter_by(
        thread=f"registration:{row(place).id}", kind=f"registration.{kind}"
    )
    return rendering.render(f"registration.{kind}", db.session.scalars(chosen).one())


def test_a_freed_seat_is_held_for_the_next_in_line_until_they_answer():
    sitting = an_offering_sitting(capacity=1)
    held, first, second = (apply_for(sitting) for _ in range(3))
    cancel(held)
    newcomer = apply_for(sitting)
    assert statuses(first, second, newcomer) == [Status.OFFERED, Status.WAITLISTED, Status.WAITLISTED]
    assert row(second).position == 1
    text = mail_of(first, "offered").text
    assert stamp_text(UNTIL) in text
    assert f"/r/{first.token}/" in text
    offers.accept(row(first).id, now=NOW + HOUR)
    assert statuses(first, second) == [Status.CONFIRMED, Status.WAITLISTED]
    assert mail_of(first, "accepted").calendar is not None
    assert told(first) == ["waitlisted", "offered", "accepted"]
    assert doctor.examine(now=NOW + HOUR) == []


def test_a_declined_offer_goes_to_the_next_in_the_same_moment_and_twice_is_once():
    sitting = an_offering_sitting(capacity=1)
    held, first, second = (apply_for(sitting) for _ in range(3))
    cancel(held)
    for _ in range(2):
        offers.decline(row(first).id, now=NOW)
    assert statuses(first, second) == [Status.CANCELLED, Status.OFFERED]
    assert told(first) == ["waitlisted", "offered", "offer_declined"]
    with pytest.raises(OfferOver):
        offers.accept(row(first).id, now=NOW)


def test_an_offer_that_is_not_answered_passes_on_and_says_how_to_apply_again():
    sitting = an_offering_sitting(capacity=1)
    held, first, second = (apply_for(sitting) for _ in range(3))
    cancel(held)
    with pytest.raises(OfferOver, match="期限"):
        offers.accept(row(first).id, now=UNTIL)
    assert offers.due(now=UNTIL - HOUR) == []
    pass_on_offers(UNTIL)
    pass_on_offers(UNTIL)
    assert statuses(first, second) == [Status.CANCELLED, Status.OFFERED]
    mail = mail_of(first, "offer_expired")
    assert "もう一度お申し込みください" in mail.text
    assert mail.calendar is None
    assert db.session.scalar(sa.select(SeatOffer.answer_by).order_by(SeatOffer.id.desc()).limit(1)) == answer_by(
        UNTIL, sitting.starts_at
    )


def test_a_large_party_is_offered_what_is_free_and_accepting_makes_it_smaller():
    sitting = an_offering_sitting(LargeParties.PARTIAL, capacity=3)
    held, other = apply_for(sitting, companions=1), apply_for(sitting)
    family, single = apply_for(sitting, companions=2), apply_for(sitting)
    cancel(held)
    assert statuses(other, family, single) == [Status.CONFIRMED, Status.OFFERED, Status.WAITLISTED]
    assert "人数は2人になります" in mail_of(family, "offered").text
    offers.accept(row(family).id, now=NOW)
    assert (row(family).details.seats, row(single).status) == (2, Status.WAITLISTED)
    assert doctor.examine(now=NOW) == []


def test_who_was_named_last_is_left_out_where_fewer_seats_are_accepted():
    sitting = an_offering_sitting(LargeParties.PARTIAL, capacity=3)
    held, _other = apply_for(sitting, companions=1), apply_for(sitting)
    family = apply_for(sitting, companions=2, party=(Member("倉敷　太郎"), Member("児島　さくら")))
    cancel(held)
    offers.accept(row(family).id, now=NOW)
    assert party.of_registration(row(family).id) == (Member("倉敷　太郎"),)
    assert doctor.examine(now=NOW) == []


def test_a_companion_who_gives_up_while_seats_are_offered_frees_theirs_for_the_next_in_line():
    sitting = an_offering_sitting(capacity=2)
    held = apply_for(sitting, companions=1)
    family, single = apply_for(sitting, companions=1, party=(Member("倉敷　太郎"),)), apply_for(sitting)
    cancel(held)
    assert statuses(family, single) == [Status.OFFERED, Status.WAITLISTED]
    [taro] = party.rows_of(row(family).id)
    party.leave(taro.token, by=RESIDENT, now=NOW)
    assert statuses(family, single) == [Status.OFFERED, Status.OFFERED]
    assert doctor.examine(now=NOW) == []


def test_where_the_first_in_line_blocks_nobody_behind_them_is_served():
    sitting = an_offering_sitting(LargeParties.WAIT, capacity=3)
    held, _other = apply_for(sitting), apply_for(sitting, companions=1)
    family, single = apply_for(sitting, companions=1), apply_for(sitting)
    cancel(held)
    assert statuses(family, single, apply_for(sitting)) == [Status.WAITLISTED] * 3
    why = waiting_line.reasons([sitting.id], now=NOW)
    assert why[row(family).id] == "空いている席は1席で、2人分に足りません。"
    assert "席がそろうまで" in why[row(single).id]


def test_a_sitting_that_comes_nearer_shortens_the_time_or_sends_the_holder_back_to_the_line():
    sitting = an_offering_sitting(capacity=1)
    held, first = apply_for(sitting), apply_for(sitting)
    cancel(held)

    def moves(starts_at):
        meetings.reschedule(
            sitting.id,
            starts_at=starts_at,
            ends_at=starts_at + HOUR,
            venue_id=None,
            notify=False,
            by=ORGANIZER,
            now=NOW,
        )

    moves(NOW + timedelta(days=2))
    assert waiting_line.offer_of(row(first).id).answer_by <= last_moment(NOW + timedelta(days=2))
    moves(NOW + timedelta(hours=5))
    assert (row(first).status, row(first).position) == (Status.WAITLISTED, 1)
    assert told(first) == ["waitlisted", "offered", "offered", "offer_withdrawn"]
    assert doctor.examine(now=NOW) == []


def test_in_the_last_hours_seats_are_kept_for_the_telephone_and_given_in_order():
    sitting = an_offering_sitting(capacity=1)
    late = sitting.starts_at - timedelta(hours=4)
    held, first, second = (apply_for(sitting) for _ in range(3))
    cancel(held, late)
    newcomer = apply_for(sitting)
    assert statuses(first, second, newcomer) == [Status.WAITLISTED] * 3
    ids = [row(one).id for one in (first, second, newcomer)]
    with pytest.raises(NotToCall):
        calling.says_yes(ids[1], by=ORGANIZER, now=late)
    calling.is_not_reached(ids[0], by=ORGANIZER, now=late)
    assert [one.seats for one in waiting_line.phone_list(sitting.id, now=late).waiting] == [1, 1, 0]
    for _ in range(2):
        calling.says_yes(ids[1], by=ORGANIZER, now=late)
    found = waiting_line.phone_list(sitting.id, now=late)
    assert [one.person.id for one in found.waiting] == [ids[0], ids[2]]
    assert [call.outcome for one in found.settled for call in one.calls] == [CallOutcome.ACCEPTED]
    assert [one.action for one in queries.history(ids[0])][-1] == "registration.passed"
    assert doctor.examine(now=late) == []


def test_nobody_gets_a_seat_by_telephone_before_the_last_hours_or_after_the_start():
    sitting = an_offering_sitting(capacity=1)
    held, first = apply_for(sitting), apply_for(sitting)
    cancel(held, sitting.starts_at)
    for now in (NOW, sitting.starts_at):
        with pytest.raises(NotToCall):
            calling.says_yes(row(first).id, by=ORGANIZER, now=now)
    assert "開始時刻を過ぎた" in waiting_line.reasons([sitting.id], now=sitting.starts_at)[row(first).id]


def test_who_has_no_mail_is_called_about_an_offer_and_the_answer_settles_the_call():
    sitting = an_offering_sitting(capacity=1)
    held = apply_for(sitting)
    caller = apply_for(sitting, email=None, phone="+81864263107", postcode="7108565", address="倉敷市西中新田640")
    cancel(held)
    states = sa.select(OutboundMessage.state).filter_by(thread=f"registration:{row(caller).id}")
    offered = states.where(OutboundMessage.kind == "registration.offered")
    assert db.session.scalar(offered) is State.CALL
    assert [one.person.id for one in waiting_line.phone_list(sitting.id, now=NOW).offered] == [row(caller).id]
    calling.is_not_reached(row(caller).id, by=ORGANIZER, now=NOW)
    calling.says_yes(row(caller).id, by=ORGANIZER, now=NOW + HOUR)
    assert row(caller).status is Status.CONFIRMED
    assert db.session.scalar(offered) is State.CALLED
    assert doctor.examine(now=NOW + HOUR) == []


def test_another_rule_serves_whom_it_suits_at_once():
    event = an_event(large_parties=LargeParties.WAIT)
    sitting = a_sitting(event, capacity=2)
    _held, family, single = apply_for(sitting), apply_for(sitting, companions=1), apply_for(sitting)
    shown = events.by_id(event.id)
    same = basics(shown, series_id=event.series_id, year=shown.fiscal_year, shift=timedelta(0))
    skipping = replace(same, slug=shown.slug, large_parties=LargeParties.SKIP)
    meetings.edit(event.id, skipping, revision=shown.revision, notify=False, by=ORGANIZER, now=NOW)
    assert statuses(family, single) == [Status.WAITLISTED, Status.CONFIRMED]
