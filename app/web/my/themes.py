"""Themes for 市民企画提案事業 that one's own section hands in."""

from __future__ import annotations

from typing import Self

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.text import clean_text
from app.org import queries as org
from app.org.types import UnitRow
from app.proposals import queries, rules, themes
from app.proposals.types import ProgrammeRow, ThemeDraft, ThemeRow
from app.web.my import bp
from app.web.my.trainings import own_member_id
from app.web.parts.access import SIGNED_IN, allow, current_staff
from app.web.parts.fields import LineField, MultiLineField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Needed, NoLongerThan

# How much of a theme the address of its form may say.
KNOWN_BEFORE = {"title": 80, "background": 400}


class ThemeForm(BaseForm):
    """A theme as a section writes it."""

    title = LineField("テーマ", [Needed(), NoLongerThan(80)])
    background = MultiLineField("課題と背景", [Needed(), NoLongerThan(1000)])
    wish = MultiLineField("団体に期待すること", [Needed(), NoLongerThan(1000)])
    offer = MultiLineField("課・室ができること", [Needed(), NoLongerThan(1000)])

    @classmethod
    def of(cls, row: ThemeRow) -> Self:
        """What is stored, or what was sent of it."""
        return cls(obj=row.draft)

    def to_draft(self) -> ThemeDraft:
        """The parsed shape that goes inside."""
        fields = (self.title, self.background, self.wish, self.offer)
        return ThemeDraft(*(field.data or "" for field in fields))


@bp.get("/my/themes/")
@allow(SIGNED_IN)
def themes_list() -> ResponseReturnValue:
    """What the own section handed in, and for which programme it still can."""
    unit = _own_unit()
    return render_template(
        "my/themes/list.html", unit=unit, themes=queries.themes_of_unit(unit.id), open=open_programmes()
    )


@bp.get("/my/themes/new/<int:programme_id>/")
@allow(SIGNED_IN)
def theme_new(programme_id: int) -> ResponseReturnValue:
    """The form of one more theme; `?title=` and `?background=` are what another page knows of it already."""
    known = {name: clean_text(request.args.get(name, ""))[:most] for name, most in KNOWN_BEFORE.items()}
    return _page(_own_unit(), _one_open(programme_id), None, ThemeForm(data=known))


@bp.post("/my/themes/new/<int:programme_id>/")
@allow(SIGNED_IN)
def theme_new_post(programme_id: int) -> ResponseReturnValue:
    """Hand it in."""
    unit, programme, form = _own_unit(), _one_open(programme_id), ThemeForm()
    if form.validate():
        with form.refusals():
            themes.hand_in(programme_id, unit.id, form.to_draft(), by=current_staff().actor, now=clock.now())
            flash("テーマを提出しました。", "success")
            return redirect(url_for("my.themes_list"), 303)
    return _page(unit, programme, None, form), 422


@bp.get("/my/themes/<int:theme_id>/")
@allow(SIGNED_IN)
def theme(theme_id: int) -> ResponseReturnValue:
    """One of them, to be changed while that is possible."""
    unit, row = _own_theme(theme_id)
    return _page(unit, queries.programme(row.programme_id), row, ThemeForm.of(row))


@bp.post("/my/themes/<int:theme_id>/")
@allow(SIGNED_IN)
def theme_post(theme_id: int) -> ResponseReturnValue:
    """Save it, and hand it in again where it had come back."""
    unit, row = _own_theme(theme_id)
    form = ThemeForm.of(row)
    if form.validate():
        with form.refusals():
            themes.change(theme_id, form.to_draft(), by=current_staff().actor, now=clock.now())
            flash("テーマを提出しました。", "success")
            return redirect(url_for("my.themes_list"), 303)
    return _page(unit, queries.programme(row.programme_id), row, form), 422


@bp.post("/my/themes/<int:theme_id>/withdraw/")
@allow(SIGNED_IN)
def theme_withdraw(theme_id: int) -> ResponseReturnValue:
    """Take it back."""
    unit, row = _own_theme(theme_id)
    form = ThemeForm.of(row)
    with form.refusals():
        themes.withdraw(theme_id, by=current_staff().actor, now=clock.now())
        flash("テーマを取り下げました。", "success")
        return redirect(url_for("my.themes_list"), 303)
    return _page(unit, queries.programme(row.programme_id), row, form), 422


def _own_unit() -> UnitRow:
    """Where the signed-in person works. Raises NotFound."""
    unit = org.member(own_member_id(), on=local_date(clock.now())).unit
    if unit is None:
        raise NotFound
    return unit


def _own_theme(theme_id: int) -> tuple[UnitRow, ThemeRow]:
    unit, row = _own_unit(), queries.theme(theme_id)
    if row.unit_id != unit.id:
        raise NotFound
    return unit, row


def open_programmes() -> list[ProgrammeRow]:
    """The programmes that take themes today."""
    today = local_date(clock.now())
    return [one for one in queries.calling_themes() if rules.takes_themes(one, today)]


def _one_open(programme_id: int) -> ProgrammeRow:
    found = next((one for one in open_programmes() if one.id == programme_id), None)
    if found is None:
        raise NotFound
    return found


def _page(unit: UnitRow, programme: ProgrammeRow, row: ThemeRow | None, form: ThemeForm) -> str:
    return render_template("my/themes/theme.html", unit=unit, programme=programme, theme=row, form=form)
