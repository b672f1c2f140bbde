"""A requirement that demands the section's worksheet besides the training."""

from __future__ import annotations

from datetime import date

import pytest

from app.compliance import queries, reminders, services
from app.compliance.errors import WrongWorksheet
from app.compliance.types import Audience, SheetStanding
from app.worksheets import services as worksheets
from app.worksheets.types import CommentDraft
from tests.compliance import city
from tests.factories import NOW, ORGANIZER, a_template, a_worksheet

JULY = date(2026, 7, 1)
LATE = date(2026, 12, 1)


@pytest.fixture
def demanded(any_app) -> tuple[int, int, list[int], list[int]]:
    """The requirement, its worksheet, the sections and their promoters, who all came to the training."""
    sections, promoters, _coordinators = city.build(3)
    event_id, (morning, _afternoon) = city.training()
    sheet = a_template(needs_approval=False)
    requirement = city.required(event_id, template_id=sheet)
    city.assign(event_id, morning, promoters)
    city.come(event_id, morning, promoters)
    return requirement, sheet, sections, promoters


def test_nobody_has_completed_before_the_worksheet_is_accepted(demanded):
    requirement, sheet, sections, promoters = demanded
    a_worksheet(sheet, sections[0], "窓口", submitted=True)
    accepted = a_worksheet(sheet, sections[1], "窓口", submitted=True)
    worksheets.accept(accepted, by=ORGANIZER, now=NOW)

    board = queries.board(requirement, today=JULY)

    assert [line.sheet for line in board.lines] == [
        SheetStanding.SUBMITTED, SheetStanding.ACCEPTED, SheetStanding.NOT_BEGUN
    ]  # fmt: skip
    assert {line.person.id for line in board.open} == {promoters[0], promoters[2]}


def test_who_waits_for_the_organizer_is_not_reminded_and_is_again_when_it_comes_back(demanded):
    requirement, sheet, sections, promoters = demanded
    handed_in = a_worksheet(sheet, sections[0], "窓口", submitted=True)
    assert [line.person.id for line in reminders.preview(requirement, today=LATE).told] == promoters[1:]
    worksheets.return_(handed_in, [CommentDraft("もう少し詳しく")], by=ORGANIZER, now=NOW)
    assert [line.person.id for line in reminders.preview(requirement, today=LATE).told] == promoters


def test_who_is_exempt_owes_no_worksheet_either(demanded):
    requirement, _sheet, _sections, promoters = demanded
    event_id, _sittings = city.training()
    other = city.required(event_id, code="other", template_id=queries.one(requirement).template_id)
    services.exempt(other, promoters[0], "育児休業", by=ORGANIZER, now=NOW)
    assert [line.done for line in queries.board(other, today=JULY).lines] == [True, False, False]


def test_a_worksheet_is_demanded_of_promoters_only_and_in_its_own_year(app):
    event_id, _sittings = city.training()
    with pytest.raises(WrongWorksheet):
        city.required(event_id, template_id=a_template(), audience=Audience.EVERYONE)
    with pytest.raises(WrongWorksheet):
        city.required(event_id, template_id=a_template(year=2025))
