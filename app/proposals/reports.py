"""Reading reports and what both sides say when they look back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from app.infra.db import db
from app.kernel.errors import NotFound
from app.proposals import budget, found, reviews, shipped
from app.proposals.models import ProposalReflection, ProposalReport
from app.proposals.report_types import ReflectionRow, ReportKind, ReportRow, ReportState, Side
from app.proposals.screening_types import DecisionRow, Outcome
from app.proposals.types import ProposalRow, ProposalState
from app.questions.types import Answers, Checked, Definition
from app.questions.validate import check

REFLECTION = "reflection"


def supported(row: ProposalRow) -> DecisionRow | None:
    """The decision on a project that is carried out: adopted, told, not given up; None for any other."""
    known = reviews.decisions([row.id]).get(row.id)
    if known is None or known.told_at is None or known.draft.outcome is Outcome.DECLINED:
        return None
    return known if row.state is ProposalState.CHECKED else None


def carried_out(token: str) -> tuple[ProposalRow, DecisionRow]:
    """The project behind a group's link. Raises NotFound where it is not carried out."""
    return _supported(found.by_token(token))


def carried_out_by_id(proposal_id: int) -> tuple[ProposalRow, DecisionRow]:
    """The same by its number. Raises NotFound."""
    return _supported(found.by_id(proposal_id))


def one(proposal_id: int, kind: ReportKind) -> ReportRow:
    """A report; an empty draft where the group has not begun."""
    row = db.session.get(ProposalReport, (proposal_id, kind), populate_existing=True)
    if row is None:
        return ReportRow(proposal_id, kind, ReportState.DRAFT, {}, "", 0, None, None)
    return _report(row)


def of_all(proposal_ids: Iterable[int]) -> dict[tuple[int, ReportKind], ReportRow]:
    """The reports that were begun, by proposal and kind."""
    chosen = sa.select(ProposalReport).where(ProposalReport.proposal_id.in_(list(proposal_ids)))
    return {(row.proposal_id, row.kind): _report(row) for row in db.session.scalars(chosen)}


def due_on(row: ProposalRow, kind: ReportKind) -> date:
    """Until when the programme wants it."""
    return row.programme.dates.interim_due_on if kind is ReportKind.INTERIM else row.programme.dates.final_due_on


def definition(kind: ReportKind) -> Definition:
    """What a report asks."""
    return shipped.definition(kind.value)


def checked(row: ProposalRow, decision: DecisionRow, kind: ReportKind, answers: Answers) -> Checked:
    """Answers to be handed in, with all that is wrong; of the final report also sums beyond what was decided."""
    asked = definition(kind)
    result = check(asked, answers, complete=True)
    if kind is ReportKind.INTERIM:
        return result
    bound = replace(row.course, name="決定した負担", ceiling=decision.draft.amount)
    return Checked(result.answers, (*result.problems, *budget.problems(asked, answers, bound)))


def reflections(proposal_id: int) -> dict[Side, ReflectionRow]:
    """What each side has said."""
    chosen = sa.select(ProposalReflection).filter_by(proposal_id=proposal_id)
    found_rows = db.session.scalars(chosen.execution_options(populate_existing=True))
    return {row.side: ReflectionRow(row.side, row.answers, row.updated_at, row.updated_by) for row in found_rows}


def reflected(proposal_ids: Iterable[int]) -> dict[int, list[Side]]:
    """Which sides have looked back, by proposal."""
    chosen = sa.select(ProposalReflection.proposal_id, ProposalReflection.side).where(
        ProposalReflection.proposal_id.in_(list(proposal_ids))
    )
    sides: dict[int, list[Side]] = defaultdict(list)
    for row in db.session.execute(chosen.order_by(ProposalReflection.side.desc())):
        sides[row.proposal_id].append(row.side)
    return sides


def _supported(row: ProposalRow) -> tuple[ProposalRow, DecisionRow]:
    decision = supported(row)
    if decision is None:
        raise NotFound
    return row, decision


def _report(row: ProposalReport) -> ReportRow:
    return ReportRow(
        row.proposal_id, row.kind, row.state, row.answers, row.remark, row.version, row.updated_at, row.submitted_at
    )
