"""Reminding those who still owe: seen beforehand, told once a step, stopped by completion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app.compliance import queries, rules
from app.compliance.models import ReminderSent, Requirement
from app.compliance.types import Line, RequirementRow
from app.delivery import outbox
from app.delivery.types import Message
from app.infra import audit
from app.infra.db import db, insert_into, run, transaction
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import JSON, SYSTEM, Actor
from app.kernel.working_days import in_office_hours, step_due
from app.org import queries as org
from app.org.rules import is_head
from app.org.types import DutyKind


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who is not told now, and why."""

    line: Line
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What sending now would do. `step` None: no reminder of the plan is due."""

    requirement: RequirementRow
    step: int | None
    told: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]


def preview(requirement_id: int, *, today: date) -> Preview:
    """Who would be told today and who would not. Nothing is written. Raises NotFound."""
    board = queries.board(requirement_id, today=today)
    requirement = board.requirement
    step = step_due(queries.steps(requirement_id), requirement.due_on, today)
    sent = queries.reminded(requirement_id)
    told, left_out = [], []
    for line in board.lines:
        reason = _reason(line, requirement, step, (line.person.id, step) in sent)
        if reason:
            left_out.append(LeftOut(line, reason))
        else:
            told.append(line)
    return Preview(requirement, step, tuple(told), tuple(left_out))


@transaction
def send(requirement_id: int, *, by: Actor = SYSTEM, now: datetime) -> int:
    """Queue the reminder that is due for everybody who still owes and was not told at this step; returns how many.

    Two schedulers that meet here tell nobody twice: the first row of a person and step wins. Raises NotFound.
    """
    locked = sa.select(Requirement.id).where(Requirement.id == requirement_id).with_for_update()
    if db.session.scalar(locked) is None:
        raise NotFound
    today = local_date(now)
    found = preview(requirement_id, today=today)
    if found.step is None:
        return 0
    told = [line for line in found.told if _first(requirement_id, line.person.id, found.step, now)]
    for line in told:
        _tell(found.requirement, found.step, line, now)
    _copy(found.requirement, found.step, told, today, now)
    if told:
        fields = [f"rows={len(told)}"]
        audit.record("requirement.reminded", "requirement", requirement_id, by=by, at=now, fields=fields)
    return len(told)


def send_due(*, now: datetime) -> int:
    """Send what is due of all requirements of this fiscal year; returns how many people were told.

    Nobody is written to at night or on a day when the city hall is closed: the reminder waits for the next morning.
    """
    if not in_office_hours(now):
        return 0
    return sum(send(requirement.id, now=now) for requirement in queries.running(local_date(now)))


def _reason(line: Line, requirement: RequirementRow, step: int | None, was_told: bool) -> str:
    if requirement.ended_at is not None:
        return "この要件は終了しています。"
    if line.done:
        return f"{line.standing.word}のため、お知らせしません。"
    if rules.awaits_acceptance(line, requirement.substitutes):
        return "提出された棚卸シートの確認を待っているため、お知らせしません。"
    if step is None:
        return "お知らせの日が、まだ来ていません。"
    return "この回のお知らせは、送信済みです。" if was_told else ""


def _first(requirement_id: int, member_id: int, step: int, now: datetime) -> bool:
    row = {"requirement_id": requirement_id, "staff_member_id": member_id, "days": step, "sent_at": now}
    adding = insert_into(ReminderSent).values(row).on_conflict_do_nothing().returning(ReminderSent.staff_member_id)
    return run(adding).scalar_one_or_none() is not None


def _tell(requirement: RequirementRow, step: int, line: Line, now: datetime) -> None:
    person, thread = line.person, f"requirement:{requirement.id}:{line.person.id}"
    outbox.enqueue(
        Message(
            kind="compliance.reminder",
            thread=thread,
            to_name=person.name,
            to_email=person.email,
            payload={"requirement": requirement.id, "member": person.id},
            once=f"{thread}:{step}",
        ),
        now=now,
    )


def _copy(requirement: RequirementRow, step: int, told: Sequence[Line], today: date, now: datetime) -> None:
    """One message a head of section, later one a coordinator, naming those who are still missing there."""
    above = _above(requirement, step, {line.unit_id for line in told if line.unit_id is not None}, today)
    missing: dict[int, list[JSON]] = {}
    for line in told:
        for who in above.get(line.unit_id or 0, ()):
            missing.setdefault(who, []).append(line.person.id)
    people = org.members_by_id(missing, on=today)
    for who, named in missing.items():
        thread = f"requirement:{requirement.id}:copy:{who}"
        outbox.enqueue(
            Message(
                kind="compliance.copy",
                thread=thread,
                to_name=people[who].name,
                to_email=people[who].email,
                payload={"requirement": requirement.id, "member": who, "missing": named},
                once=f"{thread}:{step}",
            ),
            now=now,
        )


def _above(requirement: RequirementRow, step: int, units: set[int], today: date) -> dict[int, set[int]]:
    """Who gets a copy at this step, by unit."""
    to_heads, to_coordinators = rules.copies(step, queries.steps(requirement.id))
    found: dict[int, set[int]] = {unit: set() for unit in units}
    for member in org.members_of(units, on=today) if to_heads else ():
        if member.unit is not None and is_head(member.position):
            found[member.unit.id].add(member.id)
    if to_coordinators:
        parents = {unit.id: unit.parent_id for unit in org.units(requirement.fiscal_year)}
        duties = org.duties(requirement.fiscal_year, kind=DutyKind.COORDINATOR, on=today)
        holders = {duty.unit.id: duty.member.id for duty in duties}
        for unit in units:
            holder = holders.get(parents.get(unit) or 0)
            found[unit] |= {holder} if holder is not None else set()
    return found
