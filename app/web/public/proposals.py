"""市民企画提案事業 as everybody sees it: the programmes, one programme with its courses and themes."""

from __future__ import annotations

from flask import render_template

from app.infra import clock
from app.kernel.japanese_dates import local_date
from app.proposals import queries, reviews, rules
from app.web.parts.access import ANYONE, allow
from app.web.public import bp


@bp.get("/proposals/")
@allow(ANYONE)
def proposals() -> str:
    """The programmes of all years, the newest first."""
    today = local_date(clock.now())
    found = [(one, rules.phase(one.dates, today)) for one in queries.all_published()]
    return render_template("public/proposals/list.html", programmes=found)


@bp.get("/proposals/<int:year>/")
@allow(ANYONE)
def proposal_programme(year: int) -> str:
    """One programme: what it is for, its courses, its days, the sections' themes."""
    programme = queries.published(year)
    themes = queries.accepted_themes(programme.id) if programme.themes_published_at else []
    return render_template(
        "public/proposals/programme.html",
        programme=programme,
        phase=rules.phase(programme.dates, local_date(clock.now())),
        themes=themes,
        adopted=reviews.adopted(programme.id),
        briefing=queries.briefing_slug(programme),
        days=rules.DAYS,
    )
