"""All sections' tasks side by side: found, counted, written to a workbook, and chosen for the public."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.documents.sheets import xlsx
from app.infra import clock
from app.kernel.text import clean_line
from app.org.types import UnitRow
from app.questions.carrying import text_of
from app.questions.kinds import labels_of
from app.questions.types import Question, Section
from app.web.console import bp
from app.web.console.reach import own_template
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import XLSX, attachment
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of, page_number, page_url
from app.worksheets import overview, queries, templates
from app.worksheets.types import RowFilters, TaskRow, TemplateRow

LONGEST_WORD = 60


@bp.get("/console/worksheets/<int:template_id>/rows/")
@allow(Permission.SEE_WORKSHEETS)
def worksheet_rows(template_id: int) -> ResponseReturnValue:
    """The tasks that were handed in; by word, department and any question that has options."""
    return _page(own_template(template_id), BaseForm(formdata=None))


@bp.post("/console/worksheets/<int:template_id>/rows/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_rows_choose(template_id: int) -> ResponseReturnValue:
    """Of the rows on this page, put those that are ticked into the public extract."""
    template, form = own_template(template_id), BaseForm()
    shown, chosen = ([id_of(one) for one in request.form.getlist(name)] for name in ("shown", "chosen"))
    with form.refusals():
        templates.choose_rows(template_id, shown, chosen, by=current_actor(), now=clock.now())
        flash("抜粋に入れる業務を保存しました。", "success")
        return redirect(request.full_path, 303)
    return _page(template, form), 422


@bp.post("/console/worksheets/<int:template_id>/extract/<any(show,hide):step>/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_extract(template_id: int, step: str) -> ResponseReturnValue:
    """Let everybody see the chosen rows, or nobody any more."""
    own_template(template_id)
    templates.publish_extract(template_id, shown=step == "show", by=current_actor(), now=clock.now())
    flash("抜粋を公開しました。" if step == "show" else "抜粋の公開をやめました。", "success")
    return redirect(url_for("console.worksheet_rows", template_id=template_id), 303)


@bp.get("/console/worksheets/<int:template_id>/totals/")
@allow(Permission.SEE_WORKSHEETS)
def worksheet_totals(template_id: int) -> ResponseReturnValue:
    """How often each option was chosen, under the same filters as the list."""
    template = own_template(template_id)
    units = queries.who_must(template.fiscal_year)
    filters = _filters(template, units)
    totals = overview.totals(template_id, _countable(template), filters)
    return render_template(
        "console/worksheets/totals.html",
        totals=[(asked, tallies, sum(one.rows for one in tallies)) for asked, tallies in totals],
        total=overview.count(template_id, filters),
        **_about(template, filters, units),
    )


@bp.get("/console/worksheets/<int:template_id>/rows.xlsx")
@allow(Permission.SEE_WORKSHEETS)
def worksheet_rows_xlsx(template_id: int) -> Response:
    """The rows under the filters as a workbook: a row a task, a column a question."""
    template = own_template(template_id)
    questions, filters = _questions(template), _filters(template, queries.who_must(template.fiscal_year))
    forms = queries.forms(template_id)
    header = ["部", "課・室", "状態", "区分", *(asked.label for asked in questions), "公開の同意", "抜粋"]
    titles = {section.key: section.title for section in template.definition.sections}
    rows = [
        [
            row.unit.path[-2] if len(row.unit.path) > 1 else "",
            row.unit.name,
            row.state.word,
            titles.get(row.section, row.section),
            *_words(forms[row.form_id].section(row.section), questions, row),
            "あり" if row.agreed else "なし",
            "○" if row.chosen else "",
        ]
        for row in overview.every_row(template_id, filters)
    ]
    content = xlsx(template.title, header, rows)
    return attachment(content, f"{template.title}_{template.fiscal_year}.xlsx", XLSX, personal=True)


def _page(template: TemplateRow, form: BaseForm) -> str:
    units, forms = queries.who_must(template.fiscal_year), queries.forms(template.id)
    filters = _filters(template, units)
    page = overview.rows(template.id, filters, number=page_number(), url=page_url)
    return render_template(
        "console/worksheets/rows.html",
        page=page,
        form=form,
        editable=current_staff().can(Permission.MANAGE_WORKSHEETS),
        lines_of=lambda row: _lines(forms[row.form_id].section(row.section), row),
        **_about(template, filters, units),
    )


def _about(template: TemplateRow, filters: RowFilters, units: list[UnitRow]) -> dict[str, object]:
    return {
        "template": template,
        "filters": filters,
        "countable": _countable(template),
        "labels_of": labels_of,
        "departments": list(dict.fromkeys(unit.path[-2] for unit in units if len(unit.path) > 1)),
        "department": request.args.get("department", ""),
        "kept": {name: value for name, value in request.args.items() if value and name != "page"},
    }


def _filters(template: TemplateRow, units: list[UnitRow]) -> RowFilters:
    """What the address asks for; what the form does not know asks for nothing."""
    options = {}
    for asked in _countable(template):
        wanted = request.args.get(f"o-{asked.key}", "")
        if wanted in dict(labels_of(asked)):
            options[asked.key] = wanted
    return RowFilters(
        options=options,
        unit_ids=_units_of(units, request.args.get("department", "")),
        word=clean_line(request.args.get("q", ""))[:LONGEST_WORD],
        chosen=request.args.get("chosen") == "1",
        agreed=request.args.get("agreed") == "1",
    )


def _units_of(units: list[UnitRow], department: str) -> frozenset[int] | None:
    if not department:
        return None
    return frozenset(unit.id for unit in units if department in unit.path[:-1])


def _questions(template: TemplateRow) -> list[Question]:
    """The questions of the sections that repeat; the same key in two of them is one column."""
    repeating = (section for section in template.definition.sections if section.repeats)
    return list({asked.key: asked for section in repeating for asked in section.questions}.values())


def _countable(template: TemplateRow) -> list[Question]:
    return [asked for asked in _questions(template) if labels_of(asked)]


def _words(section: Section, questions: list[Question], row: TaskRow) -> list[str]:
    """The answers to `questions` in the words of the form that was answered; "" where it did not ask."""
    own = {asked.key: text_of(asked, row.answers) for asked in section.questions}
    return [own.get(asked.key, "") for asked in questions]


def _lines(section: Section, row: TaskRow) -> tuple[str, list[tuple[str, str]]]:
    """What a row is called, and the answers that sum it up: what every section had to choose."""
    summing = [asked for asked in section.questions if asked.required and labels_of(asked)]
    name = text_of(section.questions[0], row.answers)
    return name, [(asked.label, words) for asked in summing if (words := text_of(asked, row.answers))]
