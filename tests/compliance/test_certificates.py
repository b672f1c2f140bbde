"""Certificates for who completed a requirement: looked at first, each once, withdrawn when it holds no more."""

from __future__ import annotations

from datetime import date

import pytest

from app.attendance import certificates, ledger
from app.attendance import services as attendance
from app.attendance.types import Presence
from app.compliance import certifying, services
from app.compliance.errors import PlanChanged
from app.compliance.types import SubstituteRule
from app.registrations import queries as registrations
from app.registrations import substituting
from app.stewardship import doctor
from app.worksheets import services as worksheets
from app.worksheets.types import CommentDraft
from tests.compliance import city
from tests.factories import NOW, ORGANIZER, a_template, a_worksheet

pytestmark = pytest.mark.usefixtures("any_app")
LATER = city.AFTER
BY = {"by": ORGANIZER, "now": LATER}
TODAY = LATER.date()


class Hall:
    """Four promoters with a place in the morning; the first came."""

    def __init__(self, **changes: object) -> None:
        self.sections, self.promoters, _coordinators = city.build(4)
        self.event_id, (self.morning, _afternoon) = city.training()
        self.requirement = city.required(self.event_id, **changes)
        city.assign(self.event_id, self.morning, self.promoters)
        city.come(self.event_id, self.morning, self.promoters[:1])

    def plan(self) -> certifying.CertificatePlan:
        return certifying.plan(self.requirement, today=TODAY)

    def issue(self) -> int:
        return certifying.issue(self.requirement, seen=self.plan().digest, issuer="倉敷市長", **BY)

    def valid(self) -> list[tuple[str, date]]:
        return [(one.title, one.attended_on) for one in ledger.of_event(self.event_id) if not one.revoked_reason]

    def place(self, number: int) -> int:
        return registrations.of_member(self.promoters[number])[0].id


def test_who_completed_it_gets_one_and_the_page_says_why_the_others_do_not():
    hall = Hall()
    services.exempt(hall.requirement, hall.promoters[1], "育児休業", **BY)
    services.record_elsewhere(hall.requirement, hall.promoters[2], date(2026, 5, 8), "県の研修", **BY)
    before = hall.plan()
    assert [one.member_id for one in before.due] == [hall.promoters[0], hall.promoters[2]]
    assert [left.reason for left in before.left_out] == ["免除", "申込済"]
    assert (hall.issue(), hall.issue()) == (2, 0)
    assert [day for _title, day in hall.valid()] == [city.HELD_AT.date(), date(2026, 5, 8)]
    assert doctor.examine(now=LATER) == []


@pytest.mark.parametrize(("rule", "given"), [(SubstituteRule.COUNTS, 2), (SubstituteRule.SECTION_ONLY, 1)])
def test_a_colleague_who_came_is_worth_what_the_requirement_says(rule, given):
    hall = Hall(substitutes=rule)
    substituting.name_substitute(hall.place(1), city.colleague(hall.sections[1], "S1"), by=ORGANIZER, now=NOW)
    city.come(hall.event_id, hall.morning, [hall.promoters[1]])
    assert hall.issue() == given


def test_nobody_gets_two_whichever_way_they_are_issued():
    hall = Hall()
    services.record_elsewhere(hall.requirement, hall.promoters[1], date(2026, 5, 8), "県の研修", **BY)
    assert certificates.issue(hall.event_id, issuer="倉敷市長", **BY) == 1
    assert next(left.reason for left in hall.plan().left_out) == "発行済み"
    assert hall.issue() == 1
    city.come(hall.event_id, hall.morning, [hall.promoters[1]])
    assert certificates.issue(hall.event_id, issuer="倉敷市長", **BY) == 0


def test_a_plan_that_is_not_what_was_looked_at_issues_nothing():
    hall = Hall()
    seen = hall.plan().digest
    city.come(hall.event_id, hall.morning, hall.promoters[1:2])
    with pytest.raises(PlanChanged):
        certifying.issue(hall.requirement, seen=seen, issuer="倉敷市長", **BY)
    assert hall.valid() == []


def test_a_corrected_mark_and_a_proof_that_is_taken_back_withdraw_it_with_the_reason():
    hall = Hall()
    services.record_elsewhere(hall.requirement, hall.promoters[1], date(2026, 5, 8), "県の研修", **BY)
    hall.issue()
    attendance.mark(hall.morning, hall.place(0), Presence.ABSENT, **BY)
    services.take_back_elsewhere(hall.requirement, hall.promoters[1], **BY)
    reasons = [one.revoked_reason for one in ledger.of_event(hall.event_id)]
    assert reasons == ["出欠の訂正", "他の研修の受講の記録の取消し"]
    assert doctor.examine(now=LATER) == []


def test_where_a_worksheet_is_demanded_it_is_accepted_first_and_one_given_back_is_named():
    sheet = a_template(needs_approval=False)
    hall = Hall(template_id=sheet)
    assert next(left.reason for left in hall.plan().left_out) == "棚卸シート未着手"
    handed_in = a_worksheet(sheet, hall.sections[0], "窓口", submitted=True)
    worksheets.accept(handed_in, **BY)
    assert hall.issue() == 1
    worksheets.return_(handed_in, [CommentDraft("もう少し詳しく")], **BY)
    after = hall.plan()
    assert [one.number for one in after.unfounded] == [1]
    assert certifying.withdraw_unfounded(hall.requirement, "差し戻したため", seen=after.digest, **BY) == 1
    assert (hall.valid(), hall.plan().unfounded) == ([], ())
