"""What is done to requirements. Each verb is one transaction and leaves an audit entry."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from app.compliance import carrying, certifying, queries
from app.compliance.errors import (
    CodeTaken,
    NobodyChosen,
    NoReason,
    SubstituteRefused,
    WrongCourse,
    WrongDay,
    WrongWorksheet,
)
from app.compliance.models import (
    Evidence,
    Exemption,
    ReminderStep,
    Requirement,
    RequirementMember,
    RequirementUnit,
    RequirementWorksheet,
)
from app.compliance.types import Audience, EvidenceKind, RequirementDraft, SubstituteRule
from app.elearning import queries as elearning
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import Actor
from app.org import queries as org
from app.worksheets import queries as worksheets

# What of a code stays where a number follows it; the column takes 40.
ROOM = 36


@transaction
def make(draft: RequirementDraft, *, by: Actor, now: datetime) -> int:
    """A new requirement of a fiscal year; returns its id.

    Raises CodeTaken, WrongDay, WrongCourse, WrongWorksheet, NobodyChosen.
    """
    return _make(draft, by=by, now=now)


@transaction
def carry(year: int, section: str, chosen: Collection[int], *, by: Actor, now: datetime) -> int:
    """Require in `year` again what is chosen of last year's; returns how many.

    What carrying.plan() leaves out is left out here too, so that a second time makes nothing.
    """
    own = sa.select(Requirement.id).filter_by(fiscal_year=year - 1).order_by(Requirement.id)
    db.session.execute(own.with_for_update())
    moves = [move for move in carrying.plan(year, section).moved if move.requirement.id in chosen]
    for move in moves:
        _make(move.draft, by=by, now=now)
    return len(moves)


@transaction
def change(requirement_id: int, draft: RequirementDraft, *, by: Actor, now: datetime) -> None:
    """Another title, date, rule, audience or plan; who was told already is not told again at the same step.

    Year and code stay, and so may units that have left the chart since. Raises NotFound, WrongDay, WrongCourse,
    WrongWorksheet, NobodyChosen.
    """
    row = _row(requirement_id)
    _check(draft)
    _check_chosen(draft, queries.unit_ids(requirement_id))
    row.title, row.event_id, row.due_on = draft.title, draft.event_id, draft.due_on
    row.audience, row.substitutes, row.course_id = draft.audience, draft.substitutes, draft.course_id
    for table in (ReminderStep, RequirementMember, RequirementUnit, RequirementWorksheet):
        db.session.execute(sa.delete(table).filter_by(requirement_id=requirement_id))
    _plan(requirement_id, draft)
    audit.record("requirement.changed", "requirement", requirement_id, by=by, at=now)


@transaction
def end(requirement_id: int, *, by: Actor, now: datetime) -> None:
    """The requirement is over: its board stays, nobody is reminded any more. Raises NotFound."""
    row = _row(requirement_id)
    if row.ended_at is None:
        row.ended_at = now
        audit.record("requirement.ended", "requirement", requirement_id, by=by, at=now)


@transaction
def exempt(requirement_id: int, member_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """Let somebody off, with the reason; a second time gives the new reason. Raises NotFound, NoReason."""
    _row(requirement_id)
    if not reason:
        raise NoReason("免除の理由を入力してください。")
    row = db.session.get(Exemption, (requirement_id, member_id))
    if row is None:
        row = Exemption(requirement_id=requirement_id, staff_member_id=member_id)
        db.session.add(row)
    row.reason, row.granted_at = reason, now
    audit.record("requirement.exempted", "requirement", requirement_id, by=by, at=now, fields=[f"member={member_id}"])


@transaction
def record_elsewhere(requirement_id: int, member_id: int, day: date, note: str, *, by: Actor, now: datetime) -> None:
    """Somebody took part elsewhere; `note` names where and the proof. Raises NotFound, NoReason."""
    _row(requirement_id)
    if not note:
        raise NoReason("受講した研修と、確認した書類を入力してください。")
    evidence = _prove(requirement_id, member_id, EvidenceKind.ELSEWHERE, now)
    evidence.happened_on, evidence.note = day, note
    audit.record("requirement.proved", "requirement", requirement_id, by=by, at=now, fields=[f"member={member_id}"])


@transaction
def take_back_exemption(requirement_id: int, member_id: int, *, by: Actor, now: datetime) -> None:
    """Somebody must take part after all. Raises NotFound."""
    _remove(Exemption, (requirement_id, member_id))
    fields = [f"member={member_id}"]
    audit.record("requirement.exemption_ended", "requirement", requirement_id, by=by, at=now, fields=fields)


@transaction
def take_back_elsewhere(requirement_id: int, member_id: int, *, by: Actor, now: datetime) -> None:
    """What was recorded of another training does not hold, nor does a certificate on its strength. Raises NotFound."""
    certifying.lock(requirement_id)
    _remove(Evidence, (requirement_id, member_id, EvidenceKind.ELSEWHERE))
    fields = [f"member={member_id}"]
    audit.record("requirement.proof_dropped", "requirement", requirement_id, by=by, at=now, fields=fields)
    db.session.flush()  # the board below is read without what was taken back
    certifying.withdraw_of(requirement_id, member_id, "他の研修の受講の記録の取消し", by=by, now=now)


@transaction
def plan(requirement_id: int, days: Collection[int], *, by: Actor, now: datetime) -> None:
    """Remind on these working days, counted from the due date; a step that was sent already is not sent again.

    Raises NotFound.
    """
    _row(requirement_id)
    db.session.execute(sa.delete(ReminderStep).filter_by(requirement_id=requirement_id))
    db.session.add_all(ReminderStep(requirement_id=requirement_id, days=one) for one in sorted(set(days)))
    audit.record("requirement.planned", "requirement", requirement_id, by=by, at=now)


@transaction
def record_substitute(
    requirement_id: int, member_id: int, substitute_id: int, day: date, *, by: Actor, now: datetime
) -> None:
    """A colleague of the same section came instead (代理出席). Raises NotFound, SubstituteRefused."""
    row = _row(requirement_id)
    if row.substitutes is SubstituteRule.REFUSED:
        raise SubstituteRefused("この要件では、代理出席を認めていません。")
    unit_id = queries.unit_of(member_id, day)
    if substitute_id == member_id or unit_id is None or queries.unit_of(substitute_id, day) != unit_id:
        raise SubstituteRefused("代理で出席できるのは、同じ課の職員です。")
    evidence = _prove(requirement_id, member_id, EvidenceKind.SUBSTITUTE, now)
    evidence.happened_on, evidence.substitute_id = day, substitute_id
    audit.record("requirement.proved", "requirement", requirement_id, by=by, at=now, fields=[f"member={member_id}"])


def _make(draft: RequirementDraft, *, by: Actor, now: datetime) -> int:
    _check(draft)
    _check_chosen(draft)
    row = Requirement(
        fiscal_year=draft.fiscal_year,
        code=_free_code(draft),
        title=draft.title,
        event_id=draft.event_id,
        course_id=draft.course_id,
        due_on=draft.due_on,
        audience=draft.audience,
        substitutes=draft.substitutes,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()  # its id is part of the rows below
    _plan(row.id, draft)
    audit.record("requirement.made", "requirement", row.id, by=by, at=now)
    return row.id


def _free_code(draft: RequirementDraft) -> str:
    """The draft's code, numbered where others of the year have it. Raises CodeTaken where one has its title too."""
    wanted = sa.select(Requirement.code, Requirement.title).filter_by(fiscal_year=draft.fiscal_year)
    wanted = wanted.where(Requirement.code.startswith(draft.code[:ROOM], autoescape=True))
    taken = {row.code: row.title for row in db.session.execute(wanted)}
    codes = [draft.code, *(f"{draft.code[:ROOM]}-{number}" for number in range(2, 2 + len(taken)))]
    if draft.title in {taken.get(code) for code in codes}:
        raise CodeTaken("この年度には、同じ名称の必修がすでにあります。別の名称にしてください。")
    return next(code for code in codes if code not in taken)


