"""Each rule of the surveys room that can say no, with the sentence people read."""

from __future__ import annotations

from app.kernel.errors import Refusal
from app.questions.types import Problem
from app.surveys.types import PartView


class YearTaken(Refusal):
    """A fiscal year has one survey."""

    code = "year_taken"


class WrongDay(Refusal):
    """The due date lies outside the fiscal year."""

    code = "wrong_day"
    field = "due_on"


class FormFixed(Refusal):
    """Somebody has begun to answer, or somebody else has changed the form that was being changed."""

    code = "form_fixed"


class NotCountable(Refusal):
    """The form no longer asks what the count stands on."""

    code = "not_countable"


class NotWritable(Refusal):
    """It was handed in or accepted, or the organizer has closed the survey."""

    code = "not_writable"


class WrongState(Refusal):
    """What was asked for does not follow from where the answer is."""

    code = "wrong_state"


class HasProjects(Refusal):
    """該当なし and a project exclude each other."""

    code = "has_projects"


class TooManyRows(Refusal):
    """The section of the form has as many rows as it may have."""

    code = "too_many_rows"


class NoRemark(Refusal):
    """Who gets an answer back must read why, in as many words as are kept."""

    code = "no_remark"
    field = "remark"


class NotAColleague(Refusal):
    """Parts are handed to people of the same section."""

    code = "not_a_colleague"
    field = "member"


class AlreadyHanded(Refusal):
    """The same colleague has it already."""

    code = "already_handed"
    field = "member"


class NotReported(Refusal):
    """One of the two projects is no longer in a handed-in answer."""

    code = "not_reported"


class WrongFigures(Refusal):
    """A pasted table of earlier years cannot be read; the sentence names the line."""

    code = "wrong_figures"
    field = "pasted"


class Incomplete(Refusal):
    """It cannot be handed in yet; `problems` name what is missing, besides the sentence."""

    code = "incomplete"

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class ChangedMeanwhile(Refusal):
    """Somebody else has changed the same answers. `theirs` is what stands now; nothing was overwritten."""

    code = "changed_meanwhile"

    def __init__(self, theirs: PartView) -> None:
        super().__init__(
            f"{theirs.updated_by or '別の職員'}さんが先に同じ欄を保存しています。入力した内容は残っています。"
            "双方の内容を確かめてください。"
        )
        self.theirs = theirs
