"""One's own account: what the service knows, and the password."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import services
from app.accounts.errors import WeakPassword
from app.attendance import ledger
from app.compliance import departments
from app.elearning import progress
from app.events import queries as events
from app.events import rules
from app.events.types import Audience, EventRow, Phase
from app.infra import clock
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.org import queries as org
from app.registrations import queries as registrations
from app.registrations import swaps
from app.registrations.types import RegistrationRow
from app.surveys import answers as surveys
from app.web.my import bp
from app.web.my.due import Standings, standings
from app.web.my.forms import PasswordForm
from app.web.my.sign_in import begin_session
from app.web.parts import limits
from app.web.parts.access import SIGNED_IN, allow, current_staff
from app.worksheets import queries as worksheets

# What the home page shows of a member of staff; nothing of it where an account belongs to none.
ABOUT = (
    "trainings",
    "duties",
    "asked",
    "instead",
    "owed",
    "surveyed",
    "certificates",
    "coordinated",
    "works_at",
    "courses",
)


@bp.get("/my/")
@allow(SIGNED_IN)
def home() -> ResponseReturnValue:
    """What concerns oneself: what is due, trainings with the place one has, duties, the account."""
    staff, now = current_staff(), clock.now()
    shown: dict[str, Any] = {**dict.fromkeys(ABOUT, ()), "required": Standings(), "section": staff.section}
    if staff.member_id is not None:
        shown |= _about(staff.member_id, now)
    return render_template("my/home.html", staff=staff, year=fiscal_year(now), **shown)


def _about(member_id: int, now: datetime) -> dict[str, Any]:
    """What the home page shows of a member of staff; what a requirement tells already is not told again."""
    unit = org.member(member_id, on=local_date(now)).unit
    places = {row.event_id: row for row in registrations.of_member(member_id)}
    sheets = worksheets.owed(member_id, today=local_date(now))
    courses = progress.of_year(member_id, fiscal_year(now))
    required = standings(member_id, places, sheets, courses, now=now)
    return {
        "required": required,
        "trainings": [row for row in _trainings(places, now) if row[0].id not in required.events],
        "asked": swaps.of_member(member_id, now=now)[0],
        "instead": registrations.as_substitute(member_id, now=now),
        "duties": org.duties_of(member_id, fiscal_year(now)),
        "owed": [one for one in sheets if (one.template.id, one.unit.id) not in required.sheets],
        "courses": [one for one in courses if one.course.id not in required.courses],
        "surveyed": surveys.owed(member_id, today=local_date(now)),
        "coordinated": departments.coordinated(member_id, today=local_date(now)),
        "certificates": [one for one in ledger.of_member(member_id) if not one.revoked_reason],
        **({"section": unit.full_name, "works_at": unit} if unit else {}),
    }


def _trainings(
    held: Mapping[int, RegistrationRow], now: datetime
) -> list[tuple[EventRow, Phase, RegistrationRow | None]]:
    """What staff can apply for now or soon, and what one has a place in."""
    coming = [event for event in events.coming(now=now) if event.audience is not Audience.RESIDENTS]
    shown = [(event, rules.phase(event, now), held.get(event.id)) for event in coming]
    return [row for row in shown if row[2] or row[1].takes_applications or row[1] is Phase.SOON]


@bp.get("/my/password/")
@allow(SIGNED_IN)
def password() -> ResponseReturnValue:
    """The form; after a one-time password it is the only page."""
    return render_template("my/password.html", form=PasswordForm(), staff=current_staff())


@bp.post("/my/password/")
@allow(SIGNED_IN)
def password_post() -> ResponseReturnValue:
    """Set a new password; sessions elsewhere end."""
    form, staff = PasswordForm(), current_staff()
    if form.validate_on_submit():
        with form.refusals():
            if form.again.data != form.password.data:
                raise WeakPassword("確認のために入力したパスワードが一致しません。", "again")
            # Guessing goes through here too, for whoever finds an open browser.
            limits.hit(limits.SIGN_IN_ACCOUNT, staff.email)
            typed = (form.present.data or "", form.password.data or "")
            begin_session(services.change_password(staff, *typed, now=clock.now()))
            limits.take_back(limits.SIGN_IN_ACCOUNT, staff.email)
            flash("パスワードを変更しました。ほかの端末ではサインアウトしました。", "success")
            return redirect(url_for("my.home"), 303)
    return render_template("my/password.html", form=form, staff=staff), 422
