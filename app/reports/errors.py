"""How the reports room says no."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.errors import Refusal


class YearTaken(Refusal):
    """Each fiscal year has one report."""

    code = "year_taken"
    field = "fiscal_year"


class Frozen(Refusal):
    """A frozen report stays as it is; a correction can be published beside it."""

    code = "frozen"


class NotFrozen(Refusal):
    """Corrections are for what has been published."""

    code = "not_frozen"
    field = "text"


class ChangedMeanwhile(Refusal):
    """Somebody else saved the same text first; nothing was overwritten."""

    code = "changed_meanwhile"
    field = "text"


class StillLastYears(Refusal):
    """Texts of the year before, which nobody has looked at."""

    code = "still_last_years"


class OwnWork(Refusal):
    """Who wrote last does not review."""

    code = "own_work"


class NotReviewed(Refusal):
    """Only what was reviewed is frozen, and only as it was reviewed."""

    code = "not_reviewed"


class TooManyPhotos(Refusal):
    """A report has room for so many photos."""

    code = "too_many_photos"
    field = "file"


class WrongRows(Refusal):
    """A file of figures cannot be taken; `problems` name each row."""

    code = "wrong_rows"
    field = "file"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("この行を直して、もう一度選んでください。何も取り込んでいません。" + " ".join(problems))
        self.problems = tuple(problems)
