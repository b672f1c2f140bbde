"""Shapes of reports and of looking back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.questions.types import Answers


class ReportKind(StrEnum):
    """Which report it is."""

    INTERIM = "interim"
    FINAL = "final"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"interim": "中間報告", "final": "実績報告"}[self.value]


class ReportState(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"draft": "作成中", "submitted": "提出済", "returned": "補正の依頼", "accepted": "受理"}[self.value]

    @property
    def editable(self) -> bool:
        """Whether the group may still write."""
        return self in {ReportState.DRAFT, ReportState.RETURNED}


class Side(StrEnum):
    """Who looks back."""

    GROUP = "group"
    CITY = "city"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"group": "団体", "city": "市"}[self.value]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report; one that nobody has begun is an empty draft of version 0."""

    proposal_id: int
    kind: ReportKind
    state: ReportState
    answers: Answers
    remark: str
    version: int
    updated_at: datetime | None
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReflectionRow:
    """How one side looks back."""

    side: Side
    answers: Answers
    updated_at: datetime
    updated_by: str
