"""Files that tables name must be in the storage; which are not is found by asking it, not by a statement."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.elearning.models import CourseUnit
from app.events.models import Handout
from app.infra.db import db
from app.infra.storage import storage
from app.proposals.models import ProposalAttachment
from app.registrations.models import AnswerFile, BulkAttachment
from app.reports.models import ReportFile, ReportPhoto
from app.worksheets.models import WorksheetAttachment

Table = (
    type[Handout]
    | type[WorksheetAttachment]
    | type[BulkAttachment]
    | type[AnswerFile]
    | type[ProposalAttachment]
    | type[CourseUnit]
    | type[ReportPhoto]
    | type[ReportFile]
)
_TABLES: tuple[tuple[str, str, Table, Any], ...] = (
    ("handout_file", "資料のファイルが保管場所にない", Handout, Handout.file_key),
    ("worksheet_file", "棚卸シートの添付ファイルが保管場所にない", WorksheetAttachment, WorksheetAttachment.file_key),
    ("answer_file", "申込みの添付ファイルが保管場所にない", AnswerFile, AnswerFile.file_key),
    ("proposal_file", "提案書の添付ファイルが保管場所にない", ProposalAttachment, ProposalAttachment.file_key),
    ("bulk_file", "一斉のお知らせの添付ファイルが保管場所にない", BulkAttachment, BulkAttachment.file_key),
    ("course_file", "Eラーニングの単元のファイルが保管場所にない", CourseUnit, CourseUnit.file_key),
    ("course_captions", "Eラーニングの動画の字幕が保管場所にない", CourseUnit, CourseUnit.captions_key),
    ("report_photo", "年次レポートの写真が保管場所にない", ReportPhoto, ReportPhoto.file_key),
    ("report_file", "確定した年次レポートのファイルが保管場所にない", ReportFile, ReportFile.file_key),
)


def missing() -> list[tuple[str, str, str, tuple[int, ...]]]:
    """Name and sentence of each promise, its table, and the rows whose file is gone."""
    return [(name, sentence, table.__tablename__, _without_file(table, key)) for name, sentence, table, key in _TABLES]


def _without_file(table: Table, column: Any) -> tuple[int, ...]:
    rows = db.session.execute(sa.select(table.id, column).where(column.is_not(None)).order_by(table.id))
    return tuple(file_id for file_id, key in rows if not storage.has(key))
