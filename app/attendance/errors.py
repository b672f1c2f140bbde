"""Each rule that can say no, with the sentence people read."""

from __future__ import annotations

from app.kernel.errors import Refusal


class TooEarly(Refusal):
    """Attendance is taken from the day of the sitting on, and closed after it began."""

    code = "too_early"


class NotHeld(Refusal):
    """The event was not published, or it was called off."""

    code = "not_held"


class NotOnTheList(Refusal):
    """Only a confirmed registration of the sitting can be marked."""

    code = "not_on_the_list"


class PartyTooLarge(Refusal):
    """More people than the registration has seats for, or none at all."""

    code = "party_too_large"
    field = "people"


class ReasonNeeded(Refusal):
    """After the attendance was closed, each change says why."""

    code = "reason_needed"
    field = "reason"


class SomeUnmarked(Refusal):
    """Somebody on the list has no mark yet."""

    code = "some_unmarked"


class CountDiffers(Refusal):
    """The paper sheet has another number of people."""

    code = "count_differs"
    field = "sheet_count"


class NamesOrNumbers(Refusal):
    """A sitting is counted by names or by plain numbers, never by both: people would count twice."""

    code = "names_or_numbers"
