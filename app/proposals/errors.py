"""How the proposals room says no."""

from __future__ import annotations

from app.kernel.errors import Refusal


class YearTaken(Refusal):
    """There is a programme of that year already."""

    code = "year_taken"
    field = "year"


class WrongDates(Refusal):
    """The days of the phases do not follow one another."""

    code = "wrong_dates"


class CourseTaken(Refusal):
    """Another course of the programme has that name."""

    code = "course_taken"
    field = "name"


class NoCourses(Refusal):
    """A programme without a course cannot be shown."""

    code = "no_courses"


class WrongState(Refusal):
    """What was asked for does not follow from where the thing stands."""

    code = "wrong_state"


class NoRemark(Refusal):
    """Something is given back without saying why."""

    code = "no_remark"
    field = "remark"


class FigureKnown(Refusal):
    """The figures of that year and course are known already."""

    code = "figure_known"
    field = "course"
