"""The promises about yearly reports: what is frozen is whole, and what is public was reviewed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.infra.db import db
from app.infra.storage import storage
from app.reports.models import Report, ReportFile
from app.reports.rules import digest
from app.reports.types import FileKind, Status
from app.stewardship.promises import Found, Promise


def altered() -> tuple[int, ...]:
    """Files of frozen reports whose bytes are not those that were frozen."""
    rows = db.session.execute(sa.select(ReportFile.id, ReportFile.file_key, ReportFile.digest).order_by(ReportFile.id))
    there = ((file_id, key, frozen) for file_id, key, frozen in rows if storage.has(key))
    return tuple(file_id for file_id, key, frozen in there if digest(storage.load(key)) != frozen)


def _not_whole(_now: datetime) -> Found:
    files = sa.select(sa.func.count(ReportFile.id)).where(ReportFile.report_id == Report.id).scalar_subquery()
    return sa.select(Report.id).where(files != sa.case((Report.status == Status.FROZEN, len(FileKind)), else_=0))


FROZEN = (Promise("report_whole", "年次レポートの状態と、保存したファイルの数が合わない", "report", _not_whole),)
