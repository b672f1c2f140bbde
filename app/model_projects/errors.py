"""How the model projects room says no."""

from __future__ import annotations

from app.kernel.errors import Refusal


class OneSittingOnly(Refusal):
    """Tables are made up for one meeting."""

    code = "one_sitting_only"


class ThemeInUse(Refusal):
    """There are cards about the theme, or more tables have cards than it would keep."""

    code = "theme_in_use"


class ChoosingOver(Refusal):
    """The tables were made up, or the meeting has begun."""

    code = "choosing_over"


class WrongChoice(Refusal):
    """Not a theme of the event, or twice the same."""

    code = "wrong_choice"
    field = "second"


class NobodyToSeat(Refusal):
    """No theme, or nobody with a place."""

    code = "nobody_to_seat"


class NoSuchTable(Refusal):
    """The theme has no such table, or the person no place."""

    code = "no_such_table"
    field = "table"


class TooEarly(Refusal):
    """The next step is named once the meeting has begun."""

    code = "too_early"
    field = "text"
