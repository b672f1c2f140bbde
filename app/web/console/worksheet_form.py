"""What a worksheet asks, changed piece by piece: sections, questions, their order; and how a section will see it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.questions.types import Definition
from app.web.console import bp, form_pages
from app.web.console.reach import own_template
from app.web.parts.access import allow, current_actor, current_staff
from app.worksheets import queries, templates


class _Worksheet(form_pages.Subject):
    """A worksheet of the own section. Raises NotFound for any other."""

    frame = "console/worksheets/_frame.html"
    internal = True
    once_begun = (
        "設問を変えると新しい版になります。提出済みのシートは提出したときの設問のまま残り、"
        "作成中のシートには記入した内容が引き継がれます。"
    )

    def __init__(self, template_id: int) -> None:
        self._template = own_template(template_id)

    @property
    def title(self) -> str:
        """The worksheet's."""
        return self._template.title

    @property
    def definition(self) -> Definition:
        """The newest form."""
        return self._template.definition

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """By way of the worksheets of the year."""
        template = self._template
        return [
            ("様式", url_for("console.worksheets", year=template.fiscal_year)),
            (template.title, url_for("console.worksheet_board", template_id=template.id)),
        ]

    @property
    def begun(self) -> int:
        """Those with a worksheet."""
        return len(queries.states([self._template.id]))

    @property
    def may_manage(self) -> bool:
        """By role."""
        return current_staff().can(Permission.MANAGE_WORKSHEETS)

    @property
    def context(self) -> dict[str, object]:
        """The template."""
        return {"template": self._template}

    def url(self, page: str, **place: Any) -> str:
        """Below the worksheet's own address."""
        return url_for(f"console.worksheet_{page}", template_id=self._template.id, **place)

    def keep(self, wanted: Definition, *, seen: str) -> None:
        """Raises BrokenDefinition, FormChanged."""
        templates.ask(self._template.id, wanted, seen=seen, by=current_actor(), now=clock.now())


@bp.get("/console/worksheets/<int:template_id>/questions/")
@allow(Permission.SEE_WORKSHEETS)
def worksheet_questions(template_id: int) -> ResponseReturnValue:
    """The form as an outline."""
    return form_pages.outline(_Worksheet(template_id))


@bp.post("/console/worksheets/<int:template_id>/questions/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_questions_post(template_id: int) -> ResponseReturnValue:
    """Save the words above all, or what was moved or removed."""
    return form_pages.outline_post(_Worksheet(template_id))


@bp.get("/console/worksheets/<int:template_id>/questions/<int:section>/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_section(template_id: int, section: int) -> ResponseReturnValue:
    """A section by its place from 1; 0: a new one."""
    return form_pages.section_page(_Worksheet(template_id), section)


@bp.post("/console/worksheets/<int:template_id>/questions/<int:section>/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_section_post(template_id: int, section: int) -> ResponseReturnValue:
    """Save it."""
    return form_pages.section_post(_Worksheet(template_id), section)


@bp.get("/console/worksheets/<int:template_id>/questions/<int:section>/<int:question>/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_question(template_id: int, section: int, question: int) -> ResponseReturnValue:
    """A question by its place from 1 in its section; 0: a new one."""
    return form_pages.question_page(_Worksheet(template_id), section, question)


@bp.post("/console/worksheets/<int:template_id>/questions/<int:section>/<int:question>/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_question_post(template_id: int, section: int, question: int) -> ResponseReturnValue:
    """Save it."""
    return form_pages.question_post(_Worksheet(template_id), section, question)


@bp.get("/console/worksheets/<int:template_id>/preview/")
@allow(Permission.SEE_WORKSHEETS)
def worksheet_preview(template_id: int) -> ResponseReturnValue:
    """The empty form as the sections will see it."""
    return form_pages.preview_page(_Worksheet(template_id))