def _prove(requirement_id: int, member_id: int, kind: EvidenceKind, now: datetime) -> Evidence:
    row = db.session.get(Evidence, (requirement_id, member_id, kind))
    if row is None:
        row = Evidence(requirement_id=requirement_id, staff_member_id=member_id, kind=kind)
        db.session.add(row)
    row.recorded_at = now
    return row


def _remove(table: type[Exemption | Evidence], key: tuple[object, ...]) -> None:
    row = db.session.get(table, key)
    if row is None:
        raise NotFound
    db.session.delete(row)


def _row(requirement_id: int) -> Requirement:
    row = db.session.get(Requirement, requirement_id)
    if row is None:
        raise NotFound
    return row


def _check(draft: RequirementDraft) -> None:
    if fiscal_year(draft.due_on) != draft.fiscal_year:
        raise WrongDay(f"期限は、{draft.fiscal_year}年度の日付にしてください。")
    _check_course(draft)
    if draft.template_id is None:
        return
    if draft.audience is not Audience.PROMOTERS:
        raise WrongWorksheet("棚卸シートは、協働推進員が受講する必修だけで求められます。")
    if worksheets.template(draft.template_id).fiscal_year != draft.fiscal_year:
        raise WrongWorksheet(f"棚卸シートは、研修と同じ{draft.fiscal_year}年度のものを選んでください。")


def _check_course(draft: RequirementDraft) -> None:
    if draft.course_id is None:
        if draft.event_id is None:
            raise WrongCourse("研修か、Eラーニングの講座を選んでください。", "event_id")
    elif elearning.one(draft.course_id).fiscal_year != draft.fiscal_year:
        raise WrongCourse(f"Eラーニングの講座は、{draft.fiscal_year}年度のものを選んでください。")


def _check_chosen(draft: RequirementDraft, kept: Collection[int] = ()) -> None:
    if draft.audience is Audience.LIST and not draft.members:
        raise NobodyChosen("受講する人の職員番号を入力してください。", "numbers")
    if draft.audience is not Audience.SECTIONS:
        return
    if not draft.units:
        raise NobodyChosen("受講する部・課を選んでください。", "units")
    there = {unit.id for unit in org.units(draft.fiscal_year)} | set(kept)
    if not there.issuperset(draft.units):
        raise NobodyChosen(f"{draft.fiscal_year}年度の組織にない部・課が選ばれています。選び直してください。", "units")


def _plan(requirement_id: int, draft: RequirementDraft) -> None:
    db.session.add_all(ReminderStep(requirement_id=requirement_id, days=days) for days in sorted(set(draft.steps)))
    if draft.template_id is not None:
        db.session.add(RequirementWorksheet(requirement_id=requirement_id, template_id=draft.template_id))
    if draft.audience is Audience.LIST:
        db.session.add_all(
            RequirementMember(requirement_id=requirement_id, staff_member_id=who) for who in sorted(set(draft.members))
        )
    if draft.audience is Audience.SECTIONS:
        db.session.add_all(
            RequirementUnit(requirement_id=requirement_id, unit_id=unit) for unit in sorted(set(draft.units))
        )
