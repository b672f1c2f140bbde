"""Freezing a report: its page, PDF, Word file and figures are made once, and their bytes kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from app.documents.article import Article
from app.documents.article_docx import article_docx
from app.documents.article_html import article_html
from app.documents.csv_text import csv_bytes
from app.documents.pdf import article_pdf
from app.documents.types import Encoding
from app.infra import audit
from app.infra.db import db, transaction
from app.infra.storage import storage
from app.kernel.japanese_dates import date_text
from app.kernel.types import Actor
from app.reports import chapters, queries, rules, steps
from app.reports.chapters import Contents
from app.reports.definitions import BY_KEY
from app.reports.errors import NotReviewed
from app.reports.models import Report, ReportFigure, ReportFile
from app.reports.types import Figure, FileKind, Status

FOLDER = "reports"
HEADER = ("年度", "キー", "項目", "値", "単位", "出典", "数え方")


def freeze(report_id: int, *, by: Actor, now: datetime) -> None:
    """Make the report public as it was reviewed. Raises NotFound, Frozen, NotReviewed.

    The files are made and stored before the transaction begins, and taken away again when it fails: nobody waits for
    a typesetter at the database.
    """
    contents = queries.contents(queries.by_id(report_id), now=now, whole=True)
    made = files_of(contents, now=now)
    kept = {kind: storage.save(content, FOLDER) for kind, content in made.items()}
    try:
        _freeze(report_id, made, kept, by=by, now=now)
    except BaseException:
        for key in kept.values():
            storage.delete(key)
        raise


def files_of(contents: Contents, *, now: datetime) -> dict[FileKind, bytes]:
    """The four files, each written from the same article."""
    document = dated(chapters.article(contents), now)
    return {kind: write(contents, document, now) for kind, write in _WRITERS.items()}


def draft_of(contents: Contents, kind: FileKind, *, now: datetime) -> bytes:
    """One of them as it would read at `now`, with the word that it is a draft."""
    document = replace(chapters.article(contents), lead=f"下書き（{date_text(now)}の内容です）")
    return _WRITERS[kind](contents, document, now)


def dated(document: Article, now: datetime) -> Article:
    """The article with the day of its publication."""
    return replace(document, lead=f"{date_text(now)}発行")


def figures_csv(contents: Contents) -> bytes:
    """Every known figure a line, in UTF-8: those of the compared years, and older ones that a chart shows."""
    rows = [
        (
            one.fiscal_year,
            one.key,
            one.definition.title,
            one.value,
            one.definition.unit,
            one.source,
            one.definition.says,
        )
        for one in _known(contents)
    ]
    return csv_bytes(HEADER, rows, encoding=Encoding.UTF8).content


_WRITERS: Mapping[FileKind, Callable[[Contents, Article, datetime], bytes]] = {
    FileKind.PAGE: lambda _contents, document, _now: article_html(document).encode(),
    FileKind.PDF: lambda _contents, document, _now: article_pdf(document),
    FileKind.DOCX: lambda _contents, document, now: article_docx(document, at=now),
    FileKind.CSV: lambda contents, _document, _now: figures_csv(contents),
}


def _known(contents: Contents) -> Iterator[Figure]:
    for key in BY_KEY:
        known = {one.fiscal_year: one for one in contents.trends.get(key, ())}
        known |= {year: one for (year, name), one in contents.figures.items() if name == key}
        yield from (known[year] for year in sorted(known) if known[year].value is not None)


@transaction
def _freeze(
    report_id: int, made: Mapping[FileKind, bytes], kept: Mapping[FileKind, str], *, by: Actor, now: datetime
) -> None:
    row = steps.open_for_work(report_id)
    if row.status is not Status.REVIEWED:
        raise NotReviewed("確定する前に、ほかの担当者か所属長の確認を受けてください。")
    contents = queries.contents(queries.of_year(row.fiscal_year), now=now)
    document = chapters.article(contents)
    as_made = article_html(dated(document, now)).encode() == made[FileKind.PAGE]
    if not as_made or queries.digest(document) != row.reviewed_digest:
        raise NotReviewed("確認のあとで内容が変わりました。もう一度、確認を受けてください。")
    _keep(row, made, kept, contents.figures.values())
    row.status, row.frozen_at, row.frozen_by = Status.FROZEN, now, by.label
    audit.record("report.frozen", "report", report_id, by=by, at=now)


def _keep(row: Report, made: Mapping[FileKind, bytes], kept: Mapping[FileKind, str], figures: Iterable[Figure]) -> None:
    for kind, content in made.items():
        digest = rules.digest(content)
        db.session.add(ReportFile(report_id=row.id, kind=kind, size=len(content), digest=digest, file_key=kept[kind]))
    for one in figures:
        if one.value is not None:
            what = {"key": one.key, "title": one.definition.title, "unit": one.definition.unit, "value": one.value}
            db.session.add(ReportFigure(report_id=row.id, fiscal_year=one.fiscal_year, **what))
