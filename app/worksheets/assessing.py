"""What only the organizer writes into a worksheet that was handed in."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256

from app.infra import audit
from app.infra.db import transaction
from app.kernel.types import Actor
from app.questions.internal import internal_problems, together
from app.questions.states import State
from app.questions.validate import check
from app.worksheets import queries, rules, steps
from app.worksheets.errors import AssessedMeanwhile, WrongAnswers
from app.worksheets.types import WorksheetView

READABLE = (State.SUBMITTED, State.ACCEPTED)


@transaction
def assess(worksheet_id: int, answers: object, *, seen: str, by: Actor, now: datetime) -> None:
    """Keep the organizer's own answers; whatever else `answers` holds is not looked at.

    `seen`: digest() of the worksheet that was read. The section's version stays: nothing changes for them.
    Raises NotFound, WrongState, AssessedMeanwhile, WrongAnswers.
    """
    row = steps.locked(worksheet_id)
    rules.check_step(row.state, among=READABLE, doing="事務局の記入")
    view = queries.one(worksheet_id)
    if digest(view) != seen:
        raise AssessedMeanwhile("別の職員が先に保存しています。画面を読み込み直して、もう一度記入してください。")
    given = check(view.definition, answers, complete=False).answers
    kept = check(view.definition, together(view.definition, view.answers, given), complete=False)
    wrong = internal_problems(view.definition, kept.problems)
    if wrong:
        raise WrongAnswers(wrong)
    if row.answers != kept.answers:
        row.answers = kept.answers
        steps.lay_out(row, view.definition)
        audit.record("worksheet.assessed", "worksheet", row.id, by=by, at=now)


def digest(view: WorksheetView) -> str:
    """Differs where what was handed in, or what the organizer wrote of it, differs."""
    written = json.dumps([view.version, view.answers], ensure_ascii=False, sort_keys=True)
    return sha256(written.encode()).hexdigest()[:16]
