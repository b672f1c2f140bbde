"""A colleague of the section comes instead: the roster says so, each requirement says what it is worth."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.attendance import lists
from app.attendance import queries as attendance
from app.attendance.types import Order, Presence
from app.compliance import queries
from app.compliance.types import Standing, SubstituteRule
from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.delivery.types import Method
from app.infra.db import db
from app.registrations import meetings, services, staffing, substituting
from app.registrations import queries as registrations
from app.registrations.errors import AlreadyAttended, NotASubstitute, TooLateToChange, TwoAtOnce
from app.stewardship import doctor
from tests.compliance import city
from tests.factories import NOW, ORGANIZER

pytestmark = pytest.mark.usefixtures("any_app")
BY = {"by": ORGANIZER, "now": NOW}
JULY = date(2026, 7, 1)


class Hall:
    """Two sections, an officer with a place in the morning, a colleague beside them and one elsewhere."""

    def __init__(self, rule: SubstituteRule = SubstituteRule.COUNTS) -> None:
        self.sections, promoters, _coordinators = city.build(2)
        self.officer, self.other = promoters
        self.event_id, (self.morning, self.afternoon) = city.training()
        self.requirement = city.required(self.event_id, substitutes=rule)
        city.assign(self.event_id, self.morning, [self.officer])
        self.colleague = city.colleague(self.sections[0], "S1")
        self.place = registrations.of_member(self.officer)[0].id

    def standing(self) -> tuple[Standing, bool]:
        db.session.expire_all()
        board = queries.board(self.requirement, today=JULY)
        return next((line.standing, line.done) for line in board.lines if line.person.id == self.officer)


@pytest.mark.parametrize(
    ("rule", "came", "said"),
    [
        (SubstituteRule.COUNTS, Presence.PRESENT, (Standing.SUBSTITUTED, True)),
        (SubstituteRule.SECTION_ONLY, Presence.PRESENT, (Standing.SUBSTITUTED, False)),
        (SubstituteRule.REFUSED, Presence.PRESENT, (Standing.ABSENT, False)),
        (SubstituteRule.COUNTS, Presence.ABSENT, (Standing.ABSENT, False)),
    ],
)
def test_what_a_substitute_who_came_is_worth_is_the_requirements_rule(rule, came, said):
    hall = Hall(rule)
    substituting.name_substitute(hall.place, hall.colleague, **BY)
    assert hall.standing() == (Standing.REGISTERED, False)
    city.come(hall.event_id, hall.morning, [hall.officer], came)
    assert hall.standing() == said


def test_the_place_stays_the_officers_and_sheet_roster_and_export_name_the_colleague():
    hall = Hall()
    substituting.name_substitute(hall.place, hall.colleague, **BY)
    colleague = registrations.by_id(hall.place).substitute
    assert colleague
    assert attendance.sheet(hall.morning).lines[0].substitute == colleague
    assert lists.roster_rows(hall.morning, Order.KANA)[0].status == f"代理　{colleague}"
    exported = dict(zip(lists.EXPORT_HEADER, lists.export_rows(hall.morning, Order.KANA)[0], strict=True))
    assert exported["代理出席者"] == colleague
    assert registrations.of_member(hall.officer)[0].id == hall.place


def test_only_the_section_may_be_asked_and_nobody_who_has_a_place_at_that_sitting():
    hall = Hall()
    assert [one.id for one in substituting.colleagues(hall.place)] == [hall.colleague]
    for stranger in (hall.other, hall.officer, 0):
        with pytest.raises(NotASubstitute):
            substituting.name_substitute(hall.place, stranger, **BY)
    city.assign(hall.event_id, hall.morning, [hall.colleague])
    with pytest.raises(NotASubstitute):
        substituting.name_substitute(hall.place, hall.colleague, **BY)


def test_the_colleague_is_told_once_and_not_when_the_officer_comes_after_all():
    hall = Hall()
    for _press in range(2):
        substituting.name_substitute(hall.place, hall.colleague, **BY)
    mail = db.session.scalars(sa.select(OutboundMessage).filter_by(kind="registration.substitute_named")).one()
    assert "代理として" in rendering.render(mail.kind, mail.payload).text
    assert "/r/" not in rendering.render(mail.kind, mail.payload).text
    assert rendering.is_wanted(mail.kind, mail.payload)
    substituting.come_oneself(hall.place, **BY)
    assert not rendering.is_wanted(mail.kind, mail.payload)
    assert registrations.by_id(hall.place).substitute == ""


def entries() -> list[tuple[str, Method, int, str]]:
    """What went to colleagues who come instead: kind of message, and of the calendar entry METHOD, SEQUENCE and UID."""
    chosen = sa.select(OutboundMessage).where(OutboundMessage.kind.startswith("registration.substitute"))
    found = []
    for sent in db.session.scalars(chosen.order_by(OutboundMessage.id)):
        entry = rendering.render(sent.kind, sent.payload).calendar
        assert entry.attendee_email == sent.to_email
        assert "/r/" not in entry.url
        found.append((sent.kind.rpartition("_")[2], entry.method, entry.sequence, entry.uid))
    return found


def test_the_colleague_has_a_calendar_entry_of_their_own_that_follows_and_ends():
    hall = Hall()
    substituting.name_substitute(hall.place, hall.colleague, **BY)
    staffing.switch(hall.place, hall.afternoon, **BY)
    services.give_up(hall.place, reason="出張のため", **BY)
    named, changed, dropped = entries()
    assert [one[:2] for one in (named, changed, dropped)] == [
        ("named", Method.REQUEST),
        ("changed", Method.REQUEST),
        ("dropped", Method.CANCEL),
    ]
    assert named[2] < changed[2] < dropped[2]
    assert len({named[3], changed[3], dropped[3]}) == 1
    assert registrations.by_id(hall.place).public_id not in named[3]
    assert registrations.by_id(hall.place).substitute == ""


def test_another_colleague_is_another_entry_and_the_first_is_cancelled():
    hall = Hall()
    second = city.colleague(hall.sections[0], "S2")
    substituting.name_substitute(hall.place, hall.colleague, **BY)
    substituting.name_substitute(hall.place, second, **BY)
    first, gone, other = entries()
    assert (gone[0], gone[1], gone[3]) == ("dropped", Method.CANCEL, first[3])
    assert (other[0], other[3] != first[3]) == ("named", True)


def test_another_time_reaches_the_colleague_and_a_cancelled_event_ends_it():
    hall = Hall()
    substituting.name_substitute(hall.place, hall.colleague, **BY)
    row = registrations.by_id(hall.place)
    later = {"starts_at": row.starts_at + timedelta(hours=1), "ends_at": row.ends_at + timedelta(hours=1)}
    meetings.reschedule(hall.morning, **later, venue_id=None, notify=True, **BY)
    meetings.call_off(hall.event_id, "大雨のため", notify=True, **BY)
    assert [one[:2] for one in entries()[1:]] == [("changed", Method.REQUEST), ("dropped", Method.CANCEL)]


def test_who_comes_for_a_colleague_takes_no_place_at_the_same_sitting_and_one_elsewhere():
    hall = Hall()
    substituting.name_substitute(hall.place, hall.colleague, **BY)
    with pytest.raises(TwoAtOnce, match="代理で出席することになっています"):
        staffing.register_member(hall.morning, hall.colleague, **BY)
    staffing.register_member(hall.afternoon, hall.colleague, **BY)
    own = registrations.of_member(hall.colleague)[0].id
    for who, where in ((own, hall.morning), (hall.place, hall.afternoon)):
        with pytest.raises(TwoAtOnce):
            staffing.switch(who, where, **BY)
    assert doctor.examine(now=NOW) == []


def test_nobody_comes_for_two_colleagues_at_once():
    hall = Hall()
    second = city.colleague(hall.sections[0], "S2")
    city.assign(hall.event_id, hall.morning, [second])
    substituting.name_substitute(hall.place, hall.colleague, **BY)
    with pytest.raises(NotASubstitute, match="ほかの方の代理"):
        substituting.name_substitute(registrations.of_member(second)[0].id, hall.colleague, **BY)


def test_who_came_is_not_rewritten_afterwards():
    hall = Hall()
    city.come(hall.event_id, hall.morning, [hall.officer])
    with pytest.raises(AlreadyAttended):
        substituting.name_substitute(hall.place, hall.colleague, **BY)


def test_after_the_end_nothing_is_changed_any_more():
    hall = Hall()
    with pytest.raises(TooLateToChange):
        substituting.name_substitute(hall.place, hall.colleague, by=ORGANIZER, now=city.AFTER)


def test_nobody_comes_in_the_place_of_who_gave_it_up():
    hall = Hall()
    services.cancel(hall.place, **BY)
    with pytest.raises(NotASubstitute):
        substituting.name_substitute(hall.place, hall.colleague, **BY)
