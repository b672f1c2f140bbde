"""What an organizer takes from here to announce an event elsewhere: words for the newsletter, a poster, a QR code."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.documents import pdf, qr
from app.documents.types import PosterSheet
from app.events import announcing
from app.events.types import EventRow
from app.infra.links import links
from app.subscriptions import queries as subscriptions
from app.web.console import bp
from app.web.console.reach import own_event
from app.web.parts.access import allow
from app.web.parts.downloads import attachment

SUMMARY = 400


@bp.get("/console/events/<int:event_id>/publicity/")
@allow(Permission.SEE_REGISTRATIONS)
def event_publicity(event_id: int) -> ResponseReturnValue:
    """The words to copy, and the files to take along."""
    row = own_event(event_id)
    words = announcing.newsletter(row, _page(row))
    return render_template(
        "console/events/publicity.html",
        event=row,
        words=words,
        length=len("".join(words.split())),
        code=qr.qr_svg(_page(row), title="申込みページの二次元コード"),
        page=_page(row),
        announcement=subscriptions.announcement(event_id),
    )


@bp.get("/console/events/<int:event_id>/poster.pdf")
@allow(Permission.SEE_REGISTRATIONS)
def event_poster(event_id: int) -> Response:
    """An A4 poster with everything that the public page says first."""
    row = own_event(event_id)
    return attachment(pdf.poster_pdf(_sheet(row)), f"ポスター_{row.slug}.pdf", "application/pdf", personal=True)


@bp.get("/console/events/<int:event_id>/qr.<any(svg,png):kind>")
@allow(Permission.SEE_REGISTRATIONS)
def event_qr(event_id: int, kind: str) -> Response:
    """The QR code of the public page as a picture, for flyers that are made elsewhere."""
    row = own_event(event_id)
    content, media_type = qr.qr_file(_page(row), kind)
    return attachment(content, f"qr_{row.slug}.{kind}", media_type, personal=True)


def _page(row: EventRow) -> str:
    return links.absolute(f"/events/{row.slug}/")


def _sheet(row: EventRow) -> PosterSheet:
    number = f"　第{row.number}回" if row.number else ""
    return PosterSheet(
        series=row.series_title + number if row.title != row.series_title else number.strip(),
        publisher=row.organizer or f"{current_app.config['TSUDOI'].municipality_name} {row.section}",
        title=row.title,
        summary=row.summary[:SUMMARY],
        dates=tuple(announcing.poster_dates(row)),
        rows=tuple(announcing.poster_rows(row)),
        how=announcing.ways_to_apply(row),
        contact=announcing.contact(row),
        page=_page(row),
        qr=qr.qr_file(_page(row), "svg")[0].decode(),
    )
