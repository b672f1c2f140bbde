"""What a person says of themselves: asked of residents on the public form, and by staff who enter for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Self, TypeVar, cast

from flask import request
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import StopValidation

from app.events.audiences import Category
from app.events.choices import Naming
from app.events.types import Audience, EventRow, SittingRow
from app.kernel.japanese_dates import period_text
from app.questions.party import People
from app.registrations.types import Details, Needs
from app.web.parts.asked_form import QuestionSheet
from app.web.parts.fields import (
    AddressField,
    CompanionsField,
    EmailField,
    KanaField,
    LineField,
    MultiLineField,
    NameField,
    PhoneField,
    PostcodeField,
)
from app.web.parts.forms import BaseForm, Problem
from app.web.parts.limits import UPLOAD, hit
from app.web.parts.names_field import NamesField
from app.web.parts.validators import Chosen, Needed, NoLongerThan, Printable

F = TypeVar("F", bound="PersonForm")

NEEDS = {"sign_language": "手話通訳", "captioning": "要約筆記", "wheelchair": "車いす席", "childcare": "託児"}
# What gives more tickets in a draw, as the applicant says it.
FIRST_TIME = "この研修会・講座に参加するのは初めてです"
IN_CITY = "市内に住んでいます、勤めています、または通学しています"
CATEGORIES = {c.value: c.word for c in Category}
# None of the listed municipalities: it is named beside.
ELSEWHERE = "その他"
NO_CONTACT = "メールアドレスか電話番号の、どちらか一つは入力してください。"


class SittingForm(BaseForm):
    """Which sitting; its own class so that the question comes first, in the page and among the errors."""

    sitting: Any = RadioField("参加する回", coerce=int, validators=[Chosen()])

    def offer(self, sittings: Sequence[SittingRow]) -> None:
        """What can be chosen; where there is one only, it is chosen."""
        self.sitting.choices = {str(s.id): sitting_label(s) for s in sittings}
        if self.sitting.data is None and len(sittings) == 1:
            self.sitting.data = sittings[0].id
            self.sitting.raw_data = [str(sittings[0].id)]

    @property
    def chosen(self) -> list[int]:
        """The sittings that were chosen."""
        return [self.sitting.data]


class SittingsForm(SittingForm):
    """Which sittings, where one may take several."""

    sitting: Any = SelectMultipleField(
        "参加する回（いくつでも選べます）", coerce=int, validators=[Chosen("参加する回を、一つ以上選んでください。")]
    )

    def __init__(self, *args: Any, sitting: int | None = None, **known: Any) -> None:
        """`sitting`: the one that the page's address asks for, the first that is chosen."""
        super().__init__(*args, sitting=[sitting] if sitting is not None else [], **known)

    def offer(self, sittings: Sequence[SittingRow]) -> None:
        """What can be chosen; what the address asked for, or where there is one only, is chosen."""
        self.sitting.choices = {str(s.id): sitting_label(s) for s in sittings}
        if not self.sitting.data and len(sittings) == 1 and not self.is_submitted():
            self.sitting.data = [sittings[0].id]

    @property
    def chosen(self) -> list[int]:
        """The sittings that were chosen."""
        return list(self.sitting.data or ())


class NamedElsewhere(NoLongerThan):
    """Needed where none of the listed municipalities was chosen."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raises StopValidation."""
        super().__call__(form, field)
        if form.municipality.data == ELSEWHERE and not field.data:
            raise StopValidation("市町村の名前を入力してください。例：岡山市")


class NeededForPostcode(NoLongerThan):
    """Nothing can be sent to a postal code alone."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raises StopValidation, ValidationError."""
        super().__call__(form, field)
        if form.postcode.data and not field.data:
            raise StopValidation(f"「{field.label.text}」も入力してください。郵便番号だけでは郵送できません。")


class MunicipalityForm(BaseForm):
    """Where a guest comes from; its own class so that the question comes right after the sitting."""

    municipality = SelectField("市町村", validators=[Chosen()])
    elsewhere = LineField("その他の市町村の名前", validators=[NamedElsewhere(40), Printable()])
    section = LineField("部署", validators=[Needed(), NoLongerThan(50), Printable()])

    def list_municipalities(self, names: Iterable[str]) -> None:
        """What can be chosen: the neighbours, and to name another one."""
        listed = {name: name for name in names if name != ELSEWHERE}
        self.municipality.choices = {"": "選んでください", **listed, ELSEWHERE: "その他の市町村"}

    @property
    def comes_from(self) -> str:
        """The municipality, chosen or named."""
        chosen = str(self.municipality.data)
        return str(self.elsewhere.data) if chosen == ELSEWHERE else chosen

    def as_guest(self, details: Details) -> Details:
        """Whom a guest counts as, alone, with municipality and section as the affiliation."""
        affiliation = f"{self.comes_from}　{self.section.data}"
        return replace(details, category=Category.NEIGHBOUR, affiliation=affiliation, companions=0)


