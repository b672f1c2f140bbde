"""What the section does to its yearly report. Each verb is one transaction and leaves an audit entry."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import fiscal_year_text
from app.kernel.types import Actor
from app.reports import queries, rules, steps
from app.reports.chapters import WRITTEN
from app.reports.errors import ChangedMeanwhile, NotFrozen, OwnWork, StillLastYears, YearTaken
from app.reports.models import Report, ReportCorrection, ReportText
from app.reports.types import Status


@transaction
def begin(fiscal_year: int, *, section: str, publisher: str, by: Actor, now: datetime) -> int:
    """Begin the report of a year with the texts of the section's last one; returns its id. Raises YearTaken."""
    earlier = steps.before(fiscal_year, section)
    row = Report(
        fiscal_year=fiscal_year,
        section=section,
        publisher=publisher,
        carried_from=earlier.fiscal_year if earlier else None,
        edited_at=now,
        edited_by=by.label,
        edited_by_id=by.id,
    )
    db.session.add(row)
    try:
        db.session.flush()  # the texts name its number
    except IntegrityError as taken:
        if "report" not in str(taken.orig) or "fiscal_year" not in str(taken.orig):
            raise
        raise YearTaken(f"{fiscal_year_text(fiscal_year)}のレポートはもうあります。") from taken
    if earlier:
        _carry_texts(earlier.id, row.id, by=by, now=now)
    audit.record("report.begun", "report", row.id, by=by, at=now)
    return row.id


@transaction
def write(report_id: int, chapter: str, text: str, *, version: int, by: Actor, now: datetime) -> None:
    """Keep the text of a chapter; `version` is the one that was read, 0 where there was none.

    Saving last year's text unchanged says that it still holds. Raises NotFound, Frozen, ChangedMeanwhile.
    """
    if chapter not in {one.key for one in WRITTEN}:
        raise NotFound
    report = steps.open_for_work(report_id)
    row = db.session.get(ReportText, (report_id, chapter))
    if version != (row.version if row else 0):
        who = row.edited_by if row else ""
        raise ChangedMeanwhile(f"{who}さんが先に保存しています。入力した内容は残っています。確かめてください。")
    if row is None:
        db.session.add(ReportText(report_id=report_id, chapter=chapter, text=text, edited_at=now, edited_by=by.label))
    else:
        row.text, row.version, row.carried = text, row.version + 1, False
        row.edited_at, row.edited_by = now, by.label
    steps.edited(report, by=by, now=now)
    audit.record("report.written", "report", report_id, by=by, at=now, fields=[chapter])


@transaction
def review(report_id: int, *, by: Actor, now: datetime) -> None:
    """Say that the report is right as it reads now. Raises NotFound, Frozen, OwnWork, StillLastYears."""
    row = steps.open_for_work(report_id)
    if not rules.may_review(row.edited_by_id, by.id):
        raise OwnWork("最後に変更した人は、自分では確認できません。ほかの担当者か所属長に頼んでください。")
    old = queries.carried(queries.texts(report_id).values())
    if old:
        raise StillLastYears(
            f"前のレポートのままの文章があります（{'、'.join(old)}）。それぞれを開き、直して保存してください。"
        )
    report = queries.of_year(row.fiscal_year)
    row.reviewed_digest = queries.digest(queries.article(report, now=now))
    row.status, row.reviewed_at, row.reviewed_by = Status.REVIEWED, now, by.label
    audit.record("report.reviewed", "report", report_id, by=by, at=now)


@transaction
def correct(report_id: int, text: str, *, by: Actor, now: datetime) -> None:
    """Publish what is wrong in a frozen report beside it. Raises NotFound, NotFrozen."""
    row = steps.locked(report_id)
    if row.status is not Status.FROZEN:
        raise NotFrozen("正誤は、確定したレポートについてお知らせするものです。")
    db.session.add(ReportCorrection(report_id=report_id, text=text, published_at=now, published_by=by.label))
    audit.record("report.corrected", "report", report_id, by=by, at=now)


def _carry_texts(earlier_id: int, report_id: int, *, by: Actor, now: datetime) -> None:
    chosen = sa.select(ReportText).where(ReportText.report_id == earlier_id, ReportText.text != "")
    for text in db.session.scalars(chosen):
        kept = ReportText(report_id=report_id, chapter=text.chapter, text=text.text, carried=True)
        kept.edited_at, kept.edited_by = now, by.label
        db.session.add(kept)
