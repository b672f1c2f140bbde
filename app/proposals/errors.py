"""How the proposals room says no."""

from __future__ import annotations

from app.kernel.errors import Refusal
from app.questions.types import Problem


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


class CourseInUse(Refusal):
    """Groups have chosen the course: its bounds hold for them."""

    code = "course_in_use"


class NotOpen(Refusal):
    """Applications are not taken on this day."""

    code = "not_open"


class WrongTheme(Refusal):
    """The course asks for a theme of a section, or for none."""

    code = "wrong_theme"
    field = "theme"


class TooManyYears(Refusal):
    """The course supports a project for fewer years."""

    code = "too_many_years"
    field = "support_year"


class NotWritable(Refusal):
    """The proposal cannot be changed where it stands."""

    code = "not_writable"


class ChangedMeanwhile(Refusal):
    """Somebody else with the link has saved since the page was opened."""

    code = "changed_meanwhile"


class Incomplete(Refusal):
    """Answers are missing or the sums are wrong."""

    code = "incomplete"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("記入が足りないか、合っていない箇所があります。")
        self.problems = problems


class NoRoom(Refusal):
    """No more files, or too many bytes of them."""

    code = "no_room"


class ReviewerKnown(Refusal):
    """A reviewer of the programme has that address."""

    code = "reviewer_known"
    field = "email"


class CriteriaFixed(Refusal):
    """Points have been given: what they are given for stays."""

    code = "criteria_fixed"


class NotScreenable(Refusal):
    """A round cannot be opened or closed as it is."""

    code = "not_screenable"


class SheetsMissing(Refusal):
    """Reviewers have not given all their points."""

    code = "sheets_missing"
    field = "anyway"


class InConflict(Refusal):
    """The reviewer keeps out of this proposal."""

    code = "in_conflict"


class WrongAmount(Refusal):
    """More than was asked for, or nothing."""

    code = "wrong_amount"
    field = "amount"


class NoConditions(Refusal):
    """Conditions without words, or words without conditions."""

    code = "no_conditions"
    field = "conditions"
