"""One table of a model project: its cards in four quadrants, typed during the talk or afterwards."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.infra import clock
from app.kernel.errors import NotFound
from app.model_projects import queries, services
from app.model_projects.types import Quadrant
from app.web.console import bp
from app.web.console.forms.themes import CardForm
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.pages import id_of

ADDRESS = "/console/events/<int:event_id>/themes/<int:theme_id>/tables/<int:number>/"


@bp.get(ADDRESS)
@allow(Permission.SEE_REGISTRATIONS)
def event_table(event_id: int, theme_id: int, number: int) -> ResponseReturnValue:
    """The grid of importance and feasibility."""
    return _page(event_id, theme_id, number, CardForm(formdata=None))


@bp.post(ADDRESS)
@allow(Permission.EDIT_EVENTS)
def event_table_post(event_id: int, theme_id: int, number: int) -> ResponseReturnValue:
    """Add a card; `do=lay:<card>` moves one into `quadrant-<card>`, `do=remove:<card>` takes one away."""
    own_event(event_id)
    doing, _, card = request.form.get("do", "").partition(":")
    by, now = current_actor(), clock.now()
    if doing == "lay":
        services.lay_card(event_id, id_of(card), _quadrant(f"quadrant-{card}"), by=by, now=now)
        return _back(event_id, theme_id, number, "カードを移しました。")
    if doing == "remove":
        services.remove_card(event_id, id_of(card), by=by, now=now)
        return _back(event_id, theme_id, number, "カードを消しました。")
    form = CardForm()
    if form.validate():
        with form.refusals():
            text, quadrant = form.text.data or "", Quadrant(form.quadrant.data)
            services.add_card(event_id, theme_id, number, text, quadrant, by=by, now=now)
            return _back(event_id, theme_id, number, "カードを加えました。")
    return _page(event_id, theme_id, number, form), 422


def _quadrant(name: str) -> Quadrant:
    try:
        return Quadrant(request.form.get(name, ""))
    except ValueError:
        raise NotFound from None


def _back(event_id: int, theme_id: int, number: int, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("console.event_table", event_id=event_id, theme_id=theme_id, number=number), 303)


def _page(event_id: int, theme_id: int, number: int, form: CardForm) -> str:
    event = own_event(event_id)
    cards = [card for card in queries.cards(event_id) if (card.theme_id, card.table) == (theme_id, number)]
    return render_template(
        "console/themes/table.html",
        event=event,
        theme=queries.theme(event_id, theme_id, number),
        number=number,
        quadrants=[(one, [card for card in cards if card.quadrant is one]) for one in Quadrant],
        form=form,
        editable=current_staff().can(Permission.EDIT_EVENTS),
    )