# What a guest is not asked: whom they count as is known, and they come alone.
UNASKED_OF_GUESTS = frozenset(
    {"category", "companions", "district", "postcode", "postal_address", "first_time", "in_city"}
)
# Asked by staff who enter for somebody, on the public form where the event posts letters.
POSTAL = frozenset({"postcode", "postal_address"})


class PersonForm(BaseForm):
    """What a person says of themselves; an event asks only for what it needs.

    `sheet` holds the event's own questions; internal ones are among them only where `sees_internal`.
    """

    sees_internal = False
    sheet: QuestionSheet

    name = NameField("お名前", validators=[Needed(), NoLongerThan(60), Printable()])
    kana = KanaField("フリガナ", validators=[Needed(), NoLongerThan(60), Printable()])
    category = RadioField("参加区分", choices=CATEGORIES)
    affiliation = LineField("団体・所属", validators=[NoLongerThan(100), Printable()])
    district = LineField("お住まいの地区", validators=[NoLongerThan(60), Printable()])
    companions = CompanionsField("同伴者の人数", unit="人")
    names = NamesField("同伴者のお名前")
    first_time = BooleanField(FIRST_TIME)
    in_city = BooleanField(IN_CITY)
    needs = SelectMultipleField("参加にあたり必要なこと", choices=NEEDS)
    needs_note = MultiLineField("そのほか必要なこと", validators=[NoLongerThan(400), Printable()])
    # Whoever enters for somebody writes down the names that are known.
    insists_on_names = True
    names_needed = False

    @classmethod
    def asking(cls, event: EventRow, *, unasked: Collection[str] = (), said: People = (), **known: Any) -> Self:
        """The form with what this event asks, except for what is `unasked` here, filled with what is known and said."""
        dropped = {
            "category": event.audience is Audience.RESIDENTS,
            "affiliation": not event.asks_affiliation,
            "district": not event.asks_district,
            "companions": event.max_companions == 0,
            "names": event.max_companions == 0 or event.names_companions is Naming.NONE or "companions" in unasked,
            "first_time": not event.asks_first_time,
            "in_city": not event.asks_in_city,
            "needs": not event.asks_needs,
            "needs_note": not event.asks_needs,
        }
        form: Self = _without(cls, frozenset(name for name, gone in dropped.items() if gone) | frozenset(unasked))(
            **known
        )
        form.names_needed = cls.insists_on_names and event.names_companions is Naming.REQUIRED
        if "companions" in form:
            form.companions.most = event.max_companions
        if "category" in form:
            form.category.choices = cls.categories(event, known.get("category"))
            form.category.data = form.category.data or cls.default_category(event).value
        asked = [row for row in event.asked if not row.retired and (cls.sees_internal or not row.question.internal)]
        form.sheet = QuestionSheet(asked, request.form if form.is_submitted() else None, said)
        return form

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Each field by itself, then the answers to the event's questions, and how many are named."""
        valid = super().validate(extra_validators)
        problem = "" if "names" not in self or self.names.errors else self._about_names()
        if problem:
            self.names.errors = [*self.names.errors, problem]
        self.keep_files()
        self.form_errors.extend(self.sheet.check(self.people))
        return valid and not problem and not self.form_errors and not any(self.sheet.problems())

    def keep_files(self) -> None:
        """Keep the files that were sent with the form, unless another site sent it. Raises TooManyRequests."""
        if any(file.filename for file in request.files.values()) and self["csrf_token"].validate(self):
            hit(UPLOAD)
            self.sheet.keep_files(request.files)

    @property
    def people(self) -> int:
        """How many companions the questions are put to."""
        typed = self.value("companions")
        return min(max(typed, 0), self.companions.most) if isinstance(typed, int) else 0

    def summary(self) -> list[Problem]:
        """What is wrong, in the order of the page: the questions come last but for the consent."""
        found = super().summary()
        before = [problem for problem in found if problem.anchor != "consent"]
        return [*before, *self.sheet.problems(), *(problem for problem in found if problem.anchor == "consent")]

    def _about_names(self) -> str:
        named, companions = len(self.names.people), self.value("companions") or 0
        if named > companions:
            return f"同伴者は{companions}人ですが、お名前が{named}人分あります。人数かお名前を直してください。"
        if self.names_needed and named < companions:
            return f"同伴者{companions}人全員のお名前を、1行に1人ずつ入力してください。"
        return ""

    @staticmethod
    def categories(event: EventRow, known: str | None) -> dict[str, str]:
        """As whom somebody may come: neighbours' staff only where no places are kept for them, or who does already."""
        elsewhere = Category.NEIGHBOUR.value
        return {
            value: word
            for value, word in CATEGORIES.items()
            if value != elsewhere or known == elsewhere or not event.takes_guests
        }

    @staticmethod
    def known(details: Details) -> dict[str, Any]:
        """What fills the form with what is known, contacts left out."""
        return {
            "name": details.name,
            "kana": details.kana,
            "category": details.category.value,
            "affiliation": details.affiliation,
            "district": details.district,
            "companions": details.companions,
            "first_time": details.first_time,
            "in_city": details.in_city,
            "needs": [key for key in NEEDS if getattr(details.needs, key)],
            "needs_note": details.needs.note,
        }

    @staticmethod
    def default_category(event: EventRow) -> Category:
        """What somebody counts as who was not asked."""
        return Category.STAFF if event.audience is Audience.STAFF else Category.RESIDENT

    def to_needs(self) -> Needs:
        """The needs that were ticked."""
        chosen = set(self.value("needs") or ())
        return Needs(**{key: key in chosen for key in NEEDS}, note=self.value("needs_note") or "")

    def value(self, name: str) -> Any:
        """The cleaned value of a field, None where the event does not ask for it."""
        return self[name].data if name in self else None

    def to_details(
        self, event: EventRow, *, email: str | None, phone: str | None, known: Details | None = None
    ) -> Details:
        """The parsed shape that goes inside; what the event does not ask (any more) stays as it is `known`."""
        base = known or Details("", "", None, None, category=self.default_category(event))
        asked: dict[str, Any] = {name: self[name].data or "" for name in ("affiliation", "district") if name in self}
        asked["answered"] = self.sheet.answered
        if "companions" in self:
            asked["companions"] = self.companions.data or 0
        if "names" in self:
            asked["party"] = self.names.people
        asked |= {name: bool(self[name].data) for name in ("first_time", "in_city") if name in self}
        if "category" in self:
            asked["category"] = Category(self.category.data)
        if "needs" in self:
            asked["needs"] = self.to_needs()
        if "postal_address" in self:
            # Whoever has an e-mail address gets no letters: nothing is kept that nobody needs.
            asked["postcode"] = "" if email else self["postcode"].data
            asked["address"] = "" if email else self["postal_address"].data or ""
        return replace(base, name=self.name.data or "", kana=self.kana.data or "", email=email, phone=phone, **asked)


