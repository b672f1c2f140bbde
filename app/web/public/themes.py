"""The themes of a model project on a participant's own pages: what they would like, where they sit, what is next."""

from __future__ import annotations

from typing import Self

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField

from app.events.types import EventRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.types import RESIDENT
from app.model_projects import queries, services
from app.model_projects.types import MineRow, ProjectRow
from app.registrations.types import RegistrationRow, Status
from app.web.parts.access import ANYONE, allow
from app.web.parts.fields import MultiLineField
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of
from app.web.parts.validators import NoLongerThan
from app.web.public import bp
from app.web.public.my_registration import both

Answer = str | tuple[str, int] | Response


class ChoiceForm(BaseForm):
    """The themes that somebody would like best."""

    first = SelectField("第1希望")
    second = SelectField("第2希望")

    @classmethod
    def of(cls, project: ProjectRow, mine: MineRow) -> Self:
        """What was chosen, or what was sent."""
        form = cls(data={"first": str(mine.first or ""), "second": str(mine.second or "")})
        offered = {"": "どちらでもよい", **{str(theme.id): theme.title for theme in project.themes}}
        form.first.choices = form.second.choices = offered
        return form


class StepForm(BaseForm):
    """What somebody wants to do next."""

    text = MultiLineField("今後取り組みたい活動", [NoLongerThan(200)])


@bp.get("/r/<token>/themes/")
@allow(ANYONE)
def my_themes(token: str) -> Answer:
    """Before the tables are made up, the choice; then the table; from the beginning of the talk on, the next step."""
    registration, event, project = _found(token)
    mine = queries.mine(project, registration.id)
    form: BaseForm = StepForm(data={"text": mine.step}) if _begun(registration) else ChoiceForm.of(project, mine)
    return _page(token, registration, event, project, form)


@bp.post("/r/<token>/themes/")
@allow(ANYONE)
def my_themes_post(token: str) -> Answer:
    """Keep the choice, or the next step."""
    registration, event, project = _found(token)
    if "text" in request.form:
        return _step(token, registration, event, project)
    form = ChoiceForm.of(project, queries.mine(project, registration.id))
    if form.validate():
        with form.refusals():
            first, second = id_of(form.first.data) or None, id_of(form.second.data) or None
            services.choose(registration.id, first, second, by=RESIDENT, now=clock.now())
            flash("テーマの希望を保存しました。", "success")
            return redirect(url_for("public.my_themes", token=token), 303)
    return _page(token, registration, event, project, form), 422


def _step(token: str, registration: RegistrationRow, event: EventRow, project: ProjectRow) -> Answer:
    form = StepForm()
    if form.validate():
        with form.refusals():
            services.name_step(registration.id, form.text.data or "", by=RESIDENT, now=clock.now())
            flash("今後取り組みたい活動を保存しました。", "success")
            return redirect(url_for("public.my_themes", token=token), 303)
    return _page(token, registration, event, project, form), 422


def _found(token: str) -> tuple[RegistrationRow, EventRow, ProjectRow]:
    """Somebody with a place at an event that has themes. Raises NotFound."""
    registration, event = both(token)
    project = queries.of_event(event.id)
    if project is None or not project.themes or registration.status is not Status.CONFIRMED:
        raise NotFound
    return registration, event, project


def _begun(registration: RegistrationRow) -> bool:
    return registration.starts_at <= clock.now()


def _page(token: str, registration: RegistrationRow, event: EventRow, project: ProjectRow, form: BaseForm) -> str:
    return render_template(
        "public/themes.html",
        token=token,
        event=event,
        project=project,
        mine=queries.mine(project, registration.id),
        form=form,
        begun=_begun(registration),
    )
