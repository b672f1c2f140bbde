"""What must be true of tables and feedback: nobody sits where no table is, and no link outlives its form."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.feedback.models import FeedbackForm, FeedbackSpent, FeedbackTicket
from app.kernel.japanese_dates import local_date
from app.model_projects.models import ModelTheme, TableCard, TableSeat
from app.stewardship.promises import Found, Promise

# The worker sweeps each hour; after a day none does.
SWEPT_WITHIN = timedelta(days=1)


def _links_left(now: datetime) -> Found:
    left = [sa.exists().where(table.event_id == FeedbackForm.event_id) for table in (FeedbackTicket, FeedbackSpent)]
    closed = FeedbackForm.last_day < local_date(now - SWEPT_WITHIN)
    return sa.select(FeedbackForm.event_id).where(closed, sa.or_(*left))


def _no_such_table(_now: datetime) -> Found:
    beyond = [
        sa.exists().where(table.theme_id == ModelTheme.id, table.number > ModelTheme.tables)
        for table in (TableSeat, TableCard)
    ]
    return sa.select(ModelTheme.id).where(sa.or_(*beyond))


MEETINGS = (
    Promise("links", "締め切ったアンケートの、回答用のリンクの記録が残っている", "feedback_form", _links_left),
    Promise("no_table", "席またはカードが、ないテーブルにある", "model_theme", _no_such_table),
)
