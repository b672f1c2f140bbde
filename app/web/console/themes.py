"""Themes of a model project: what they are, what people chose, who sits where."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events.types import EventRow
from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.model_projects import queries, services
from app.model_projects.types import Audience, ProjectRow
from app.web.console import bp
from app.web.console.forms.themes import MoveForm, ThemesForm
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.pages import id_of

ADDRESS = "/console/events/<int:event_id>/themes/"


@bp.get(ADDRESS)
@allow(Permission.SEE_REGISTRATIONS)
def event_themes(event_id: int) -> ResponseReturnValue:
    """The themes with how many chose them, the tables, and who has none."""
    return _overview(own_event(event_id))


@bp.post(ADDRESS)
@allow(Permission.EDIT_EVENTS)
def event_themes_post(event_id: int) -> ResponseReturnValue:
    """`do=set_up`: let the event have themes; `do=form`: make up the tables."""
    event, doing = own_event(event_id), request.form.get("do")
    verbs = {
        "set_up": (services.set_up, "テーマを入力してください。", "console.event_themes_edit"),
        "form": (services.form_tables, "テーブルを組みました。", "console.event_themes"),
    }
    if doing not in verbs:
        raise NotFound
    verb, said, view = verbs[doing]
    try:
        verb(event_id, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        return _overview(event, problem=refusal.message), 422
    flash(said, "success")
    return redirect(url_for(view, event_id=event_id), 303)


@bp.get("/console/events/<int:event_id>/themes/edit/")
@allow(Permission.EDIT_EVENTS)
def event_themes_edit(event_id: int) -> ResponseReturnValue:
    """The form of all themes."""
    event, project = _own(event_id)
    return render_template("console/themes/edit.html", event=event, form=ThemesForm.of(project))


@bp.post("/console/events/<int:event_id>/themes/edit/")
@allow(Permission.EDIT_EVENTS)
def event_themes_edit_post(event_id: int) -> ResponseReturnValue:
    """Save them; a row's own button only rearranges what was typed."""
    (event, _project), form = _own(event_id), ThemesForm()
    if "row" in request.form:
        form = ThemesForm.reordered(form, request.form["row"])
        return render_template("console/themes/edit.html", event=event, form=form)
    if form.validate():
        with form.refusals():
            size = form.table_size.data or services.TABLE_SIZE
            services.save_themes(event_id, form.to_themes(), size, by=current_actor(), now=clock.now())
            flash("テーマを保存しました。", "success")
            return redirect(url_for("console.event_themes", event_id=event_id), 303)
    return render_template("console/themes/edit.html", event=event, form=form), 422


@bp.get("/console/events/<int:event_id>/themes/choices/")
@allow(Permission.EDIT_REGISTRATIONS)
def event_theme_choices(event_id: int) -> ResponseReturnValue:
    """What each registration chose, to be written down for those who said it by telephone."""
    event, project = _own(event_id)
    return _choices(event, project, {})


@bp.post("/console/events/<int:event_id>/themes/choices/")
@allow(Permission.EDIT_REGISTRATIONS)
def event_theme_choices_post(event_id: int) -> ResponseReturnValue:
    """Keep all of them."""
    event, project = _own(event_id)
    shown = [id_of(one) for one in request.form.getlist("registration")]
    typed = {one: (request.form.get(f"first-{one}", ""), request.form.get(f"second-{one}", "")) for one in shown}
    wanted = [(one, id_of(first) or None, id_of(second) or None) for one, (first, second) in typed.items()]
    try:
        services.note_choices(event_id, wanted, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        return _choices(event, project, typed, refusal), 422
    flash("希望を保存しました。", "success")
    return redirect(url_for("console.event_themes", event_id=event_id), 303)


@bp.post("/console/events/<int:event_id>/themes/move/")
@allow(Permission.EDIT_REGISTRATIONS)
def event_themes_move(event_id: int) -> ResponseReturnValue:
    """Put one person at another table."""
    event, project = _own(event_id)
    people = queries.people(event_id)
    form = MoveForm.among(people, queries.tables(project, people))
    if form.validate():
        with form.refusals():
            key, place = form.pair(form.person.data), form.pair(form.table.data)
            services.move(event_id, key, *place, by=current_actor(), now=clock.now())
            flash("テーブルを移しました。", "success")
            return redirect(url_for("console.event_themes", event_id=event_id), 303)
    return _overview(event, form), 422


@bp.get("/console/events/<int:event_id>/themes/<any(list,cards):what>/")
@allow(Permission.SEE_REGISTRATIONS)
def event_themes_print(event_id: int, what: str) -> ResponseReturnValue:
    """Who sits where, as one list for the wall or as a card for each table."""
    event, project = _own(event_id)
    tables = queries.tables(project, queries.people(event_id))
    return render_template(f"console/themes/{what}.html", event=event, tables=tables, audiences=list(Audience))


def _own(event_id: int) -> tuple[EventRow, ProjectRow]:
    """The event and its themes. Raises NotFound."""
    event, project = own_event(event_id), queries.of_event(event_id)
    if project is None:
        raise NotFound
    return event, project


def _overview(event: EventRow, form: MoveForm | None = None, problem: str = "") -> str:
    project = queries.of_event(event.id)
    staff = current_staff()
    if project is None:
        return render_template("console/themes/none.html", event=event, problem=problem, staff=staff)
    people = queries.people(event.id)
    tables = queries.tables(project, people)
    return render_template(
        "console/themes/overview.html",
        event=event,
        project=project,
        problem=problem,
        staff=staff,
        people=people,
        tables=tables,
        first=Counter(person.first for person in people),
        second=Counter(person.second for person in people),
        unseated=[person for person in people if person.table is None],
        audiences=list(Audience),
        cards=Counter((card.theme_id, card.table) for card in queries.cards(event.id)),
        steps=queries.steps(event.id),
        form=form or MoveForm.among(people, tables),
    )


def _choices(
    event: EventRow, project: ProjectRow, typed: dict[int, tuple[str, str]], refusal: Refusal | None = None
) -> str:
    """One row a registration: who comes along has the same theme in mind."""
    rows = [person for person in queries.people(event.id) if person.key[1] == 0]
    values = {one.key[0]: (str(one.first or ""), str(one.second or "")) for one in rows} | typed
    return render_template(
        "console/themes/choices.html", event=event, project=project, rows=rows, values=values, refusal=refusal
    )
