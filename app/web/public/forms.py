"""What residents fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Self

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import StopValidation

from app.events.rules import sitting_open
from app.events.types import Audience, EventRow, SittingRow
from app.kernel import text
from app.kernel.japanese_dates import period_text
from app.registrations.types import Application, Category, Details, Needs, RegistrationRow
from app.web.parts.fields import (
    CompanionsField,
    EmailField,
    KanaField,
    LineField,
    MultiLineField,
    NameField,
    PhoneField,
)
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan, Printable

NEEDS = [("sign_language", "手話通訳"), ("captioning", "要約筆記"), ("wheelchair", "車いす席"), ("childcare", "託児")]
CATEGORIES = [(c.value, c.word) for c in Category]
NO_CONTACT = "メールアドレスか電話番号の、どちらか一つは入力してください。"


class Agreed(Needed):
    """The box under the stated purpose must be ticked."""

    def __call__(self, _form: Any, field: Any) -> None:
        """Raises StopValidation."""
        if not field.data:
            raise StopValidation("利用目的をお読みになり、チェックを入れてください。")


class SittingForm(BaseForm):
    """Which sitting; its own class so that the question comes first, in the page and among the errors."""

    sitting = RadioField("参加する回", coerce=int, validators=[Chosen()])


class PersonForm(BaseForm):
    """What a person says of themselves; an event asks only for what it needs."""

    name = NameField("お名前", validators=[Needed(), NoLongerThan(60), Printable()])
    kana = KanaField("フリガナ", validators=[Needed(), NoLongerThan(60), Printable()])
    category = RadioField("参加区分", choices=CATEGORIES)
    affiliation = LineField("団体・所属", validators=[NoLongerThan(100), Printable()])
    district = LineField("お住まいの地区", validators=[NoLongerThan(60), Printable()])
    companions = CompanionsField("同伴者の人数", unit="人")
    needs = SelectMultipleField("参加にあたり必要なこと", choices=NEEDS)
    needs_note = MultiLineField("そのほか必要なこと", validators=[NoLongerThan(400), Printable()])

    def ask_for(self, event: EventRow) -> None:
        """Drop what this event does not ask."""
        dropped = {
            "category": event.audience is Audience.RESIDENTS,
            "affiliation": not event.asks_affiliation,
            "district": not event.asks_district,
            "companions": event.max_companions == 0,
            "needs": not event.asks_needs,
            "needs_note": not event.asks_needs,
        }
        for name, gone in dropped.items():
            if gone:
                del self[name]
        if "companions" in self:
            self.companions.most = event.max_companions
        if "category" in self and not self.category.data:
            self.category.data = self.default_category(event).value

    @staticmethod
    def default_category(event: EventRow) -> Category:
        """What somebody counts as who was not asked."""
        return Category.STAFF if event.audience is Audience.STAFF else Category.RESIDENT

    def to_needs(self) -> Needs:
        """The needs that were ticked."""
        chosen = set(self.value("needs") or ())
        return Needs(**{key: key in chosen for key, _word in NEEDS}, note=self.value("needs_note") or "")

    def value(self, name: str) -> Any:
        """The cleaned value of a field, None where the event does not ask for it."""
        return self[name].data if name in self else None

    def to_details(self, event: EventRow, *, email: str | None, phone: str | None) -> Details:
        """The parsed shape that goes inside."""
        category = self.value("category")
        return Details(
            name=self.name.data or "",
            kana=self.kana.data or "",
            email=email,
            phone=phone,
            companions=self.value("companions") or 0,
            district=self.value("district") or "",
            affiliation=self.value("affiliation") or "",
            category=Category(category) if category else self.default_category(event),
            needs=self.to_needs(),
        )


class ApplyForm(SittingForm, PersonForm):
    """The application of a resident."""

    email = EmailField("メールアドレス")
    phone = PhoneField("電話番号")
    consent = BooleanField("利用目的を確認しました", validators=[Agreed()])
    submission_id = HiddenField()
    confirmed = HiddenField()

    @classmethod
    def for_event(cls, event: EventRow, now: datetime, **preset: Any) -> Self:
        """The form of one event, with the sittings that can be chosen now."""
        form = cls(**preset)
        form.ask_for(event)
        open_sittings = [s for s in event.sittings if sitting_open(event, s, now)]
        form.sitting.choices = [(s.id, sitting_label(s)) for s in open_sittings]
        if form.sitting.data is None and len(open_sittings) == 1:
            form.sitting.data = open_sittings[0].id
            form.sitting.raw_data = [str(open_sittings[0].id)]
        return form

    def validate(self, extra_validators: dict[str, Sequence[Any]] | None = None) -> bool:
        """Each field by itself, then that there is a way to reach the person."""
        valid = super().validate(extra_validators)
        reachable = bool(self.email.data or self.phone.data)
        if not reachable and not (self.email.errors or self.phone.errors):
            self.email.errors = [*self.email.errors, NO_CONTACT]
        return valid and reachable

    def answers(self, sitting: SittingRow) -> list[tuple[str, str]]:
        """What the confirmation page shows, in the order of the form."""
        rows = [("参加する回", sitting_label(sitting)), ("お名前", self.name.data), ("フリガナ", self.kana.data)]
        if "category" in self:
            rows.append(("参加区分", dict(CATEGORIES)[self.category.data]))
        rows += [(self[n].label.text, self[n].data) for n in ("affiliation", "district") if self.value(n)]
        if "companions" in self:
            rows.append(("人数", f"{1 + self.companions.data}人（あなたと同伴者{self.companions.data}人）"))
        if needs := self.to_needs():
            rows.append(("必要なこと", "、".join(needs.words)))
        rows.append(("メールアドレス", self.email.data or "なし"))
        rows.append(("電話番号", text.phone_text(self.phone.data) if self.phone.data else "なし"))
        return rows

    def typed(self) -> Iterator[tuple[str, str]]:
        """Everything the form holds, as the fields that send it again."""
        for field in self:
            if field.name in {"csrf_token", "confirmed"} or field.data in (None, "", False):
                continue
            values = field.data if isinstance(field.data, list) else [field.data]
            yield from ((field.name, "y" if value is True else str(value)) for value in values)

    def to_application(self, event: EventRow) -> Application:
        """The parsed shape that goes inside."""
        details = self.to_details(event, email=self.email.data or None, phone=self.phone.data or None)
        return Application(self.sitting.data, details, self.submission_id.data or "")


class ChangeForm(PersonForm):
    """Putting one's own registration right. Contacts are shown masked, so a new one is asked for only to replace it."""

    email = EmailField("新しいメールアドレス")
    phone = PhoneField("新しい電話番号")
    version = HiddenField()

    @classmethod
    def for_registration(cls, registration: RegistrationRow, event: EventRow) -> Self:
        """The form with what is known, contacts left out."""
        known = registration.details
        needs = [key for key, _word in NEEDS if getattr(known.needs, key)]
        form = cls(
            name=known.name,
            kana=known.kana,
            category=known.category.value,
            affiliation=known.affiliation,
            district=known.district,
            companions=known.companions,
            needs=needs,
            needs_note=known.needs.note,
            version=str(registration.version),
        )
        form.ask_for(event)
        return form

    def to_changed(self, registration: RegistrationRow, event: EventRow) -> Details:
        """The parsed shape; a contact that was left empty stays as it was."""
        known = registration.details
        return self.to_details(event, email=self.email.data or known.email, phone=self.phone.data or known.phone)

    @property
    def seen_version(self) -> int:
        """The version the person had before them, 0 for anything that is no number."""
        value = str(self.version.data or "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


class CancelForm(BaseForm):
    """Giving a place up."""

    reason = MultiLineField("取り消す理由", validators=[NoLongerThan(400)])


def sitting_label(sitting: SittingRow) -> str:
    """午前の部　令和8年6月2日（火）9時30分～12時（残り12席）"""
    left = sitting.seats_left
    seats = "" if left is None else f"（残り{left}席）" if left else "（満席・キャンセル待ち）"
    return f"{sitting.label}　{period_text(sitting.starts_at, sitting.ends_at)}{seats}".strip()
