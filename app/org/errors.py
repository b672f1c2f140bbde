"""Each rule of the org room that can say no, with the sentence people read."""

from __future__ import annotations

from app.kernel.errors import Refusal


class CodeTaken(Refusal):
    """Two units of one fiscal year cannot share a code."""

    code = "code_taken"
    field = "code"


class NumberTaken(Refusal):
    """Two members of staff cannot share a number."""

    code = "number_taken"
    field = "number"


class WrongParent(Refusal):
    """The unit would stand below itself, or below something that does not exist in that year."""

    code = "wrong_parent"
    field = "parent_id"


class WrongUnit(Refusal):
    """This kind of unit does not name anybody for this duty."""

    code = "wrong_unit"
    field = "unit_id"


class DutyHeld(Refusal):
    """Somebody holds the duty at that unit already."""

    code = "duty_held"


class WrongDay(Refusal):
    """A day outside the fiscal year, or before the duty began."""

    code = "wrong_day"
    field = "starts_on"


class PlanChanged(Refusal):
    """What many would go through is not what was looked at any more."""

    code = "plan_changed"


class YearBegun(Refusal):
    """The fiscal year has its sections already."""

    code = "year_begun"
