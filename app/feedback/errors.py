"""How the feedback room says no."""

from __future__ import annotations

from app.kernel.errors import Refusal


class NotYetHeld(Refusal):
    """A draft or an event that was called off has nobody to ask."""

    code = "not_yet_held"


class TooLate(Refusal):
    """The event lies so far back that nobody could answer the form any more."""

    code = "too_late"


class WrongLastDay(Refusal):
    """The last day for answers lies before the event's end, before today, or too long after."""

    code = "wrong_last_day"
    field = "last_day"


class Begun(Refusal):
    """Somebody has answered: what is asked, and how it is broken down, stays."""

    code = "begun"


class Over(Refusal):
    """The form is closed for good: results have been seen."""

    code = "over"


class NotOpen(Refusal):
    """Answers are not taken now."""

    code = "not_open"


class NothingAnswered(Refusal):
    """An empty form says nothing."""

    code = "nothing_answered"


class FormChanged(Refusal):
    """Somebody else changed the questions meanwhile."""

    code = "form_changed"


class WrongKind(Refusal):
    """A question of a kind that an anonymous form does not ask."""

    code = "wrong_kind"
    field = "kind"


class WrongBreakdown(Refusal):
    """Only a question with one choice among few can break the others down."""

    code = "wrong_breakdown"
    field = "breakdown"
