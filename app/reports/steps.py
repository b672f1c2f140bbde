"""Steps that the verbs of this room share; none of them commits."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.reports.errors import Frozen
from app.reports.models import Report
from app.reports.types import Status


def locked(report_id: int) -> Report:
    """The report, held until the transaction ends. Raises NotFound."""
    row = db.session.get(Report, report_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def open_for_work(report_id: int) -> Report:
    """The same, while it can be changed. Raises NotFound, Frozen."""
    row = locked(report_id)
    if row.status is Status.FROZEN:
        raise Frozen("確定したレポートは変更できません。間違いは、正誤としてお知らせできます。")
    return row


def edited(row: Report, *, by: Actor, now: datetime) -> None:
    """Note who changed it; a review of what it was before no longer counts."""
    row.edited_at, row.edited_by, row.edited_by_id = now, by.label, by.id
    row.status, row.reviewed_at, row.reviewed_by, row.reviewed_digest = Status.DRAFT, None, "", ""


def before(fiscal_year: int, section: str) -> Report | None:
    """The section's report of the latest year before."""
    earlier = sa.select(Report).where(Report.section == section, Report.fiscal_year < fiscal_year)
    return db.session.scalar(earlier.order_by(Report.fiscal_year.desc()).limit(1))