class ReachableForm(PersonForm):
    """With the ways to reach a person, of which one is enough."""

    email = EmailField("メールアドレス")
    phone = PhoneField("電話番号")
    postcode = PostcodeField("郵便番号")
    postal_address = AddressField("ご住所", validators=[NeededForPostcode(120), Printable()])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Each field by itself, then that there is a way to reach the person."""
        valid = super().validate(extra_validators)
        reachable = bool(self.email.data or self.phone.data)
        if not reachable and not (self.email.errors or self.phone.errors):
            self.email.errors = [*self.email.errors, NO_CONTACT]
        return valid and reachable


@cache
def _without(form: type[F], names: frozenset[str]) -> type[F]:
    """`form` without some of its fields: a field that is never made costs nothing."""
    return cast("type[F]", type(form.__name__, (form,), dict.fromkeys(names)))


def sitting_label(sitting: SittingRow) -> str:
    """午前の部　令和8年6月2日（火）9時30分～12時（残り12席）"""
    return when_label(sitting) + seats_label(sitting)


def when_label(sitting: SittingRow) -> str:
    """午前の部　令和8年6月2日（火）9時30分～12時"""
    return f"{sitting.label}　{period_text(sitting.starts_at, sitting.ends_at)}".strip()


def seats_label(sitting: SittingRow) -> str:
    """（残り12席）"""
    left = sitting.seats_left
    return "" if left is None else f"（残り{left}席）" if left else "（満席・キャンセル待ち）"
