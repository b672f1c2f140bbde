"""What residents fill in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self

from wtforms import BooleanField, HiddenField, RadioField

from app.events.audiences import Category
from app.events.choices import SittingsTaken
from app.events.rules import sitting_open
from app.events.types import EventRow, SittingRow
from app.kernel import text
from app.questions.party import People
from app.registrations import party
from app.registrations.types import Application, Details, RegistrationRow
from app.web.parts.fields import EmailField, MultiLineField, PhoneField
from app.web.parts.forms import BaseForm
from app.web.parts.person_form import (
    CATEGORIES,
    POSTAL,
    UNASKED_OF_GUESTS,
    PersonForm,
    ReachableForm,
    SittingForm,
    SittingsForm,
    sitting_label,
    when_label,
)
from app.web.parts.validators import Chosen, NoLongerThan, Ticked

# What the confirmation page calls the sittings.
TAKEN = "参加する回"


class ApplyForm(SittingForm, ReachableForm):
    """The application of a resident. `address` is the endpoint it is sent to."""

    address = "public.apply_send"
    consent = BooleanField(
        "利用目的を確認しました", validators=[Ticked("利用目的をお読みになり、チェックを入れてください。")]
    )
    submission_id = HiddenField()
    confirmed = HiddenField()

    @classmethod
    def for_event(cls, event: EventRow, now: datetime, **preset: Any) -> Self:
        """The form of one event, with the sittings that can be chosen now."""
        form = cls.asking(event, unasked=() if event.asks_address else POSTAL, **preset)
        form.offer_open(event, now)
        return form

    def offer_open(self, event: EventRow, now: datetime) -> None:
        """The sittings that can be chosen now."""
        self.offer([s for s in event.offered if sitting_open(event, s, now)])

    def taken(self, event: EventRow) -> list[SittingRow]:
        """The sittings that were chosen, by date."""
        return [one for one in event.offered if one.id in self.chosen]

    def waits(self, event: EventRow) -> list[SittingRow]:
        """The chosen sittings where the seats that are left for whom they count as are too few for them."""
        return [one for one in self.taken(event) if self._too_few(one)]

    def _too_few(self, sitting: SittingRow) -> bool:
        left = sitting.left_for(Category(self.value("category") or sitting.counts_as))
        return left is not None and left < 1 + (self.value("companions") or 0)

    def answers(self, event: EventRow) -> list[tuple[str, str]]:
        """What the confirmation page shows, in the order of the form."""
        rows = [(TAKEN, sitting_label(one)) for one in self.taken(event)]
        if event.is_course:
            rows = [(TAKEN, when_label(one)) for one in event.sittings]
        rows += [("お名前", self.name.data or ""), ("フリガナ", self.kana.data or "")]
        if "category" in self:
            rows.append(("参加区分", CATEGORIES[self.category.data]))
        rows += [(self[n].label.text, self.value(n)) for n in ("affiliation", "district") if self.value(n)]
        if "companions" in self:
            companions = self.value("companions") or 0
            rows.append(("人数", f"{1 + companions}人（あなたと同伴者{companions}人）"))
        if "names" in self and self.names.people:
            rows.append(
                (
                    "同伴者のお名前",
                    "、".join(f"{one.name}（{one.kana}）" if one.kana else one.name for one in self.names.people),
                )
            )
        rows += [("抽選に関わること", self[n].label.text) for n in ("first_time", "in_city") if self.value(n)]
        if needs := self.to_needs():
            rows.append(("必要なこと", "、".join(needs.words)))
        rows.append(("メールアドレス", self.email.data or "なし"))
        rows.append(("電話番号", text.phone_text(self.phone.data) if self.phone.data else "なし"))
        if self.value("postal_address") and not self.email.data:
            rows.append(("通知の郵送先", f"{self.postcode.typed}　{self.postal_address.data}".strip()))
        return [*rows, *self.sheet.rows()]

    def typed(self) -> Iterator[tuple[str, str]]:
        """Everything the form holds, as the fields that send it again."""
        for field in self:
            if field.name in {"csrf_token", "confirmed"} or field.data in (None, "", False):
                continue
            # A telephone number goes back as it was typed, not as it is stored.
            data = getattr(field, "typed", field.data)
            values = data if isinstance(data, list) else [data]
            yield from ((field.name, "y" if value is True else str(value)) for value in values)
        yield from self.sheet.typed(self.people)

    def to_application(self, event: EventRow) -> Application:
        """The parsed shape that goes inside."""
        details = self.to_details(event, email=self.email.data or None, phone=self.phone.data or None)
        return Application(self.chosen[0], details, self.submission_id.data or "")


class SeveralForm(SittingsForm, ApplyForm):
    """The same for as many sittings as one likes."""


def apply_form_of(event: EventRow) -> type[ApplyForm]:
    """The form with which one applies for an event."""
    return SeveralForm if event.sittings_taken is SittingsTaken.SOME else ApplyForm


class ChangeForm(PersonForm):
    """Putting one's own registration right. Contacts are shown masked, so a new one is asked for only to replace it."""

    email = EmailField("新しいメールアドレス")
    phone = PhoneField("新しい電話番号")
    version = HiddenField()

    @classmethod
    def for_registration(cls, registration: RegistrationRow, event: EventRow, said: People) -> Self:
        """The form with what is known and was answered, contacts left out."""
        unasked = UNASKED_OF_GUESTS if registration.municipality else ()
        known = cls.known(registration.details) | {"names": party.of_registration(registration.id)}
        return cls.asking(event, unasked=unasked, said=said, **known, version=str(registration.version))

    def to_changed(self, registration: RegistrationRow, event: EventRow) -> Details:
        """The parsed shape; a contact that was left empty stays as it was."""
        known = registration.details
        email, phone = self.email.data or known.email, self.phone.data or known.phone
        return self.to_details(event, email=email, phone=phone, known=known)

    @property
    def seen_version(self) -> int:
        """The version the person had before them, 0 for anything that is no number."""
        value = str(self.version.data or "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


class CancelForm(BaseForm):
    """Giving a place up, or all those of the same sign-up."""

    how_much = RadioField(
        "取り消す範囲",
        choices={"one": "この回だけ", "all": "同じお申込みのすべての回"},
        default="one",
        validators=[Chosen()],
    )
    reason = MultiLineField("取り消す理由", validators=[NoLongerThan(400)])

    @classmethod
    def of(cls, registration: RegistrationRow) -> Self:
        """The form; how much is asked only where there is more than one."""
        form = cls()
        if registration.sign_up is None:
            del form.how_much
        return form

    @property
    def everything(self) -> bool:
        """Whether all places of the sign-up are given up."""
        return "how_much" in self and self.how_much.data == "all"
