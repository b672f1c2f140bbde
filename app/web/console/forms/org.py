"""Forms of the pages about sections, staff and duties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from wtforms import FileField, HiddenField, RadioField, SelectField, SelectMultipleField

from app.documents.reading import LIMITS
from app.imports.previews import Kept
from app.kernel.errors import NotFound
from app.org import queries
from app.org.drafts import UnitDraft
from app.org.ending import Wanted
from app.org.types import DutyKind, UnitKind, UnitRow
from app.web.parts.fields import JapaneseDateField, LineField, NumberField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan


class HolderForm(BaseForm):
    """Who holds a duty, from which day."""

    number = LineField("職員番号", [Needed(), NoLongerThan(20)])
    day = JapaneseDateField("始まりの日", [Needed()])

    @property
    def first(self) -> date:
        """The day of a form that was checked; a day of no fiscal year before."""
        return self.day.data or date.min

    def member_id(self) -> int | None:
        """The member of that number; None after saying at the field that there is none."""
        try:
            return queries.member_by_number(self.number.data or "", on=self.first).id
        except NotFound:
            self.number.errors = [f"職員番号「{self.number.data}」の職員は登録されていません。"]
            return None


class AppointForm(HolderForm):
    """Who is to hold which duty of a unit."""

    kind = SelectField("役割", [Chosen()], choices=())

    @classmethod
    def at(cls, unit: UnitRow, day: date) -> Self:
        """The form with the duties that such a unit gives."""
        form = cls(day=day)
        form.kind.choices = [(kind.value, kind.word) for kind in DutyKind if unit.kind in kind.held_at]
        return form


class LastDayForm(BaseForm):
    """The last day of a duty."""

    last = JapaneseDateField("終わりの日", [Needed()])

    @property
    def last_day(self) -> date:
        """The day of a form that was checked; a day of no fiscal year before."""
        return self.last.data or date.min


class EndDutiesForm(LastDayForm):
    """Which duties of a year end on one day; sent with the fingerprint of what was shown."""

    last = JapaneseDateField("最後の日", [Needed()])
    kind = SelectField(
        "役割", [Chosen()], choices={"all": "すべて", **{kind.value: kind.word for kind in DutyKind}}, default="all"
    )
    who = RadioField(
        "だれの担当",
        [Chosen()],
        choices={"moved": "最後の日の翌日に、その所属にいない人（異動・退職）だけ", "all": "全員"},
        default="moved",
    )
    seen = HiddenField()

    def to_wanted(self, year: int) -> Wanted:
        """The parsed shape that goes inside."""
        kind = None if self.kind.data == "all" else DutyKind(self.kind.data)
        return Wanted(year, self.last_day, kind, self.who.data == "moved")


class UnitForm(BaseForm):
    """What a unit is called in one fiscal year, and where it stands."""

    code = LineField("所属コード", [Needed(), NoLongerThan(20)])
    kind = SelectField("種別", [Chosen()], choices={kind.value: kind.word for kind in UnitKind})
    name = LineField("名称", [Needed(), NoLongerThan(80)])
    parent_id = SelectField("上の組織", coerce=int, choices=())
    position = NumberField("並び順", least=0, most=9999)

    @classmethod
    def of(cls, unit: UnitRow | None, chart: Sequence[UnitRow]) -> Self:
        """The form of a unit (None: of a new one)."""
        known: dict[str, Any] = {}
        if unit is not None:
            known = {"code": unit.code, "kind": unit.kind.value, "name": unit.name, "position": unit.position}
            known["parent_id"] = unit.parent_id or 0
        form = cls(**known)
        own = unit.id if unit else None
        form.parent_id.choices = [(0, "なし（いちばん上）"), *((u.id, u.full_name) for u in chart if u.id != own)]
        return form

    def to_draft(self) -> UnitDraft:
        """The parsed shape that goes inside."""
        return UnitDraft(
            code=self.code.data or "",
            kind=UnitKind(self.kind.data),
            name=self.name.data or "",
            parent_id=self.parent_id.data or None,
            position=self.position.data or 0,
        )


class SuccessorsForm(BaseForm):
    """Which units do the work of one that ends: one is a merger or a new start, several are a split."""

    new_ids = SelectMultipleField("仕事を引き継ぐ組織", [Chosen()], coerce=int, choices=())

    @classmethod
    def of(cls, unit: UnitRow, chart: Sequence[UnitRow]) -> Self:
        """The form with the other units of the same kind."""
        form = cls()
        form.new_ids.choices = [(u.id, u.full_name) for u in chart if u.id != unit.id and u.kind is unit.kind]
        return form


class PeopleFileForm(BaseForm):
    """A file of people and duties, and the fiscal year that it describes."""

    year = NumberField("年度", [Needed()], least=2000, most=2100)
    file = FileField("ファイル", validators=[Needed("ファイルを選んでください。")])

    def to_kept(self) -> Kept:
        """At most one byte more than is taken is read, so that the reader can refuse the rest."""
        sent = self.file.data
        return Kept(sent.stream.read(LIMITS.size + 1), sent.filename or "", self.year.data or 0)


class ConfirmForm(BaseForm):
    """The yes, with the fingerprint of what was shown."""

    seen = HiddenField()
