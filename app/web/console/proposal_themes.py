"""Themes of the sections: read, accepted, given back, published together."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.kernel.japanese_dates import local_date
from app.org import queries as org
from app.org.types import DutyKind
from app.proposals import queries, themes
from app.proposals.types import ProgrammeRow, ThemeRow, ThemeState
from app.web.console import bp
from app.web.console.forms.proposals import RemarkForm
from app.web.console.reach import own_programme, own_theme
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm


@bp.get("/console/proposals/<int:programme_id>/themes/")
@allow(Permission.SEE_PROPOSALS)
def programme_themes(programme_id: int) -> ResponseReturnValue:
    """What the sections handed in."""
    return _list(own_programme(programme_id), BaseForm(formdata=None))


@bp.post("/console/proposals/<int:programme_id>/themes/publish/")
@allow(Permission.MANAGE_PROPOSALS)
def themes_publish(programme_id: int) -> ResponseReturnValue:
    """Let residents see the accepted ones."""
    programme, form = own_programme(programme_id), BaseForm()
    with form.refusals():
        themes.publish(programme_id, by=current_actor(), now=clock.now())
        flash("テーマを公開しました。", "success")
        return redirect(url_for("console.programme_themes", programme_id=programme_id), 303)
    return _list(programme, form), 422


@bp.get("/console/proposals/themes/<int:theme_id>/")
@allow(Permission.SEE_PROPOSALS)
def theme(theme_id: int) -> ResponseReturnValue:
    """One theme."""
    return _one(own_theme(theme_id), RemarkForm(formdata=None))


@bp.post("/console/proposals/themes/<int:theme_id>/<any(accept,'return'):step>/")
@allow(Permission.MANAGE_PROPOSALS)
def theme_step(theme_id: int, step: str) -> ResponseReturnValue:
    """Take it, or give it back with what to put right."""
    row, form, by, now = own_theme(theme_id), RemarkForm(), current_actor(), clock.now()
    if form.validate():
        with form.refusals():
            if step == "accept":
                themes.accept(theme_id, by=by, now=now)
                flash("テーマを採用しました。メールアドレスのある協働推進員へ、メールでお知らせします。", "success")
            else:
                themes.return_(theme_id, form.remark.data or "", by=by, now=now)
                flash(
                    "差し戻しました。課・室の画面に、直してほしいことが出ます。メールアドレスのある協働推進員へ、メールでもお知らせします。",
                    "success",
                )
            return redirect(url_for("console.programme_themes", programme_id=row.programme_id), 303)
    return _one(own_theme(theme_id), form), 422


def _list(programme: ProgrammeRow, form: BaseForm) -> str:
    found = queries.themes(programme.id)
    return render_template(
        "console/proposals/themes.html",
        programme=programme,
        form=form,
        themes=found,
        counts=Counter(one.state for one in found),
        states=list(ThemeState),
        editable=_may(),
    )


def _one(row: ThemeRow, form: RemarkForm) -> str:
    return render_template(
        "console/proposals/theme.html",
        programme=queries.programme(row.programme_id),
        theme=row,
        promoters=org.holders(row.unit_id, DutyKind.PROMOTER, on=local_date(clock.now())),
        form=form,
        editable=_may(),
    )


def _may() -> bool:
    return current_staff().can(Permission.MANAGE_PROPOSALS)
