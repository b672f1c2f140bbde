"""Trainings for staff: which sitting one takes, with one press; everything that is known is filled in."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.events import queries as events
from app.events import rules
from app.events.audiences import Category
from app.events.types import Audience, EventRow
from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.registrations import answering, queries, staffing, substituting, swaps
from app.registrations.types import RegistrationRow
from app.web.my import bp
from app.web.my.forms import GiveUpForm, SwapForm
from app.web.parts.access import SIGNED_IN, allow, current_staff


@bp.get("/my/trainings/<slug>/")
@allow(SIGNED_IN)
def training(slug: str) -> ResponseReturnValue:
    """One training with its sittings, and the place one has."""
    return training_page(for_staff(slug))


@bp.post("/my/trainings/<slug>/")
@allow(SIGNED_IN)
def training_post(slug: str) -> ResponseReturnValue:
    """Take a place at a sitting; whoever has one at another moves to this one."""
    event = for_staff(slug)
    chosen = next((s for s in event.offered if str(s.id) == request.form.get("sitting", "")), None)
    if chosen is None:
        return training_page(event, "一覧の中から、参加する回を選んでください。"), 422
    held = held_place(event)
    actor, now = current_staff().actor, clock.now()
    try:
        if held is None:
            staffing.register_member(chosen.id, own_member_id(), by=actor, now=now)
        else:
            staffing.switch(held.id, chosen.id, by=actor, now=now)
    except Refusal as refusal:
        return training_page(for_staff(slug), refusal.message), 422
    done = "参加する回を変更しました。" if held else "申込みを受け付けました。"
    flash(f"{done}お知らせのメールをお送りします。", "success")
    return redirect(url_for("my.training", slug=slug), 303)


def training_page(
    event: EventRow, problem: str = "", *, swap: SwapForm | None = None, giving_up: GiveUpForm | None = None
) -> str:
    """The page of a training, with a sentence on top or with the form that was refused."""
    now, held = clock.now(), held_place(event)
    asked, asking = swaps.of_member(own_member_id(), now=now)
    return render_template(
        "my/training.html",
        event=event,
        phase=rules.phase(event, now),
        open_sittings={s.id for s in event.offered if rules.sitting_open(event, s, now)},
        held=held,
        colleagues=substituting.colleagues(held.id) if held else [],
        now=now,
        token=queries.with_link(held.id)[1] if held else None,
        unanswered=held is not None and has_questions(event) and not answering.of_one(held.id),
        problem=problem,
        asked=[one for one in asked if one.event_slug == event.slug],
        asking=next((one for one in asking if one.event_slug == event.slug), None),
        swap=swap or SwapForm(formdata=None),
        as_staff=Category.STAFF,
        giving_up=giving_up or GiveUpForm(formdata=None),
    )


def has_questions(event: EventRow) -> bool:
    """Whether those who take part are asked something."""
    return any(not row.retired for row in event.public_asked)


def for_staff(slug: str) -> EventRow:
    """An event that staff take part in. Raises NotFound, also where no member of staff is signed in."""
    event = events.one(slug)
    if event.audience is Audience.RESIDENTS or current_staff().member_id is None:
        raise NotFound
    return event


def own_member_id() -> int:
    """Who of the org room is signed in. Raises NotFound."""
    member_id = current_staff().member_id
    if member_id is None:
        raise NotFound
    return member_id


def held_place(event: EventRow) -> RegistrationRow | None:
    """The place one has at an event, or in its queue."""
    found = queries.of_member(own_member_id(), event_id=event.id)
    return found[0] if found else None
