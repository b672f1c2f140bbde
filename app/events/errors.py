"""Each rule of the events room that can say no."""

from __future__ import annotations

from app.kernel.errors import Refusal


class ChangedMeanwhile(Refusal):
    """Somebody else changed the event since the form was opened; `revision` is the one it has now."""

    code = "changed_meanwhile"

    def __init__(self, revision: int) -> None:
        super().__init__(
            "この画面を開いたあとに、ほかの人が内容を変更しました。入力した内容はまだ保存していません。"
            "別の画面で今の内容を確かめてください。もう一度保存すると、この画面の内容で上書きします。"
        )
        self.revision = revision


class SlugTaken(Refusal):
    """Another event has this address."""

    code = "slug_taken"
    field = "slug"


class SlugFixed(Refusal):
    """The address of an event that was published is printed on flyers and stays."""

    code = "slug_fixed"
    field = "slug"


class AdmissionFixed(Refusal):
    """How places are given is public, and people may have applied: it stays as it was published."""

    code = "admission_fixed"
    field = "admission"


class CourseFixed(Refusal):
    """What people applied for as a course stays one, with the meetings that were announced."""

    code = "course_fixed"
    field = "sittings_taken"


class CourseKeepsSeats(Refusal):
    """A meeting that has no seats of its own would keep some for somebody."""

    code = "course_keeps_seats"
    field = "sittings_taken"


class PartialNeedsOffer(Refusal):
    """Fewer seats than asked for are offered, never given without asking."""

    code = "partial_needs_offer"
    field = "large_parties"


class DrawClosed(Refusal):
    """The list of the draw is made at the closing time, which therefore stays once it is over."""

    code = "draw_closed"
    field = "closes_on"


class WrongWindow(Refusal):
    """Sign-up would end before it begins."""

    code = "wrong_window"
    field = "closes_on"


class WrongPeriod(Refusal):
    """A sitting would end before it begins."""

    code = "wrong_period"
    field = "ends_time"


class NotEditable(Refusal):
    """The state of the event does not allow this change."""

    code = "not_editable"


class CapacityBelowKept(Refusal):
    """The new capacity is smaller than the number of seats that are kept."""

    code = "capacity_below_kept"
    field = "capacity"


class NotReady(Refusal):
    """Something that residents need to know is missing, or it is too early."""

    code = "not_ready"


class SittingInUse(Refusal):
    """People have registered for the sitting."""

    code = "sitting_in_use"


class WrongOutline(Refusal):
    """The rows of the programme do not make an outline."""

    code = "wrong_outline"


class VenueTaken(Refusal):
    """The same room is in the list already."""

    code = "venue_taken"
    field = "name"


class SeriesTaken(Refusal):
    """Another series has this address."""

    code = "series_taken"
    field = "slug"


class WrongColumns(ValueError):
    """A file of open data columns says something that cannot be; the message says what."""


class WrongSender(Refusal):
    """The sender's name could be read as an address, or answers would go where nobody reads them."""

    code = "wrong_sender"


class QuestionInUse(Refusal):
    """Another question is asked only where this one was answered in a certain way."""

    code = "question_in_use"


class TooManyQuestions(Refusal):
    """A form that asks more than this is not filled in."""

    code = "too_many_questions"
