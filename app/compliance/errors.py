"""Each rule of the compliance room that can say no, with the sentence people read."""

from __future__ import annotations

from app.kernel.errors import Refusal


class CodeTaken(Refusal):
    """A fiscal year has each requirement once: of one series and audience, each by a name of its own."""

    code = "code_taken"
    field = "title"


class WrongDay(Refusal):
    """The due date lies outside the fiscal year."""

    code = "wrong_day"
    field = "due_on"


class WrongWorksheet(Refusal):
    """A worksheet is demanded of sections, so of promoters, and in its own fiscal year."""

    code = "wrong_worksheet"
    field = "template_id"


class WrongCourse(Refusal):
    """A requirement is met by something, and a course is of its own fiscal year."""

    code = "wrong_course"
    field = "course_id"


class NobodyChosen(Refusal):
    """A requirement that binds chosen units or named people needs some that there are in its year."""

    code = "nobody_chosen"


class NoReason(Refusal):
    """An exemption and attendance elsewhere need words that an auditor can follow."""

    code = "no_reason"
    field = "reason"


class PlanChanged(Refusal):
    """What was looked at is not what would be done now."""

    code = "plan_changed"


class SubstituteRefused(Refusal):
    """The requirement does not take substitutes, or not this one."""

    code = "substitute_refused"
    field = "substitute_id"
