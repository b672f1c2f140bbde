"""Forms about the themes and tables of a model project."""

from __future__ import annotations

from dataclasses import asdict
from typing import Self

from wtforms import FieldList, FormField, HiddenField, SelectField

from app.model_projects.types import PersonRow, ProjectRow, Quadrant, TableRow, ThemeDraft
from app.web.console.forms.rows import edited, with_spares
from app.web.parts.fields import LineField, NumberField
from app.web.parts.forms import BaseForm, InnerForm
from app.web.parts.pages import id_of
from app.web.parts.validators import Chosen, Needed, NoLongerThan

MOST_THEMES = 12
SPARES = 1


class ThemeForm(InnerForm):
    """One theme."""

    id = HiddenField()
    title = LineField("テーマ", validators=[NoLongerThan(100)])
    reporter = LineField("話題提供・活動報告", validators=[NoLongerThan(100)])
    sections = LineField("関係課", validators=[NoLongerThan(200)])
    tables = NumberField("テーブルの数", least=0, most=20, default=1)


class ThemesForm(BaseForm):
    """All themes in their order, and how many sit at a table."""

    table_size = NumberField("1テーブルの人数の目安", [Needed()], least=2, most=20)
    themes = FieldList(FormField(ThemeForm), max_entries=MOST_THEMES)

    @classmethod
    def of(cls, project: ProjectRow) -> Self:
        """What is kept, with an empty row below, or what was sent."""
        rows = with_spares([asdict(theme) for theme in project.themes], SPARES, most=MOST_THEMES)
        return cls(data={"table_size": project.table_size, "themes": rows})

    @classmethod
    def reordered(cls, sent: Self, button: str) -> Self:
        """What was sent, after the button `themes-add`, `themes-up-1`, …"""
        rows = edited(
            [row.data for row in sent.themes], button.removeprefix("themes-"), spares=SPARES, most=MOST_THEMES
        )
        return cls(formdata=None, data={"table_size": sent.table_size.data, "themes": rows})

    def to_themes(self) -> list[ThemeDraft]:
        """The themes that have a title."""
        rows = [row.data for row in self.themes if row.data["title"]]
        return [
            ThemeDraft(
                id_of(row["id"] or "") or None, row["title"], row["reporter"], row["sections"], row["tables"] or 0
            )
            for row in rows
        ]


class MoveForm(BaseForm):
    """Who goes to which table."""

    person = SelectField("移る方", [Chosen()])
    table = SelectField("移る先のテーブル", [Chosen()])

    @classmethod
    def among(cls, people: list[PersonRow], tables: list[TableRow]) -> Self:
        """Everybody with a place, and every table."""
        form = cls()
        form.person.choices = {f"{one.key[0]}-{one.key[1]}": f"{one.name}（{one.audience.word}）" for one in people}
        form.table.choices = {
            f"{one.theme.id}-{one.number}": f"{one.theme.title}　テーブル{one.number}" for one in tables
        }
        return form

    @staticmethod
    def pair(chosen: str) -> tuple[int, int]:
        """The two numbers of a choice."""
        left, _dash, right = chosen.partition("-")
        return id_of(left), id_of(right)


class CardForm(BaseForm):
    """What stands on a card, and where it lies."""

    text = LineField("カードの内容", [Needed(), NoLongerThan(200)])
    quadrant = SelectField("置く場所", [Chosen()], choices={one.value: one.word for one in Quadrant})
