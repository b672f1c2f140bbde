"""Swapping sittings with a colleague who agrees, sending a substitute, giving one's place up with the reason."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.registrations import services, substituting, swapping, swaps
from app.web.my import bp
from app.web.my.forms import GiveUpForm, SwapForm
from app.web.my.trainings import for_staff, held_place, own_member_id, training_page
from app.web.parts.access import SIGNED_IN, allow, current_staff
from app.web.parts.pages import id_of


@bp.post("/my/trainings/<slug>/swap/")
@allow(SIGNED_IN)
def propose_swap(slug: str) -> ResponseReturnValue:
    """Ask a colleague, named by the address, to swap."""
    event, form = for_staff(slug), SwapForm()
    held = held_place(event)
    if held is None:
        raise NotFound
    if form.validate_on_submit():
        with form.refusals():
            swapping.propose(held.id, form.email.data or "", by=current_staff().actor, now=clock.now())
            flash("交換をお願いしました。相手の方にメールでお知らせします。", "success")
            return redirect(url_for("my.training", slug=slug), 303)
    return training_page(event, swap=form), 422


@bp.post("/my/swaps/<int:number>/<any(accept,decline,withdraw):answer>/")
@allow(SIGNED_IN)
def answer_swap(number: int, answer: str) -> ResponseReturnValue:
    """Say yes or no to what a colleague asks, or take one's own question back."""
    now, actor = clock.now(), current_staff().actor
    asked, asking = swaps.of_member(own_member_id(), now=now)
    offer = next((one for one in (asking if answer == "withdraw" else asked) if one.id == number), None)
    if offer is None:
        raise NotFound
    verbs = {
        "accept": (swapping.accept, "回を交換しました。お二人にメールでお知らせします。"),
        "decline": (swapping.decline, "交換しないことを、相手の方にお知らせします。"),
        "withdraw": (swapping.withdraw, "交換のお願いを取り下げました。"),
    }
    verb, done = verbs[answer]
    try:
        verb(number, by=actor, now=now)
    except Refusal as refusal:
        return training_page(for_staff(offer.event_slug), refusal.message), 422
    flash(done, "success")
    return redirect(url_for("my.training", slug=offer.event_slug), 303)


@bp.post("/my/trainings/<slug>/substitute/")
@allow(SIGNED_IN)
def name_substitute(slug: str) -> ResponseReturnValue:
    """Ask a colleague of the own section to come instead; nobody chosen: come oneself."""
    event, actor, now = for_staff(slug), current_staff().actor, clock.now()
    held, chosen = held_place(event), request.form.get("substitute", "")
    if held is None:
        raise NotFound
    try:
        if chosen == "":
            substituting.come_oneself(held.id, by=actor, now=now)
        else:
            substituting.name_substitute(held.id, id_of(chosen), by=actor, now=now)
    except Refusal as refusal:
        return training_page(event, refusal.message), 422
    flash("代理の方にメールでお知らせします。" if chosen else "ご自身で出席します。", "success")
    return redirect(url_for("my.training", slug=slug), 303)


@bp.post("/my/trainings/<slug>/cancel/")
@allow(SIGNED_IN)
def give_up(slug: str) -> ResponseReturnValue:
    """Give the place up; staff say why, the organizer reads it."""
    event, form = for_staff(slug), GiveUpForm()
    held = held_place(event)
    if held is None:
        raise NotFound
    if form.validate_on_submit():
        with form.refusals():
            reason = form.reason.data or ""
            services.give_up(held.id, reason=reason, by=current_staff().actor, now=clock.now())
            flash("参加を取り消しました。お知らせのメールをお送りします。", "success")
            return redirect(url_for("my.training", slug=slug), 303)
    return training_page(event, giving_up=form), 422
