"""What the survey asks, changed piece by piece until the first section answers; and how a section will see it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.kernel.japanese_dates import fiscal_year_text
from app.questions.types import Definition
from app.surveys import board, organizing
from app.web.console import bp, form_pages
from app.web.console.reach import own_survey
from app.web.parts.access import allow, current_actor, current_staff


class _Survey(form_pages.Subject):
    """A survey of the own section. Raises NotFound for any other."""

    frame = "console/surveys/_frame.html"
    internal = False
    once_begun = "回答が始まったあとは、集計が途中で変わらないように、設問を変えられません。"

    def __init__(self, survey_id: int) -> None:
        self._survey = own_survey(survey_id)

    @property
    def title(self) -> str:
        """The survey's."""
        return self._survey.title

    @property
    def definition(self) -> Definition:
        """What it asks."""
        return self._survey.definition

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """By way of the surveys."""
        survey = self._survey
        return [
            ("協働環境調査", url_for("console.surveys")),
            (
                f"{survey.title}（{fiscal_year_text(survey.fiscal_year)}）",
                url_for("console.survey_board", survey_id=survey.id),
            ),
        ]

    @property
    def begun(self) -> int:
        """Those with an answer."""
        return board.states([self._survey.id])[self._survey.id].total()

    @property
    def may_manage(self) -> bool:
        """By role."""
        return current_staff().can(Permission.MANAGE_SURVEYS)

    @property
    def editable(self) -> bool:
        """As long as nobody has begun."""
        return self.may_manage and not self.begun

    @property
    def context(self) -> dict[str, object]:
        """The survey."""
        return {"survey": self._survey}

    def url(self, page: str, **place: Any) -> str:
        """Below the survey's own address."""
        return url_for(f"console.survey_{page}", survey_id=self._survey.id, **place)

    def keep(self, wanted: Definition, *, seen: str) -> None:
        """Raises BrokenDefinition, NotCountable, FormFixed."""
        organizing.ask(self._survey.id, wanted, seen=seen, by=current_actor(), now=clock.now())


@bp.get("/console/surveys/<int:survey_id>/questions/")
@allow(Permission.SEE_SURVEYS)
def survey_questions(survey_id: int) -> ResponseReturnValue:
    """The form as an outline."""
    return form_pages.outline(_Survey(survey_id))


@bp.post("/console/surveys/<int:survey_id>/questions/")
@allow(Permission.MANAGE_SURVEYS)
def survey_questions_post(survey_id: int) -> ResponseReturnValue:
    """Save the words above all, or what was moved or removed."""
    return form_pages.outline_post(_Survey(survey_id))


@bp.get("/console/surveys/<int:survey_id>/questions/<int:section>/")
@allow(Permission.MANAGE_SURVEYS)
def survey_section(survey_id: int, section: int) -> ResponseReturnValue:
    """A section by its place from 1; 0: a new one."""
    return form_pages.section_page(_Survey(survey_id), section)


@bp.post("/console/surveys/<int:survey_id>/questions/<int:section>/")
@allow(Permission.MANAGE_SURVEYS)
def survey_section_post(survey_id: int, section: int) -> ResponseReturnValue:
    """Save it."""
    return form_pages.section_post(_Survey(survey_id), section)


@bp.get("/console/surveys/<int:survey_id>/questions/<int:section>/<int:question>/")
@allow(Permission.MANAGE_SURVEYS)
def survey_question(survey_id: int, section: int, question: int) -> ResponseReturnValue:
    """A question by its place from 1 in its section; 0: a new one."""
    return form_pages.question_page(_Survey(survey_id), section, question)


@bp.post("/console/surveys/<int:survey_id>/questions/<int:section>/<int:question>/")
@allow(Permission.MANAGE_SURVEYS)
def survey_question_post(survey_id: int, section: int, question: int) -> ResponseReturnValue:
    """Save it."""
    return form_pages.question_post(_Survey(survey_id), section, question)


@bp.get("/console/surveys/<int:survey_id>/preview/")
@allow(Permission.SEE_SURVEYS)
def survey_preview(survey_id: int) -> ResponseReturnValue:
    """The empty form as the sections will see it."""
    return form_pages.preview_page(_Survey(survey_id))
