"""The page of a body with seats held for it, by its secret link: who comes or how many, its list, its calendar file."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from app.attendance import lists
from app.delivery import ics
from app.documents import pdf
from app.events import queries as events
from app.events.types import EventRow, SittingRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.types import RESIDENT
from app.registrations import bodies, party
from app.registrations.bodies import BodyRow
from app.registrations.invitation import calendar_entry
from app.registrations.types import Status
from app.web.parts.access import ANYONE, allow
from app.web.parts.downloads import attachment
from app.web.parts.fields import NumberField
from app.web.parts.forms import BaseForm
from app.web.parts.limits import APPLY, counted_misses, hit
from app.web.parts.names_field import NamesField
from app.web.parts.pages import id_of
from app.web.public import bp
from app.web.public.my_registration import Answer


class NamesForm(BaseForm):
    """Who comes, by name, or only how many."""

    names = NamesField("参加する方のお名前")
    head_count = NumberField("人数だけ", least=1, most=999, unit="人")
    version = HiddenField()
    confirmed = HiddenField()

    @classmethod
    def of(cls, body: BodyRow) -> NamesForm:
        """The form with what is saved."""
        saved = party.of_registration(body.registration.id)
        return cls(names=saved, head_count=body.head_count, version=str(body.registration.version))


@bp.get("/g/<token>/")
@allow(ANYONE)
def body(token: str) -> Answer:
    """Seats, deadline, who is named; while there is time, the form."""
    held, event = _opened(token)
    return _page(token, held, event, NamesForm.of(held))


@bp.post("/g/<token>/")
@allow(ANYONE)
def body_save(token: str) -> Answer:
    """First what was understood, line by line; with `confirmed` it is saved."""
    hit(APPLY)
    held, event = _opened(token)
    form = NamesForm.of(held)
    if not form.validate():
        return _page(token, held, event, form), 422
    if "back" in request.form:
        return _page(token, held, event, form)
    if form.confirmed.data != "1":
        return render_template("public/body_confirm.html", body=held, event=event, token=token, form=form)
    with form.refusals():
        number, seen = held.registration.id, id_of(str(form.version.data or ""))
        bodies.fill(number, form.names.people, form.head_count.data, version=seen, by=RESIDENT, now=clock.now())
        return redirect(url_for("public.body", token=token, _anchor="saved"), 303)
    form.version.data = str(held.registration.version)
    return _page(token, held, event, form), 422


@bp.get("/g/<token>/list/")
@allow(ANYONE)
def body_list(token: str) -> Answer:
    """Its own list, to print."""
    held, event = _opened(token)
    people = party.of_registration(held.registration.id)
    return render_template(
        "public/body_list.html", body=held, event=event, sitting=_sitting(held, event), token=token, people=people
    )


@bp.get("/g/<token>/list.pdf")
@allow(ANYONE)
def body_pdf(token: str) -> Response:
    """The same, set by the typesetter."""
    held, event = _opened(token)
    people = party.of_registration(held.registration.id)
    name = held.registration.details.name
    sheet = lists.body_roster(event, _sitting(held, event), name, people, now=clock.now())
    return attachment(pdf.roster_pdf(sheet), f"名簿_{name}.pdf", "application/pdf", personal=True)


@bp.get("/g/<token>/invitation.ics")
@allow(ANYONE)
def body_calendar(token: str) -> Response:
    """The calendar entry that the mail carried."""
    held, event = _opened(token)
    if held.registration.status is not Status.CONFIRMED:
        raise NotFound
    sitting, now = _sitting(held, event), clock.now()
    entry = calendar_entry(held.registration, event, sitting, token=token, cancelled=False, now=now)
    return attachment(ics.invitation(entry), "invite.ics", "text/calendar; charset=utf-8", personal=True)


def _opened(token: str) -> tuple[BodyRow, EventRow]:
    with counted_misses():
        held = bodies.by_token(token, now=clock.now())
    return held, events.one(held.registration.event_slug)


def _sitting(held: BodyRow, event: EventRow) -> SittingRow:
    return next(s for s in event.sittings if s.id == held.registration.sitting_id)


def _page(token: str, held: BodyRow, event: EventRow, form: NamesForm) -> str:
    return render_template(
        "public/body.html",
        body=held,
        event=event,
        sitting=_sitting(held, event),
        token=token,
        form=form,
        people=party.of_registration(held.registration.id),
        open=held.is_open(clock.now()),
    )
