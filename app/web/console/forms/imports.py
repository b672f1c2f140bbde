"""Forms of the import of registrations: the file, and what its columns say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from wtforms import Field, FileField, HiddenField, RadioField, SelectField

from app.events.types import SittingRow
from app.imports.applicants import LIMITS, Asked
from app.imports.columns import Column, Service
from app.imports.previews import Kept
from app.web.parts.forms import BaseForm
from app.web.parts.person_form import sitting_label
from app.web.parts.validators import Chosen, Needed

UNUSED = "-"


class RegistrationsFileForm(BaseForm):
    """A file of another service."""

    service = RadioField(
        "申込みを受け付けたサービス",
        choices={one.value: one.word for one in Service},
        default=Service.GENERIC.value,
        validators=[Chosen()],
    )
    file = FileField("ファイル", validators=[Needed("ファイルを選んでください。")])

    def to_kept(self, event_id: int) -> Kept:
        """At most one byte more than is taken is read, so that the reader can refuse the rest."""
        sent = self.file.data
        return Kept(sent.stream.read(LIMITS.size + 1), sent.filename or "", event_id=event_id)


class ColumnsForm(BaseForm):
    """What each column says, where the rows go, and whether they are told by us, too."""

    service = HiddenField()
    sitting = SelectField("参加する回", coerce=int, validators=[Chosen()])
    tells = RadioField(
        "申込者へのお知らせ",
        choices={
            "no": "お知らせしない（元のサービスから、すでに連絡が届いている）",
            "yes": "申込みの結果を、こちらからもメールなどでお知らせする",
        },
        default="no",
        validators=[Chosen()],
    )
    seen = HiddenField()

    number = SelectField(Column.NUMBER.word)
    name = SelectField(Column.NAME.word, validators=[Chosen()])
    given = SelectField(Column.GIVEN.word)
    kana = SelectField(Column.KANA.word)
    kana_given = SelectField(Column.KANA_GIVEN.word)
    email = SelectField(Column.EMAIL.word)
    phone = SelectField(Column.PHONE.word)
    seats = SelectField(Column.SEATS.word)
    affiliation = SelectField(Column.AFFILIATION.word)
    status = SelectField(Column.STATUS.word)
    sitting_name = SelectField(Column.SITTING.word)

    @classmethod
    def offering(
        cls, headings: Sequence[str], sittings: Sequence[SittingRow], guessed: Mapping[Column, int], **more: Any
    ) -> Self:
        """The form with the file's headings in each list, those of `guessed` chosen."""
        preset = {_field_of(column): str(place) for column, place in guessed.items()}
        form = cls(data=preset, **more)
        named = {
            str(place): f"{place + 1}列目　{heading or '（見出しなし）'}" for place, heading in enumerate(headings)
        }
        for _column, field in form.columns():
            field.choices = {UNUSED: "使わない", **named}
        form.sitting.choices = {str(one.id): sitting_label(one) for one in sittings}
        return form

    def columns(self) -> Iterator[tuple[Column, Any]]:
        """Each thing a column can say, with its field."""
        return ((column, self[_field_of(column)]) for column in Column)

    def to_asked(self) -> Asked:
        """The parsed shape that goes inside."""
        chosen = {column: int(field.data) for column, field in self.columns() if field.data not in (None, UNUSED)}
        service = Service(self.service.data) if self.service.data in set(Service) else Service.GENERIC
        return Asked(service, chosen, self.sitting.data, tells=self.tells.data == "yes")

    def answers(self) -> list[tuple[str, str]]:
        """Everything that was chosen, to be sent again with the yes."""
        return [(field.name, str(field.data)) for field in self if _is_answer(field)]


def _field_of(column: Column) -> str:
    """`sitting` is where all rows go; what a column says about it has another name."""
    return "sitting_name" if column is Column.SITTING else column.value


def _is_answer(field: Field) -> bool:
    return field.name not in {"csrf_token", "seen"} and field.data is not None
