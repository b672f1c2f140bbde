"""What becomes of a project that was adopted: reports, and looking back by both. Each verb is one transaction."""

from __future__ import annotations

from datetime import datetime

from app.infra import audit
from app.infra.db import db, insert_into, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor, ActorKind
from app.proposals import checking, messages, reports, shipped
from app.proposals.applying import CHANGED, OBJECT
from app.proposals.errors import ChangedMeanwhile, Incomplete, NoRemark, NotWritable, WrongState
from app.proposals.models import ProposalReflection, ProposalReport
from app.proposals.report_types import ReportKind, ReportState, Side
from app.proposals.screening_types import DecisionRow
from app.proposals.types import ProposalRow, Saved
from app.questions.validate import check


@transaction
def save(token: str, kind: ReportKind, answers: object, *, version: int, now: datetime) -> Saved:
    """Keep what was typed; the first saving begins the report. `version` 0: nothing was there.

    Raises NotFound, NotWritable, ChangedMeanwhile.
    """
    row, view, decision = _writable(token, kind, version, now)
    kept = check(reports.definition(kind), answers, complete=False).answers
    if row.answers != kept or row.version == 0:
        row.answers, row.version, row.updated_at = kept, row.version + 1, now
    db.session.add(row)
    return Saved(row.version, reports.checked(view, decision, kind, kept).problems)


@transaction
def submit(token: str, kind: ReportKind, *, version: int, now: datetime) -> None:
    """Hand it in. Raises NotFound, NotWritable, ChangedMeanwhile, Incomplete."""
    row, view, decision = _writable(token, kind, version, now)
    result = reports.checked(view, decision, kind, row.answers)
    if result.problems:
        raise Incomplete(result.problems)
    row.answers, row.version, row.updated_at = result.answers, row.version + 1, now
    row.state, row.submitted_at, row.remark = ReportState.SUBMITTED, now, ""
    db.session.add(row)
    audit.record("proposal.reported", OBJECT, view.id, by=_group(view), at=now, fields=[kind])


@transaction
def accept(proposal_id: int, kind: ReportKind, *, by: Actor, now: datetime) -> None:
    """It is as it should be. Raises NotFound, WrongState."""
    row = _submitted(proposal_id, kind)
    row.state, row.updated_at = ReportState.ACCEPTED, now
    audit.record("proposal.report_accepted", OBJECT, proposal_id, by=by, at=now, fields=[kind])


@transaction
def return_(proposal_id: int, kind: ReportKind, remark: str, *, by: Actor, now: datetime) -> None:
    """Something has to be put right. Raises NotFound, WrongState, NoRemark."""
    row = _submitted(proposal_id, kind)
    if not remark:
        raise NoRemark("直してほしいことを入力してください。")
    row.state, row.remark, row.updated_at = ReportState.RETURNED, remark, now
    audit.record("proposal.report_returned", OBJECT, proposal_id, by=by, at=now, fields=[kind])
    messages.report_returned(checking.locked(proposal_id), kind, row.version, now=now)


@transaction
def reflect(token: str, answers: object, *, now: datetime) -> None:
    """The group looks back, or puts it otherwise. Raises NotFound, Incomplete."""
    view, _decision = reports.carried_out(token)
    _reflect(view, Side.GROUP, answers, by=_group(view), now=now)


@transaction
def reflect_for_city(proposal_id: int, answers: object, *, by: Actor, now: datetime) -> None:
    """The city does. Raises NotFound, Incomplete."""
    view, _decision = reports.carried_out_by_id(proposal_id)
    _reflect(view, Side.CITY, answers, by=by, now=now)


def _writable(
    token: str, kind: ReportKind, version: int, now: datetime
) -> tuple[ProposalReport, ProposalRow, DecisionRow]:
    """The report, a new one where there is none, its proposal held so that two cannot begin it."""
    view, decision = reports.carried_out(token)
    checking.locked(view.id)
    row = db.session.get(ProposalReport, (view.id, kind), populate_existing=True)
    if row is None:
        row = ProposalReport(
            proposal_id=view.id, kind=kind, state=ReportState.DRAFT, answers={}, remark="", version=0, updated_at=now
        )
    if not row.state.editable:
        raise NotWritable(f"{row.state.word}のため、変更できません。")
    if row.version != version:
        raise ChangedMeanwhile(CHANGED)
    return row, view, decision


def _submitted(proposal_id: int, kind: ReportKind) -> ProposalReport:
    checking.locked(proposal_id)
    row = db.session.get(ProposalReport, (proposal_id, kind), populate_existing=True)
    if row is None:
        raise NotFound
    if row.state is not ReportState.SUBMITTED:
        raise WrongState(f"{row.state.word}のため、この操作はできません。画面を読み込み直してください。")
    return row


def _reflect(view: ProposalRow, side: Side, answers: object, *, by: Actor, now: datetime) -> None:
    result = check(shipped.definition(reports.REFLECTION), answers, complete=True)
    if result.problems:
        raise Incomplete(result.problems)
    kept = {"answers": result.answers, "updated_at": now, "updated_by": by.label}
    row = insert_into(ProposalReflection).values(proposal_id=view.id, side=side, **kept)
    db.session.execute(row.on_conflict_do_update(index_elements=["proposal_id", "side"], set_=kept))
    audit.record("proposal.reflected", OBJECT, view.id, by=by, at=now, fields=[side])


def _group(view: ProposalRow) -> Actor:
    return Actor(ActorKind.RESIDENT, view.public_id, "提案した団体")
