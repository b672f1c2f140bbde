"""Where a form is that a section of the city hall fills in, hands in and gets back; what happened to it on the way."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where it is. Approval by the section's head stands beside SUBMITTED."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"draft": "作成中", "submitted": "提出済", "returned": "差戻し", "accepted": "受理"}[self.value]

    @property
    def editable(self) -> bool:
        """Whether the section may write into it."""
        return self in {State.DRAFT, State.RETURNED}


class Step(StrEnum):
    """What happened to it; each keeps the answers of that moment."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "submitted": "提出",
            "withdrawn": "取下げ",
            "approved": "所属長の確認",
            "sent_back": "所属長の差戻し",
            "returned": "差戻し",
            "accepted": "受理",
        }[self.value]
