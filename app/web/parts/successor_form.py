"""Who takes a place over: asked of whoever hands it on, and of the organizer who does it for them."""

from __future__ import annotations

from typing import Self

from wtforms import BooleanField

from app.events.types import EventRow
from app.registrations.types import Details, RegistrationRow
from app.web.parts.fields import LineField
from app.web.parts.person_form import POSTAL, UNASKED_OF_GUESTS, ReachableForm
from app.web.parts.validators import NoLongerThan, Ticked

# As whom the place counts and how many come stays; so does what had its weight in a draw.
UNASKED = frozenset({"category", "companions", "first_time", "in_city"})


class SuccessorForm(ReachableForm):
    """The other person: what the event asks of everybody, without what stays as it is."""

    agreed = BooleanField(
        "この方に、席を譲ることと、お名前・連絡先をここに入力することの了解をもらっています",
        validators=[Ticked("ご本人の了解をもらってから、チェックを入れてください。")],
    )

    @classmethod
    def for_place(cls, registration: RegistrationRow, event: EventRow) -> Self:
        """The form for one place."""
        guest = UNASKED_OF_GUESTS | {"affiliation"} if registration.municipality else frozenset()
        post = frozenset() if event.asks_address else POSTAL
        form = cls.asking(event, unasked=UNASKED | guest | post)
        form.affiliation_kept = registration.details.affiliation if registration.municipality else ""
        return form

    affiliation_kept = ""

    def to_successor(self, event: EventRow) -> Details:
        """The parsed shape; a guest's colleague comes from the same place."""
        known = Details("", "", None, None, affiliation=self.affiliation_kept)
        return self.to_details(event, email=self.email.data or None, phone=self.phone.data or None, known=known)


class NotedSuccessorForm(SuccessorForm):
    """The same with what the organizer wants the history to keep."""

    why = LineField("経過に残すメモ", validators=[NoLongerThan(200)])
