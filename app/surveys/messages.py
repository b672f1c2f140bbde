"""What we tell sections about the survey; each adds outbox rows to the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.delivery import outbox
from app.delivery.types import Message
from app.kernel.japanese_dates import local_date
from app.org import queries as org
from app.org.rules import is_head
from app.org.types import DutyKind, MemberRow
from app.surveys import answers, queries
from app.surveys.models import SurveyAnswer


def approval_wanted(row: SurveyAnswer, *, now: datetime) -> None:
    """The heads of the section are asked to confirm what was handed in."""
    _tell(row, "approval_wanted", heads(row.unit_id, now=now), now)


def returned(row: SurveyAnswer, *, now: datetime) -> None:
    """Those who are concerned get it back."""
    _tell(row, "returned", _concerned(row, now), now)


def accepted(row: SurveyAnswer, *, now: datetime) -> None:
    """Those who are concerned need do nothing more."""
    _tell(row, "accepted", _concerned(row, now), now)


def handed(row: SurveyAnswer, member: MemberRow, *, now: datetime) -> None:
    """A colleague is asked to fill in a part."""
    _tell(row, "handed", [member], now)


def reminder(survey_id: int, unit_id: int, days: int, people: Iterable[MemberRow], *, now: datetime) -> None:
    """A section that has not handed in is told at a step of the plan; the outbox takes each once."""
    for person in people:
        thread = f"survey:{survey_id}:{unit_id}:{person.id}"
        outbox.enqueue(
            Message(
                kind="survey.reminder",
                thread=thread,
                to_name=person.name,
                to_email=person.email,
                payload={"survey": survey_id, "unit": unit_id, "member": person.id},
                once=f"{thread}:{days}",
            ),
            now=now,
        )


def heads(unit_id: int, *, now: datetime) -> list[MemberRow]:
    """The heads who work at a unit."""
    return [one for one in org.members_of([unit_id], on=local_date(now)) if is_head(one.position)]


def _concerned(row: SurveyAnswer, now: datetime) -> list[MemberRow]:
    """The section's promoters and who handed it in, each once; who can no longer open it is not told."""
    day, sender = local_date(now), row.submitted_member_id
    promoters = org.holders(row.unit_id, DutyKind.PROMOTER, on=day)
    if sender is None or sender in {one.id for one in promoters}:
        return promoters
    may = answers.reach(sender, queries.survey(row.survey_id), row.unit_id, on=day)
    return [*promoters, *([org.member(sender, on=day)] if may is not None else [])]


def _tell(row: SurveyAnswer, kind: str, people: Iterable[MemberRow], now: datetime) -> None:
    for person in people:
        outbox.enqueue(
            Message(
                kind=f"survey.{kind}",
                thread=f"survey:{row.survey_id}:{row.unit_id}:{person.id}",
                to_name=person.name,
                to_email=person.email,
                payload={
                    "survey": row.survey_id,
                    "unit": row.unit_id,
                    "member": person.id,
                    "version": row.version,
                },
            ),
            now=now,
        )
