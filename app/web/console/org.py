"""Sections of a fiscal year, who holds which duty there, and one person's duties through the years."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import audit, clock
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.org import queries, rules, services
from app.org.drafts import Appointment
from app.org.queries import MemberFilters
from app.org.types import DutyKind, DutyRow
from app.web.console import bp
from app.web.console.forms.org import AppointForm, HolderForm, LastDayForm
from app.web.console.registrations import SMALL_LIST
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.pages import page_number, page_url


@bp.get("/console/org/")
@allow(Permission.SEE_ORG)
def org() -> ResponseReturnValue:
    """This fiscal year's page, or the newest there is."""
    years, now = queries.years(), fiscal_year(clock.now())
    if not years:
        return render_template("console/org/none.html", editable=_editable())
    return redirect(url_for("console.org_year", year=now if now in years else years[0]), 303)


@bp.get("/console/org/<int:year>/")
@allow(Permission.SEE_ORG)
def org_year(year: int) -> ResponseReturnValue:
    """The chart with who holds which duty; `?missing=1` only the units that have nobody."""
    day = day_in(known_year(year))
    duties, holders = queries.duties(year, on=day), dict[int, list[DutyRow]]()
    for duty in duties:
        holders.setdefault(duty.unit.id, []).append(duty)
    units = queries.units(year)
    naming = {kind: [u for u in units if u.kind in kind.held_at] for kind in DutyKind}
    missing = {kind: rules.unheld(kind, units, duties) for kind in DutyKind}
    only = request.args.get("missing") == "1"
    lacking = {u.id for rows in missing.values() for u in rows}
    shown = [u for u in units if not only or u.id in lacking]
    note_list("fiscal_year", year, sum(len(holders.get(u.id, ())) for u in shown))
    return render_template(
        "console/org/year.html",
        year=year, years=queries.years(), day=day, units=shown, holders=holders,
        naming=naming, missing=missing, lacking=lacking, only=only, editable=_editable(),
    )  # fmt: skip


@bp.get("/console/org/members/")
@allow(Permission.SEE_ORG)
def org_members() -> ResponseReturnValue:
    """All staff, by reading."""
    word = request.args.get("q", "")[:80]
    on = local_date(clock.now())
    page = queries.members(MemberFilters(word), on=on, number=page_number(), url=page_url)
    note_list("fiscal_year", fiscal_year(on), len(page.rows))
    return render_template("console/org/members.html", page=page, word=word)


@bp.get("/console/org/members/<int:member_id>/")
@allow(Permission.SEE_ORG)
def org_member(member_id: int) -> ResponseReturnValue:
    """One member of staff and their duties through the years."""
    member = queries.member(member_id, on=local_date(clock.now()))
    served = rules.years_of_service(member.joined_year, fiscal_year(clock.now()))
    duties = queries.duties_of(member_id)
    return render_template("console/org/member.html", member=member, duties=duties, served=served)


@bp.get("/console/org/<int:year>/units/<int:unit_id>/")
@allow(Permission.SEE_ORG)
def org_unit(year: int, unit_id: int) -> ResponseReturnValue:
    """A unit: its duties of the year, who works there, and the form that names somebody."""
    unit = queries.unit(unit_id, known_year(year))
    return _unit_page(year, unit_id, AppointForm.at(unit, day_in(year)))


@bp.post("/console/org/<int:year>/units/<int:unit_id>/appoint/")
@allow(Permission.MANAGE_ORG)
def org_appoint(year: int, unit_id: int) -> ResponseReturnValue:
    """Give a duty."""
    form = AppointForm.at(queries.unit(unit_id, known_year(year)), day_in(year))
    member_id = form.member_id() if form.validate_on_submit() else None
    if member_id is not None:
        with form.refusals():
            wanted = Appointment(member_id, unit_id, DutyKind(form.kind.data), year, form.first)
            services.appoint(wanted, by=current_actor(), now=clock.now())
            flash("担当を登録しました。", "success")
            return redirect(url_for("console.org_unit", year=year, unit_id=unit_id), 303)
    return _unit_page(year, unit_id, form), 422


@bp.get("/console/org/duties/<int:duty_id>/")
@allow(Permission.MANAGE_ORG)
def org_duty(duty_id: int) -> ResponseReturnValue:
    """Hand a duty over, or let it end."""
    duty = queries.duty(duty_id)
    day = day_in(duty.fiscal_year)
    return _duty_page(duty, HolderForm(day=day), LastDayForm(last=day))


@bp.post("/console/org/duties/<int:duty_id>/hand-over/")
@allow(Permission.MANAGE_ORG)
def org_hand_over(duty_id: int) -> ResponseReturnValue:
    """Somebody else holds the duty from a day on."""
    duty, form = queries.duty(duty_id), HolderForm()
    member_id = form.member_id() if form.validate_on_submit() else None
    if member_id is not None:
        with form.refusals():
            services.hand_over(duty_id, member_id, form.first, by=current_actor(), now=clock.now())
            return _back(duty, "引き継ぎました。前の担当者の記録も残っています。")
    return _duty_page(duty, form, LastDayForm(None, last=day_in(duty.fiscal_year))), 422


@bp.post("/console/org/duties/<int:duty_id>/end/")
@allow(Permission.MANAGE_ORG)
def org_end_duty(duty_id: int) -> ResponseReturnValue:
    """Let a duty end before its year does."""
    duty, form = queries.duty(duty_id), LastDayForm()
    if form.validate_on_submit():
        with form.refusals():
            services.end_duty(duty_id, form.last_day, by=current_actor(), now=clock.now())
            return _back(duty, "終わりの日を登録しました。後任が決まるまで、担当者のいない組織の一覧に載ります。")
    return _duty_page(duty, HolderForm(None, day=day_in(duty.fiscal_year)), form), 422


def known_year(year: int) -> int:
    """A fiscal year that has sections. Raises NotFound."""
    if year not in queries.years():
        raise NotFound
    return year


def day_in(year: int) -> date:
    """Today, or the nearest day of that fiscal year."""
    return min(max(local_date(clock.now()), rules.first_day(year)), rules.last_day(year))


def note_list(kind: str, number: int, people: int) -> None:
    """Leave an entry in the audit log where more people were listed than a small list holds."""
    if people > SMALL_LIST:
        audit.note("org.listed", kind, number, by=current_actor(), at=clock.now(), fields=[f"rows={people}"])


def _editable() -> bool:
    return current_staff().can(Permission.MANAGE_ORG)


def _unit_page(year: int, unit_id: int, form: AppointForm) -> str:
    unit, day = queries.unit(unit_id, year), day_in(year)
    duties = [duty for duty in queries.duties(year) if duty.unit.id == unit_id]
    members = queries.members_of([unit_id], on=day)
    note_list("org_unit", unit_id, len(members))
    return render_template(
        "console/org/unit.html",
        unit=unit, year=year, day=day, duties=duties, form=form, members=members, editable=_editable(),
    )  # fmt: skip


def _duty_page(duty: DutyRow, form: HolderForm, end_form: LastDayForm) -> str:
    members = queries.members_of([duty.unit.id], on=day_in(duty.fiscal_year))
    note_list("org_unit", duty.unit.id, len(members))
    return render_template("console/org/duty.html", duty=duty, form=form, end_form=end_form, members=members)


def _back(duty: DutyRow, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("console.org_unit", year=duty.fiscal_year, unit_id=duty.unit.id), 303)
