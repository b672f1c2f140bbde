"""Forms of the seats of a body."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from wtforms import HiddenField, RadioField

from app.events.audiences import Category
from app.events.types import Audience, EventRow
from app.infra import tokens
from app.registrations.bodies import BodyDraft, BodyRow
from app.registrations.types import Details
from app.web.console.forms.registrations import not_begun
from app.web.parts.fields import (
    AddressField,
    EmailField,
    JapaneseDateField,
    KanaField,
    LineField,
    NumberField,
    PhoneField,
    PostcodeField,
    TimeField,
    moment,
)
from app.web.parts.forms import BaseForm
from app.web.parts.person_form import CATEGORIES, NO_CONTACT, NeededForPostcode, SittingForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan, Printable

MOST = 500


class HeldForm(BaseForm):
    """How many seats are held, and until when the body may say who comes."""

    held = NumberField("確保する席", least=1, most=MOST, unit="席", validators=[Needed()])
    until_on = JapaneseDateField("入力の期限の日", validators=[Needed()])
    until_time = TimeField("入力の期限の時刻", validators=[Needed()])

    @classmethod
    def of(cls, body: BodyRow) -> Self:
        """The form with what is held."""
        return cls(held=body.held, until_on=body.edit_until, until_time=body.edit_until)

    @property
    def edit_until(self) -> datetime:
        """The deadline; call it on a valid form only."""
        found = moment(self.until_on.data, self.until_time.data)
        if found is None:
            raise ValueError("the form was not validated")
        return found


class BodyForm(SittingForm):
    """A new body: which sitting, who it is, whom to write to."""

    body = LineField("団体の名前", validators=[Needed(), NoLongerThan(60), Printable()])
    kana = KanaField("団体の名前のフリガナ", validators=[Needed(), NoLongerThan(60), Printable()])
    category = RadioField("参加区分", choices=CATEGORIES, validators=[Chosen()])
    contact = LineField("取りまとめの方のお名前", validators=[Needed(), NoLongerThan(60), Printable()])
    email = EmailField("メールアドレス")
    phone = PhoneField("電話番号")
    postcode = PostcodeField("郵便番号")
    postal_address = AddressField("送り先の住所", validators=[NeededForPostcode(120), Printable()])
    submission_id = HiddenField()


class NewBodyForm(BodyForm, HeldForm):
    """All of it."""

    @classmethod
    def for_event(cls, event: EventRow, now: datetime) -> Self:
        """The form with the sittings that have not begun."""
        usual = Category.STAFF if event.audience is Audience.STAFF else Category.RESIDENT
        form = cls(category=usual.value)
        form.offer(not_begun(event, now))
        if not form.submission_id.data:
            form.submission_id.data = tokens.random_id()
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then that there is a way to reach the body."""
        valid = super().validate(extra_validators)
        if self.email.data or self.phone.data or self.email.errors or self.phone.errors:
            return valid
        self.email.errors = [*self.email.errors, NO_CONTACT]
        return False

    def to_draft(self) -> BodyDraft:
        """The parsed shape that goes inside."""
        email = self.email.data or None
        details = Details(
            name=self.body.data or "",
            kana=self.kana.data or "",
            email=email,
            phone=self.phone.data or None,
            companions=(self.held.data or 1) - 1,
            category=Category(self.category.data),
            postcode="" if email else self.postcode.data,
            address="" if email else self.postal_address.data or "",
        )
        return BodyDraft(
            self.sitting.data, details, self.contact.data or "", self.edit_until, self.submission_id.data or ""
        )
