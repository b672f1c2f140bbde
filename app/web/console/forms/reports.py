"""Forms of the yearly report and of figures that are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from flask_wtf.file import FileField
from wtforms import SelectField

from app.documents.sniffing import LARGEST
from app.kernel.japanese_dates import fiscal_year_text
from app.reports.definitions import DEFINITIONS
from app.reports.typed import FIRST_YEAR, LONGEST_SOURCE, MOST
from app.reports.types import PhotoDraft, TextRow, TypedRow
from app.web.parts.fields import LineField, MultiLineField, NumberField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan, Printable


class BeginForm(BaseForm):
    """A report that is not there yet."""

    fiscal_year = SelectField("年度", coerce=int, validators=[Chosen()])

    @classmethod
    def offering(cls, years: Sequence[int]) -> Self:
        """With the years of which there is none."""
        form = cls()
        form.fiscal_year.choices = [(year, fiscal_year_text(year)) for year in years]
        return form


class TextForm(BaseForm):
    """What is written in a chapter."""

    text = MultiLineField("文章", validators=[NoLongerThan(8_000), Printable()])
    version = NumberField("版", most=MOST)

    @classmethod
    def of(cls, row: TextRow) -> Self:
        """What is stored, or what was sent of it."""
        return cls(data={"text": row.text, "version": row.version})


class PhotoForm(BaseForm):
    """A photo with what is to be seen on it."""

    file = FileField("写真", validators=[Needed("写真を選んでください。")])
    alt = LineField("代替テキスト", validators=[Needed(), NoLongerThan(300), Printable()])
    caption = LineField("写真の下に置く文", validators=[NoLongerThan(200), Printable()])

    def to_draft(self) -> PhotoDraft:
        """At most one byte more than is taken is read, so that the verb can refuse the rest."""
        return PhotoDraft(self.alt.data or "", self.caption.data or "", self.file.data.stream.read(LARGEST + 1))


class CorrectionForm(BaseForm):
    """What is wrong in a frozen report."""

    text = MultiLineField("正誤の内容", validators=[Needed(), NoLongerThan(2_000), Printable()])


class TypedForm(BaseForm):
    """A figure with its source."""

    fiscal_year = NumberField("年度（西暦）", validators=[Needed()], least=FIRST_YEAR, most=9999)
    key = SelectField("項目", validators=[Chosen()])
    value = NumberField("値", validators=[Needed()], most=MOST)
    source = LineField("出典", validators=[Needed(), NoLongerThan(LONGEST_SOURCE), Printable()])

    @classmethod
    def until(cls, year: int) -> Self:
        """The empty form, for years up to this one."""
        form = cls()
        form.key.choices = [(one.key, f"{one.title}（{one.unit}）") for one in DEFINITIONS]
        form.fiscal_year.most = year
        return form

    def to_row(self) -> TypedRow:
        """The parsed shape that goes inside."""
        if self.fiscal_year.data is None or self.value.data is None:
            raise ValueError("the form was not validated")
        return TypedRow(self.fiscal_year.data, self.key.data, self.value.data, self.source.data or "")


class ImportForm(BaseForm):
    """A file of figures."""

    file = FileField("ファイル", validators=[Needed("ファイルを選んでください。")])

    def to_content(self) -> tuple[bytes, str]:
        """What was sent, and its name."""
        sent = self.file.data
        return sent.stream.read(LARGEST + 1), sent.filename or ""
