"""A colleague of the section comes instead: the roster says so, each requirement says what it is worth."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.attendance import lists
from app.attendance import queries as attendance
from app.attendance.types import Order, Presence
from app.compliance import queries
from app.compliance.types import Standing, SubstituteRule
from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.infra.db import db
from app.registrations import queries as registrations
from app.registrations import services, substituting
from app.registrations.errors import AlreadyAttended, NotASubstitute, TooLateToChange
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


def test_only_the_section_may_be_asked_and_nobody_who_has_a_place_of_their_own():
    hall = Hall()
    assert [one.id for one in substituting.colleagues(hall.place)] == [hall.colleague]
    for stranger in (hall.other, hall.officer, 0):
        with pytest.raises(NotASubstitute):
            substituting.name_substitute(hall.place, stranger, **BY)
    city.assign(hall.event_id, hall.afternoon, [hall.colleague])
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
