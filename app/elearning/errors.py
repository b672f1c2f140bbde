"""Each rule of the e-learning room that can say no, with the sentence people read."""

from __future__ import annotations

from app.kernel.errors import Refusal
from app.questions.types import Problem


class WrongDay(Refusal):
    """The due date lies outside the fiscal year."""

    code = "wrong_day"
    field = "due_on"


class Frozen(Refusal):
    """What was published does not change: a new version is made first."""

    code = "frozen"


class NotReady(Refusal):
    """Something is missing that a course needs before staff can take it."""

    code = "not_ready"


class Incomplete(Refusal):
    """A unit lacks what its kind is made of."""

    code = "incomplete"


class ContentsChanged(Refusal):
    """Somebody else has changed what was being changed, or the course has a new version since the page was read."""

    code = "contents_changed"


class NoTriesLeft(Refusal):
    """The check was taken as often as it may be."""

    code = "no_tries_left"


class Unread(Refusal):
    """The check comes after all units."""

    code = "unread"


class Unanswered(Refusal):
    """The check was sent with questions left open; `problems` name them."""

    code = "unanswered"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("答えていない問題があります。")
        self.problems = problems
