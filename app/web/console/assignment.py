"""Assigning all promoters who have no place yet: first a plan to look at, then everybody at once."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events.audiences import Category
from app.events.types import EventRow, SittingRow
from app.infra import clock
from app.kernel.errors import Refusal
from app.kernel.japanese_dates import local_date
from app.org import queries as org
from app.org.rules import departments as departments_of
from app.org.types import DutyKind, DutyRow
from app.registrations import queries, staffing
from app.registrations.assignment import Candidate, Room, plan
from app.web.console import bp
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor

NO_ADDRESS = "メールアドレスが登録されていません。"
INSTEAD = "ほかの方の代理で出席することになっています。"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A plan with what the page shows of it. `digest` tells whether it is still the plan that was looked at."""

    chosen: list[tuple[DutyRow, SittingRow]]
    left_out: list[tuple[DutyRow, str]]
    present: int

    @property
    def pairs(self) -> list[tuple[int, int]]:
        return [(duty.member.id, sitting.id) for duty, sitting in self.chosen]

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self.pairs).encode()).hexdigest()[:16]


@bp.get("/console/events/<int:event_id>/assignment/")
@allow(Permission.EDIT_REGISTRATIONS)
def assignment(event_id: int) -> ResponseReturnValue:
    """What would happen: how many go where, who is left out and why. Nothing is written."""
    return _page(own_event(event_id))


@bp.post("/console/events/<int:event_id>/assignment/")
@allow(Permission.EDIT_REGISTRATIONS)
def assignment_post(event_id: int) -> ResponseReturnValue:
    """Assign everybody as the plan on the page said; a plan that changed meanwhile is shown again."""
    event = own_event(event_id)
    draft = _draft(event)
    if request.form.get("plan") != draft.digest:
        return _page(event, "申込みの状況が変わったため、割当案を作り直しました。もう一度お確かめください。"), 422
    try:
        assigned = staffing.assign(event_id, draft.pairs, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        return _page(own_event(event_id), refusal.message), 422
    flash(f"{assigned}人を割り当てました。それぞれにお知らせのメールと予定を送ります。", "success")
    return redirect(url_for("console.registrations", event_id=event_id), 303)


def _page(event: EventRow, problem: str = "") -> str:
    draft = _draft(event)
    return render_template(
        "console/registrations/assignment.html",
        event=event,
        draft=draft,
        per_sitting=Counter(sitting.id for _duty, sitting in draft.chosen),
        problem=problem,
    )


def _draft(event: EventRow) -> _Draft:
    now = clock.now()
    promoters = org.duties(event.fiscal_year, kind=DutyKind.PROMOTER, on=local_date(now))
    departments = departments_of(org.units(event.fiscal_year))
    placed = dict(queries.members_with_place(event.id))
    there: dict[int, Counter[int]] = {sitting.id: Counter() for sitting in event.offered}
    for duty in promoters:
        if duty.member.id in placed:
            there[placed[duty.member.id]][departments[duty.unit.id]] += 1
    rooms = [Room(s.id, s.free_for(Category.STAFF), there[s.id]) for s in event.offered if s.starts_at > now]
    waiting = {duty.member.id: duty for duty in promoters if duty.member.id not in placed}
    # One who cannot be told, or comes for somebody else already, must not keep all others from being assigned.
    comes_instead = queries.standing_in(event.id)
    hindered = {number: INSTEAD for number in waiting if number in comes_instead}
    hindered |= {number: NO_ADDRESS for number, duty in waiting.items() if not duty.member.email}
    reachable = {number: duty for number, duty in waiting.items() if number not in hindered}
    found = plan([Candidate(number, departments[duty.unit.id]) for number, duty in reachable.items()], rooms)
    sittings = {sitting.id: sitting for sitting in event.offered}
    left_out = [(waiting[member], why) for member, why in found.left_out]
    return _Draft(
        [(waiting[member], sittings[where]) for member, where in found.chosen],
        left_out + [(waiting[number], why) for number, why in hindered.items()],
        len(placed),
    )
