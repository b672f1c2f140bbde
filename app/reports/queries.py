"""Reading reports: the list, one year with all that goes into it, and what was frozen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from app.documents.article import Article, Picture
from app.documents.article_html import article_html
from app.infra.db import db
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.reports import chapters, figures, rules
from app.reports.chapters import Contents
from app.reports.gathering import Year
from app.reports.models import Report, ReportCorrection, ReportFigure, ReportFile, ReportPhoto, ReportText
from app.reports.types import (
    CorrectionRow,
    Difference,
    FileKind,
    FileRow,
    FrozenFigure,
    PhotoRow,
    ReportRow,
    Status,
    TextRow,
)  # fmt: skip

_PHOTO = [getattr(ReportPhoto, name) for name in ("id", "chapter", "alt", "caption", "media_type", "file_key")]


def listing(section: str | None = None) -> list[ReportRow]:
    """The reports of a section of the city hall (None: of all), the newest year first."""
    return _rows(*([Report.section == section] if section is not None else []))


def published() -> list[ReportRow]:
    """The frozen reports, the newest year first."""
    return _rows(Report.status == Status.FROZEN)


def of_year(fiscal_year: int) -> ReportRow:
    """The report of a year, whatever its state. Raises NotFound."""
    found = _rows(Report.fiscal_year == fiscal_year)
    if not found:
        raise NotFound
    return found[0]


def by_id(report_id: int) -> ReportRow:
    """A report. Raises NotFound."""
    found = _rows(Report.id == report_id)
    if not found:
        raise NotFound
    return found[0]


def frozen(fiscal_year: int) -> ReportRow:
    """The same, if it is frozen. Raises NotFound."""
    row = of_year(fiscal_year)
    if row.status is not Status.FROZEN:
        raise NotFound
    return row


def texts(report_id: int) -> dict[str, TextRow]:
    """What is written, by chapter."""
    names = ("chapter", "text", "version", "carried", "edited_at", "edited_by")
    chosen = sa.select(*(getattr(ReportText, name) for name in names)).where(ReportText.report_id == report_id)
    return {row.chapter: TextRow(*row) for row in db.session.execute(chosen)}


def photos(report_id: int) -> list[PhotoRow]:
    """The photos in the order in which they were added."""
    chosen = sa.select(*_PHOTO).where(ReportPhoto.report_id == report_id).order_by(ReportPhoto.id)
    return [PhotoRow(*row) for row in db.session.execute(chosen)]


def photo(report_id: int, photo_id: int) -> PhotoRow:
    """One of them. Raises NotFound."""
    for row in photos(report_id):
        if row.id == photo_id:
            return row
    raise NotFound


def photo_content(row: PhotoRow) -> bytes:
    """The bytes of a photo."""
    return storage.load(row.file_key)


def contents(report: ReportRow, *, now: datetime, whole: bool = False) -> Contents:
    """All that goes into a report as it stands; the bytes of the photos only where it is `whole`."""
    known = figures.of_years(chapters.years_of(report.fiscal_year), report.section, now=now)
    shown: dict[str, list[Picture]] = defaultdict(list)
    for row in photos(report.id):
        content = photo_content(row) if whole else b""
        shown[row.chapter].append(Picture(row.file, content, row.alt, row.caption))
    trends = {chapter.trend for chapter in chapters.CHAPTERS if chapter.trend}
    lists = {chapter.lists for chapter in chapters.CHAPTERS if chapter.lists}
    year = Year(report.fiscal_year, report.section, now)
    return Contents(
        year=year,
        publisher=report.publisher,
        figures=known,
        trends={key: figures.trend(key, known, report.section, until=report.fiscal_year) for key in trends},
        listed={key: [line.label for line in figures.lines(key, year) if not line.source] for key in lists},
        texts={row.chapter: row.text for row in texts(report.id).values()},
        photos=shown,
    )


def article(report: ReportRow, *, now: datetime) -> Article:
    """The report as a document, photos by their names only."""
    return chapters.article(contents(report, now=now))


def digest(document: Article) -> str:
    """What tells whether a report still reads as it did when it was reviewed."""
    return rules.digest(article_html(document).encode())


def files(report_id: int) -> dict[FileKind, FileRow]:
    """The files of a frozen report; none before."""
    columns = (ReportFile.kind, ReportFile.size, ReportFile.digest, ReportFile.file_key)
    chosen = sa.select(*columns).where(ReportFile.report_id == report_id)
    found = {row.kind: FileRow(*row) for row in db.session.execute(chosen)}
    return {kind: found[kind] for kind in FileKind if kind in found}


def content(report_id: int, kind: FileKind) -> bytes:
    """The bytes of such a file. Raises NotFound."""
    found = files(report_id)
    if kind not in found:
        raise NotFound
    return storage.load(found[kind].file_key)


def corrections(report_id: int) -> list[CorrectionRow]:
    """What was found to be wrong in a frozen report, in the order of publication."""
    columns = (ReportCorrection.id, ReportCorrection.text, ReportCorrection.published_at, ReportCorrection.published_by)
    chosen = sa.select(*columns).where(ReportCorrection.report_id == report_id).order_by(ReportCorrection.id)
    return [CorrectionRow(*row) for row in db.session.execute(chosen)]


def differences(report: ReportRow, *, now: datetime) -> list[Difference]:
    """The figures of its own year that a frozen report gives and that read otherwise now."""
    names = ("fiscal_year", "key", "title", "unit", "value")
    chosen = sa.select(*(getattr(ReportFigure, name) for name in names)).order_by(ReportFigure.id)
    own = chosen.where(ReportFigure.report_id == report.id, ReportFigure.fiscal_year == report.fiscal_year)
    then = [FrozenFigure(*row) for row in db.session.execute(own)]
    return rules.differences(then, figures.of_years([report.fiscal_year], report.section, now=now))


def carried(rows: Iterable[TextRow]) -> list[str]:
    """The titles of the chapters whose text is last year's and was not looked at."""
    keys = {row.chapter for row in rows if row.carried}
    return [chapter.title for chapter in chapters.WRITTEN if chapter.key in keys]


def _rows(*wanted: sa.ColumnElement[bool]) -> list[ReportRow]:
    names = ReportRow.__dataclass_fields__
    chosen = sa.select(*(getattr(Report, name) for name in names)).where(*wanted)
    return [ReportRow(*row) for row in db.session.execute(chosen.order_by(Report.fiscal_year.desc()))]
