"""What the yearly survey of the city's sections found, once it is published: figures, totals, a list as CSV."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from app.documents.csv_text import csv_bytes
from app.documents.types import Encoding
from app.kernel.errors import NotFound
from app.surveys import listing, queries, rules
from app.surveys.types import SurveyRow
from app.web.parts.access import ANYONE, allow
from app.web.parts.downloads import attachment
from app.web.public import bp


@bp.get("/surveys/")
@allow(ANYONE)
def surveys() -> str:
    """How the years compare, and the years of which there is more to read."""
    return render_template("public/surveys.html", trend=queries.trend(), surveys=queries.published())


@bp.get("/surveys/<int:fiscal_year>/")
@allow(ANYONE)
def survey(fiscal_year: int) -> str:
    """The year's figure, the totals and the projects whose sections let them be published."""
    found = _published(fiscal_year)
    told = queries.collaborations(fiscal_year)
    asked = {question.key: question for question in rules.countable(found.definition)}
    shown = [asked[key] for key in rules.PUBLIC_TOTALS if key in asked]
    return render_template(
        "public/survey.html",
        survey=found,
        told=told,
        totals=rules.totals(shown, told.projects),
        listed=[row for row in told.rows if row.public],
        trend=[row for row in queries.trend() if row.fiscal_year <= fiscal_year],
    )


@bp.get("/surveys/<int:fiscal_year>.csv")
@allow(ANYONE)
def survey_csv(fiscal_year: int) -> Response:
    """The projects that may be published, machine-readable: one row a project, 0 or 1 for each option."""
    found = _published(fiscal_year)
    header, rows = listing.public_projects(found, queries.collaborations(fiscal_year))
    content = csv_bytes(header, rows, encoding=Encoding.UTF8).content
    return attachment(content, f"{found.title}_{fiscal_year}.csv", "text/csv; charset=utf-8")


def _published(fiscal_year: int) -> SurveyRow:
    """Raises NotFound where nothing is public."""
    found = queries.of_year(fiscal_year)
    if found is None or found.published_at is None:
        raise NotFound
    return found
