"""What a group says of itself and which course it chooses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from wtforms import BooleanField, HiddenField, RadioField, SelectField

from app.proposals.types import Applicant, CourseKind, ProgrammeRow, ProposalRow, ThemeRow
from app.web.parts.fields import AddressField, EmailField, LineField, NameField, NumberField, PhoneField, PostcodeField
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of
from app.web.parts.person_form import NO_CONTACT
from app.web.parts.validators import Chosen, Needed, NoLongerThan, Printable, Ticked


class ApplicantForm(BaseForm):
    """Course, theme, group and contact."""

    course = RadioField("コース", [Chosen()], coerce=int)
    theme = SelectField("市が示すテーマ")
    support_year = NumberField("この事業での何年目ですか", [Needed()], least=1, most=10, default=1, unit="年目")
    group_name = LineField("団体の名称", [Needed(), NoLongerThan(80), Printable()])
    contact_name = NameField("連絡する方のお名前", [Needed(), NoLongerThan(60), Printable()])
    email = EmailField("メールアドレス", [NoLongerThan(254)])
    phone = PhoneField("電話番号")
    postcode = PostcodeField("郵便番号")
    address = AddressField("住所", [NoLongerThan(200), Printable()])

    @classmethod
    def offering(cls, programme: ProgrammeRow, themes: Sequence[ThemeRow], known: ProposalRow | None = None) -> Self:
        """The form with the courses and themes that can be chosen; `known`: with what was said before."""
        form = cls(data=_data(known)) if known else cls()
        form.course.choices = {
            str(one.id): f"{one.name}（上限{one.ceiling:,}円、{one.rate}%以内、{one.years}年まで）"
            for one in programme.courses
        }
        form.theme.choices = {
            "": "選ばない",
            **{str(one.id): f"{one.draft.title}（{one.unit_name}）" for one in themes},
        }
        return form

    def validate(self, extra_validators: object = None) -> bool:
        """Besides: one way to reach the group."""
        valid = super().validate(extra_validators)  # type: ignore[arg-type]  # WTForms' own shape
        reachable = bool(self.email.data or self.phone.data)
        if not reachable and not (self.email.errors or self.phone.errors):
            self.email.errors = [*self.email.errors, NO_CONTACT]
        return valid and reachable

    def to_applicant(self) -> Applicant:
        """The parsed shape that goes inside; call it on a valid form only."""
        return Applicant(
            course_id=self.course.data,
            theme_id=id_of(self.theme.data or "") or None,
            support_year=self.support_year.data or 1,
            group_name=self.group_name.data or "",
            contact_name=self.contact_name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            postcode=self.postcode.data,
            address=self.address.data or "",
        )


class StartForm(ApplicantForm):
    """The same of a group that begins."""

    consent = BooleanField(
        "個人情報の利用目的を確認しました", [Ticked("利用目的をお読みになり、チェックを入れてください。")]
    )
    submission_id = HiddenField()


def needs_theme(programme: ProgrammeRow) -> bool:
    """Whether a course asks for a theme of a section."""
    return any(one.kind is CourseKind.CITY_THEME for one in programme.courses)


def _data(known: ProposalRow) -> dict[str, object]:
    applicant = known.applicant
    names = ("support_year", "group_name", "contact_name", "email", "phone", "postcode", "address")
    chosen = {"course": applicant.course_id, "theme": str(applicant.theme_id or "")}
    return {**{name: getattr(applicant, name) for name in names}, **chosen}
