"""Shapes of the screening: criteria, reviewers, rounds, results, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_POINTS = 5


class RoundKind(StrEnum):
    """Which round of screening it is."""

    PAPERS = "papers"
    PRESENTATION = "presentation"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"papers": "書類審査（1次）", "presentation": "公開プレゼンテーション（2次）"}[self.value]


class Outcome(StrEnum):
    """What was decided of a proposal."""

    ADOPTED = "adopted"
    CONDITIONAL = "conditional"
    DECLINED = "declined"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"adopted": "採択", "conditional": "条件付き採択", "declined": "不採択"}[self.value]


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """What points are given for. `weight`: how often they count."""

    id: int
    label: str
    note: str
    weight: int


@dataclass(frozen=True, slots=True)
class ReviewerDraft:
    """Whom to invite as a reviewer."""

    name: str
    affiliation: str
    email: str


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """A reviewer of a programme. `email` is "" once it was forgotten."""

    id: int
    programme_id: int
    public_id: str
    name: str
    affiliation: str
    email: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A reviewer who keeps out of a proposal."""

    reviewer_id: int
    proposal_id: int
    reason: str
    declared_by: str


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round that was opened."""

    id: int
    programme_id: int
    kind: RoundKind
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One reviewer's sheet. `points` by the criterion's id; `counted` after the round was closed."""

    reviewer_id: int
    proposal_id: int
    points: Mapping[int, int]
    comment: str
    counted: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """What came of a proposal in a round. `average` in hundredths of a point; None: no sheet counts. `place` from 1."""

    proposal_id: int
    sheets: int
    average: int | None
    lowest: int | None
    highest: int | None
    place: int | None

    @property
    def average_text(self) -> str:
        """38.25, or a dash."""
        return "―" if self.average is None else f"{self.average // 100}.{self.average % 100:02}"


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """What is decided. `amount` in yen, 0 where it is declined."""

    outcome: Outcome
    amount: int
    conditions: str
    reasons: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What was decided, and since when the group knows."""

    proposal_id: int
    draft: DecisionDraft
    decided_at: datetime
    decided_by: str
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class AdoptedRow:
    """What residents see of a project that was adopted."""

    title: str
    group_name: str
    course: str
    amount: int
