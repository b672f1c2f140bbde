"""Accounts: who may sign in, in which role. Organizers see and make only the helpers of their own section."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import queries, rules, services
from app.accounts.permissions import Permission, Role
from app.accounts.types import PersonRow, StaffRow
from app.events import queries as events
from app.events.types import EventRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.text import clean_line
from app.web.console import bp
from app.web.console.people_forms import HelperForm, PersonForm, RoleForm
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.pages import page_number, page_url


@bp.get("/console/people/")
@allow(Permission.MANAGE_HELPERS)
def people() -> ResponseReturnValue:
    """The list, by section and name."""
    role = next((role for role in Role if role.value == request.args.get("role")), None)
    word = clean_line(request.args.get("q", ""))[:80]
    page = queries.people(seen_by=current_staff(), number=page_number(), role=role, word=word, url=page_url)
    return render_template("console/people.html", page=page, roles=list(Role), role=role, word=word)


@bp.get("/console/people/new/")
@allow(Permission.MANAGE_HELPERS)
def person_new() -> ResponseReturnValue:
    """The form for a new account."""
    return render_template("console/person_new.html", form=PersonForm(current_staff()))


@bp.post("/console/people/new/")
@allow(Permission.MANAGE_HELPERS)
def person_create() -> ResponseReturnValue:
    """Make the account and show its one-time password, once."""
    staff = current_staff()
    form = PersonForm(staff)
    if form.validate_on_submit():
        with form.refusals():
            new = form.to_person()
            _only_if(rules.may_manage(staff, new.role, new.section))
            user_id, one_time = services.create_user(new, None, by=current_actor(), now=clock.now())
            return _one_time_page(queries.person(user_id, seen_by=staff), one_time or "")
    return render_template("console/person_new.html", form=form), 422


@bp.get("/console/people/<int:user_id>/")
@allow(Permission.MANAGE_HELPERS)
def person(user_id: int) -> ResponseReturnValue:
    """One account and what can be done to it."""
    shown = queries.person(user_id, seen_by=current_staff())
    return _page(shown, RoleForm(current_staff(), role=shown.role.value, section=shown.section))


@bp.post("/console/people/<int:user_id>/role/")
@allow(Permission.MANAGE_HELPERS)
def person_role(user_id: int) -> ResponseReturnValue:
    """Another role or section."""
    staff = current_staff()
    shown, form = queries.person(user_id, seen_by=staff), RoleForm(staff)
    if form.validate_on_submit():
        with form.refusals():
            role, section = form.chosen_role, form.section.data or ""
            _only_if(rules.may_manage(staff, role, section))
            services.set_role(user_id, role, section, by=current_actor(), now=clock.now())
            return _back(user_id, "役割と所属を保存しました。次のサインインから有効です。")
    return _page(shown, form), 422


@bp.post("/console/people/<int:user_id>/disable/")
@allow(Permission.MANAGE_HELPERS)
def person_disable(user_id: int) -> ResponseReturnValue:
    """Close the account; whoever is signed in with it is out."""
    queries.person(user_id, seen_by=current_staff())
    services.disable(user_id, by=current_actor(), now=clock.now())
    return _back(user_id, "利用を停止しました。サインイン中の端末でも使えなくなりました。")


@bp.post("/console/people/<int:user_id>/enable/")
@allow(Permission.MANAGE_HELPERS)
def person_enable(user_id: int) -> ResponseReturnValue:
    """Open the account again."""
    queries.person(user_id, seen_by=current_staff())
    services.enable(user_id, by=current_actor(), now=clock.now())
    return _back(user_id, "利用を再開しました。")


@bp.post("/console/people/<int:user_id>/one-time-password/")
@allow(Permission.MANAGE_HELPERS)
def person_one_time(user_id: int) -> ResponseReturnValue:
    """A password to hand over, shown once."""
    staff = current_staff()
    queries.person(user_id, seen_by=staff)
    one_time = services.issue_one_time_password(user_id, by=current_actor(), now=clock.now())
    return _one_time_page(queries.person(user_id, seen_by=staff), one_time)


@bp.post("/console/people/<int:user_id>/events/")
@allow(Permission.MANAGE_HELPERS)
def helper_bind(user_id: int) -> ResponseReturnValue:
    """Let a reception helper work at an event."""
    staff = current_staff()
    shown, form = queries.person(user_id, seen_by=staff), HelperForm().offer(_events(staff))
    if not form.validate_on_submit():
        return _page(shown, RoleForm(staff, role=shown.role.value, section=shown.section), form), 422
    services.bind_helper(user_id, form.event.data, by=current_actor(), now=clock.now())
    return _back(user_id, "研修会・講座に割り当てました。前日から翌日までの間、受付の画面を開けます。")


@bp.post("/console/people/<int:user_id>/events/<int:event_id>/remove/")
@allow(Permission.MANAGE_HELPERS)
def helper_unbind(user_id: int, event_id: int) -> ResponseReturnValue:
    """End a helper's work at an event."""
    queries.person(user_id, seen_by=current_staff())
    services.unbind_helper(user_id, event_id, by=current_actor(), now=clock.now())
    return _back(user_id, "割当てを解除しました。")


def _events(staff: StaffRow) -> list[EventRow]:
    """What helpers can be bound to: what is still to come, of one's section; an administrator's choice is all."""
    section = None if staff.can(Permission.MANAGE_PEOPLE) else staff.section
    return events.to_come(section, now=clock.now())


def _page(shown: PersonRow, form: RoleForm, helper_form: HelperForm | None = None) -> str:
    return render_template(
        "console/person.html",
        person=shown,
        form=form,
        helper_form=helper_form or HelperForm().offer(_events(current_staff())),
        bound=events.assemble(shown.helps, programme=False),
    )


def _one_time_page(shown: PersonRow, one_time: str) -> str:
    return render_template("console/one_time_password.html", person=shown, one_time=one_time)


def _back(user_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("console.person", user_id=user_id), 303)


def _only_if(allowed: bool) -> None:
    """A choice that the form did not offer is no address of this person's."""
    if not allowed:
        raise NotFound
