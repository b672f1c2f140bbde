"""The checklist of an event: begun from the shipped steps, ticked, added to. Each verb leaves an audit entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from app.events import checklist
from app.events.checklist import StepDraft
from app.events.errors import NotEditable
from app.events.models import ChecklistStep, Event
from app.infra import audit
from app.infra.db import db, rows_changed, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor


@transaction
def begin(event_id: int, *, by: Actor, now: datetime) -> int:
    """Give an event the shipped steps of its audience; returns how many. Raises NotFound, NotEditable for a second."""
    event = db.session.get(Event, event_id, with_for_update=True)
    if event is None:
        raise NotFound
    if begun(event_id):
        raise NotEditable("準備の一覧は、すでに作られています。")
    steps = checklist.shipped(event.audience)
    lay(event_id, steps)
    audit.record("checklist.begun", "event", event_id, by=by, at=now, fields=[f"rows={len(steps)}"])
    return len(steps)


@transaction
def tick(event_id: int, step_id: int, *, done: bool, by: Actor, now: datetime) -> None:
    """Say that a step is done, or not done after all. Twice is once: who was first stays. Raises NotFound."""
    values = {"done_at": now, "done_by": by.label[:100]} if done else {"done_at": None, "done_by": ""}
    other = ChecklistStep.done_at.is_(None) if done else ChecklistStep.done_at.is_not(None)
    row = _step(event_id, step_id)
    if rows_changed(sa.update(ChecklistStep).where(ChecklistStep.id == step_id, other).values(**values)):
        action = "checklist.ticked" if done else "checklist.unticked"
        audit.record(action, "event", event_id, by=by, at=now, reason=row.title)


@transaction
def add(event_id: int, draft: StepDraft, *, by: Actor, now: datetime) -> int:
    """A step of one's own; returns its id. Raises NotFound."""
    if db.session.get(Event, event_id) is None:
        raise NotFound
    lay(event_id, [draft])
    step_id = db.session.scalars(sa.select(sa.func.max(ChecklistStep.id)).filter_by(event_id=event_id)).one()
    audit.record("checklist.added", "event", event_id, by=by, at=now, reason=draft.title)
    return int(step_id)


@transaction
def remove(event_id: int, step_id: int, *, by: Actor, now: datetime) -> None:
    """Take a step away, a shipped one too. Raises NotFound."""
    row = _step(event_id, step_id)
    audit.record("checklist.removed", "event", event_id, by=by, at=now, reason=row.title)
    db.session.delete(row)


def mark_done(event_id: int, key: str, *, by: Actor, now: datetime) -> None:
    """Tick a shipped step that a verb has just carried out, in its transaction, where the event has that step."""
    its = sa.update(ChecklistStep).filter_by(event_id=event_id, key=key, done_at=None)
    db.session.execute(its.values(done_at=now, done_by=by.label[:100]))


def begun(event_id: int) -> bool:
    """True where the event has steps."""
    return db.session.scalar(sa.select(ChecklistStep.id).filter_by(event_id=event_id).limit(1)) is not None


def lay(event_id: int, steps: Iterable[StepDraft]) -> None:
    """Add steps to an event, in the caller's transaction."""
    for step in steps:
        db.session.add(
            ChecklistStep(
                event_id=event_id,
                key=step.key,
                title=step.title,
                note=step.note,
                days=step.days,
                counting=step.counting,
            )
        )
    db.session.flush()  # those who count or number the steps next see them


def carry(from_id: int, to_id: int) -> None:
    """The same steps for another event, none of them done, in the caller's transaction."""
    chosen = sa.select(ChecklistStep).filter_by(event_id=from_id).order_by(ChecklistStep.id)
    lay(to_id, [_said(row) for row in db.session.scalars(chosen)])


def _said(row: ChecklistStep) -> StepDraft:
    return StepDraft(key=row.key, title=row.title, note=row.note, days=row.days, counting=row.counting)


def _step(event_id: int, step_id: int) -> ChecklistStep:
    row = db.session.scalar(sa.select(ChecklistStep).filter_by(id=step_id, event_id=event_id))
    if row is None:
        raise NotFound
    return row
