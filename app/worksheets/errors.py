"""Each rule of the worksheets room that can say no, with the sentence people read."""

from __future__ import annotations

from app.kernel.errors import Refusal
from app.questions.types import Problem
from app.worksheets.types import WorksheetView


class CodeTaken(Refusal):
    """A fiscal year has each worksheet once."""

    code = "code_taken"
    field = "code"


class WrongDay(Refusal):
    """The due date lies outside the fiscal year."""

    code = "wrong_day"
    field = "due_on"


class NotWritable(Refusal):
    """It was handed in or accepted, or the organizer has closed it."""

    code = "not_writable"


class FormChanged(Refusal):
    """Somebody else has changed the form that was being changed."""

    code = "form_changed"


class NoRoom(Refusal):
    """The worksheet has as many files as it may have, or they are too large together."""

    code = "no_room"
    field = "file"


class WrongState(Refusal):
    """What was asked for does not follow from where the worksheet is."""

    code = "wrong_state"


class NothingToCopy(Refusal):
    """The section handed in nothing last year."""

    code = "nothing_to_copy"


class NoComment(Refusal):
    """Who gets a worksheet back must read why."""

    code = "no_comment"
    field = "comment"


class NotAgreed(Refusal):
    """A row that its section does not want published cannot be chosen."""

    code = "not_agreed"


class ChangedMeanwhile(Refusal):
    """Somebody else saved first. `theirs` is what stands now; nothing was overwritten."""

    code = "changed_meanwhile"

    def __init__(self, theirs: WorksheetView) -> None:
        super().__init__(
            f"{theirs.updated_by or '別の職員'}さんが先に保存しています。入力した内容は残っています。"
            "双方の内容を確かめてください。"
        )
        self.theirs = theirs


class AssessedMeanwhile(Refusal):
    """A colleague has written into the organizer's part meanwhile, or the section has taken the worksheet back."""

    code = "assessed_meanwhile"


class WrongAnswers(Refusal):
    """The organizer's own answers are not what their questions ask for; `problems` name each."""

    code = "wrong_answers"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)}か所を直してください。")
        self.problems = problems


class Incomplete(Refusal):
    """It cannot be handed in yet; `problems` name what is missing."""

    code = "incomplete"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"提出する前に、{len(problems)}か所を直してください。")
        self.problems = problems
