"""The sittings of an event: in a draft planned freely, once published each change with its consequences."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.events import overview, sittings
from app.events.choices import WaitingMode
from app.events.types import EventRow, EventStatus, SittingRow
from app.infra import clock
from app.registrations import allotments, guests, meetings
from app.registrations.concerned import concerned_by
from app.web.console import bp
from app.web.console.forms.sittings import CapacityForm, GuestPlacesForm, KeptForm, LabelForm, MoveForm, SittingForm
from app.web.console.reach import own_event, own_sitting
from app.web.parts.access import allow, current_actor
from app.web.parts.forms import BaseForm

ADDRESS = "/console/events/<int:event_id>/sittings/<int:sitting_id>/"


@bp.get("/console/events/<int:event_id>/sittings/")
@allow(Permission.EDIT_EVENTS)
def event_sittings(event_id: int) -> ResponseReturnValue:
    """All sittings of an event."""
    return render_template("console/events/sittings.html", event=own_event(event_id))


@bp.get("/console/events/<int:event_id>/sittings/new/")
@allow(Permission.EDIT_EVENTS)
def sitting_new(event_id: int) -> ResponseReturnValue:
    """The form of one more sitting."""
    row = own_event(event_id)
    return render_template("console/events/sitting_new.html", event=row, form=SittingForm.of(None, overview.venues()))


@bp.post("/console/events/<int:event_id>/sittings/new/")
@allow(Permission.EDIT_EVENTS)
def sitting_new_post(event_id: int) -> ResponseReturnValue:
    """Add it."""
    row, form = own_event(event_id), SittingForm.of(None, overview.venues())
    if form.validate():
        with form.refusals():
            sittings.add_sitting(event_id, form.plan(), by=current_actor(), now=clock.now())
            return _back(row, "回を追加しました。")
    return render_template("console/events/sitting_new.html", event=row, form=form), 422


@bp.get(ADDRESS)
@allow(Permission.EDIT_EVENTS)
def sitting(event_id: int, sitting_id: int) -> ResponseReturnValue:
    """One sitting and what can be changed about it."""
    return _page(*own_sitting(event_id, sitting_id))


@bp.post(ADDRESS)
@allow(Permission.EDIT_EVENTS)
def sitting_save(event_id: int, sitting_id: int) -> ResponseReturnValue:
    """Plan a sitting of a draft anew."""
    row, one = own_sitting(event_id, sitting_id)
    form = SittingForm.of(one, overview.venues())
    if form.validate():
        with form.refusals():
            sittings.edit_sitting(sitting_id, form.plan(), by=current_actor(), now=clock.now())
            return _back(row, "回を保存しました。")
    return _page(row, one, form), 422


@bp.post(f"{ADDRESS}move/")
@allow(Permission.EDIT_EVENTS)
def sitting_move(event_id: int, sitting_id: int) -> ResponseReturnValue:
    """Another time or place; those who registered are told, or not."""
    row, one = own_sitting(event_id, sitting_id)
    form = MoveForm.of(one, overview.venues())
    if form.validate():
        with form.refusals():
            plan, notify = form.to_plan(), form.notify.data == "yes"
            told = meetings.reschedule(
                sitting_id,
                starts_at=plan.starts_at,
                ends_at=plan.ends_at,
                venue_id=plan.venue_id,
                notify=notify,
                by=current_actor(),
                now=clock.now(),
            )
            return _back(row, "日時・会場を変更しました。" + (f"{told}件のお知らせを送ります。" if told else ""))
    return _page(row, one, form), 422


@bp.post(f"{ADDRESS}capacity/")
@allow(Permission.EDIT_EVENTS)
def sitting_capacity(event_id: int, sitting_id: int) -> ResponseReturnValue:
    """Another number of seats; more of them go to those who wait."""
    row, one = own_sitting(event_id, sitting_id)
    form = CapacityForm()
    if form.validate():
        with form.refusals():
            promoted = meetings.change_capacity(sitting_id, form.capacity.data, by=current_actor(), now=clock.now())
            return _back(row, "定員を変更しました。" + _promoted(row, promoted))
    return _page(row, one, form), 422


@bp.post(f"{ADDRESS}kept/")
@allow(Permission.EDIT_EVENTS)
def sitting_kept(event_id: int, sitting_id: int) -> ResponseReturnValue:
    """Other seats held back or kept for an audience; those that no longer are go to those who wait."""
    row, one = own_sitting(event_id, sitting_id)
    form = KeptForm.of(row, one)
    if form.validate():
        with form.refusals():
            held_back, wanted = form.held_back.data or 0, form.plans()
            promoted = allotments.change(sitting_id, held_back, wanted, by=current_actor(), now=clock.now())
            return _back(row, "取り置きと枠を変更しました。" + _promoted(row, promoted))
    return _page(row, one, form), 422


@bp.post(f"{ADDRESS}kept/release/")
@allow(Permission.EDIT_EVENTS)
def sitting_release(event_id: int, sitting_id: int) -> ResponseReturnValue:
    """What an audience has not used is for everybody before its day."""
    row, one = own_sitting(event_id, sitting_id)
    category = next((a.category for a in one.kept_now if a.category == request.form.get("category")), None)
    if category is None:
        return _back(row, "この枠は、すでに開放しています。")
    promoted = allotments.release(sitting_id, category, by=current_actor(), now=clock.now())
    return _back(row, f"{category.word}の枠の残りを、どなたでも使えるようにしました。" + _promoted(row, promoted))


@bp.post(f"{ADDRESS}guests/")
@allow(Permission.EDIT_EVENTS)
def sitting_guest_places(event_id: int, sitting_id: int) -> ResponseReturnValue:
    """Another number of places for staff of other municipalities."""
    row, one = own_sitting(event_id, sitting_id)
    form = GuestPlacesForm()
    if form.validate():
        with form.refusals():
            guests.change_guest_places(sitting_id, form.guest_places.data or 0, by=current_actor(), now=clock.now())
            return _back(row, "流域市町の職員の受入枠を変更しました。")
    return _page(row, one, form), 422


@bp.post(f"{ADDRESS}label/")
@allow(Permission.EDIT_EVENTS)
def sitting_label(event_id: int, sitting_id: int) -> ResponseReturnValue:
    """Another name."""
    row, one = own_sitting(event_id, sitting_id)
    form = LabelForm()
    if form.validate():
        sittings.rename_sitting(sitting_id, form.label.data or "", by=current_actor(), now=clock.now())
        return _back(row, "回の名称を変更しました。")
    return _page(row, one, form), 422


@bp.post(f"{ADDRESS}remove/")
@allow(Permission.EDIT_EVENTS)
def sitting_remove(event_id: int, sitting_id: int) -> ResponseReturnValue:
    """Take it away, as long as nobody registered for it."""
    row, one = own_sitting(event_id, sitting_id)
    form = BaseForm()
    with form.refusals():
        sittings.remove_sitting(sitting_id, by=current_actor(), now=clock.now())
        return _back(row, "回を削除しました。")
    return _page(row, one, form), 422


def _back(row: EventRow, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("console.event_sittings", event_id=row.id), 303)


def _promoted(row: EventRow, number: int) -> str:
    becomes = "席の案内を受け" if row.waiting_mode is WaitingMode.OFFER else "確定になり"
    return f"キャンセル待ちの{number}件が{becomes}、お知らせを送ります。" if number else ""


def _page(row: EventRow, one: SittingRow, sent: BaseForm | None = None) -> str:
    """The page with the form that was sent, if any, and fresh ones beside it."""
    venues = overview.venues()
    template = "sitting_draft.html" if row.status is EventStatus.DRAFT else "sitting.html"
    return render_template(
        f"console/events/{template}",
        event=row,
        sitting=one,
        form=sent or BaseForm(formdata=None),
        plan=_sent(sent, SittingForm) or SittingForm.of(one, venues, fresh=True),
        move=_sent(sent, MoveForm) or MoveForm.of(one, venues, fresh=True),
        capacity=_sent(sent, CapacityForm) or CapacityForm(formdata=None, capacity=one.capacity),
        guest_places=_sent(sent, GuestPlacesForm)
        or GuestPlacesForm(formdata=None, guest_places=one.guest_places or None),
        kept=_sent(sent, KeptForm) or KeptForm.of(row, one, fresh=True),
        seated=allotments.seated(one.id),
        label=_sent(sent, LabelForm) or LabelForm(formdata=None, label=one.label),
        concerned=concerned_by([one.ledger_id]),
    )


def _sent(form: BaseForm | None, kind: type[BaseForm]) -> BaseForm | None:
    return form if type(form) is kind else None
