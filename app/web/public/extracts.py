"""What the city has made public of its inventory of work: a page and a PDF a year."""

from __future__ import annotations

from itertools import groupby

from flask import render_template
from werkzeug.wrappers import Response

from app.documents.pdf import extract_pdf
from app.documents.types import Extract, ExtractGroup, ExtractTask
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import fiscal_year_text
from app.questions.carrying import text_of
from app.questions.types import Section
from app.web.parts.access import ANYONE, allow
from app.web.parts.downloads import attachment
from app.web.public import bp
from app.worksheets import overview, queries
from app.worksheets.rules import PUBLISH
from app.worksheets.types import TaskRow, TemplateRow


@bp.get("/worksheets/")
@allow(ANYONE)
def extracts() -> str:
    """The years of which there is something to read."""
    return render_template("public/extracts.html", years=queries.years_of_extracts())


@bp.get("/worksheets/<int:fiscal_year>/")
@allow(ANYONE)
def extract(fiscal_year: int) -> str:
    """The rows that were chosen and may be published, by section of the city hall."""
    return render_template("public/extract.html", year=fiscal_year, extracts=_extracts(fiscal_year))


@bp.get("/worksheets/<int:fiscal_year>/<int:number>.pdf")
@allow(ANYONE)
def extract_file(fiscal_year: int, number: int) -> Response:
    """The same as a tagged PDF: the first, second, … of the year's extracts."""
    found = _extracts(fiscal_year)
    if not 1 <= number <= len(found):
        raise NotFound
    one = found[number - 1]
    return attachment(extract_pdf(one), f"{one.title}_{fiscal_year}.pdf", "application/pdf")


def _extracts(year: int) -> list[Extract]:
    """Raises NotFound where nothing is public."""
    found = [_extract(template) for template in queries.published_extracts(year)]
    if not found:
        raise NotFound
    return found


def _extract(template: TemplateRow) -> Extract:
    forms, rows = queries.forms(template.id), overview.extract(template.id)
    return Extract(
        title=f"{template.title}　抜粋",
        fiscal_year_text=fiscal_year_text(template.fiscal_year),
        groups=tuple(
            ExtractGroup(unit.full_name, tuple(_task(forms[row.form_id].section(row.section), row) for row in its))
            for unit, its in groupby(rows, key=lambda row: row.unit)
        ),
    )


def _task(section: Section, row: TaskRow) -> ExtractTask:
    """In the words of the form that the section answered; its first answer is the task's name."""
    shown = [asked for asked in section.questions if not asked.internal and asked.key != PUBLISH]
    name = text_of(shown[0], row.answers) if shown else ""
    answers = ((asked.label, words) for asked in shown[1:] if (words := text_of(asked, row.answers)))
    return ExtractTask(name, tuple(answers))
