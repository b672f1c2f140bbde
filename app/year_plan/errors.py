"""How the year's plan says no."""

from __future__ import annotations

from app.kernel.errors import Refusal


class AlreadyBegun(Refusal):
    """A section has one plan a year."""

    code = "already_begun"


class WrongDay(Refusal):
    """The days lie outside the fiscal year, or the wrong way round."""

    code = "wrong_day"
    field = "starts_on"


class WrongPage(Refusal):
    """A page of this service begins with a slash."""

    code = "wrong_page"
    field = "page"
