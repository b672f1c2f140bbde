"""What an organizer chooses of how an event's places are given. Each has its word on the screen."""

from __future__ import annotations

from enum import StrEnum


class WaitingMode(StrEnum):
    """What becomes of a seat that is free while people wait: theirs at once, or offered with a time to answer by."""

    AUTOMATIC = "automatic"
    OFFER = "offer"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"automatic": "自動で確定", "offer": "案内して回答を待つ"}[self.value]


class LargeParties(StrEnum):
    """What becomes of a party that waits for more seats than are free.

    `skip`: those behind it who fit are served. `wait`: nobody is, until it fits. `partial`: it is offered what is free.
    """

    SKIP = "skip"
    WAIT = "wait"
    PARTIAL = "partial"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"skip": "入れる方を先にする", "wait": "席がそろうまで待つ", "partial": "空いている席だけ案内する"}[
            self.value
        ]


class Naming(StrEnum):
    """Whether those who come along are named."""

    NONE = "none"
    ASKED = "asked"
    REQUIRED = "required"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"none": "尋ねない", "asked": "尋ねる（任意）", "required": "必ず尋ねる"}[self.value]


class SittingsTaken(StrEnum):
    """How many of its sittings one takes part in: one, as many as one chooses, or all of them (a course)."""

    ONE = "one"
    SOME = "some"
    ALL = "all"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "one": "一つの回を選ぶ",
            "some": "参加する回を選ぶ（いくつでも）",
            "all": "すべての回に参加する（連続講座）",
        }[self.value]
