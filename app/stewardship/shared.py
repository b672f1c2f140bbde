"""The promises about shared issues and about the year's plan."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.infra.audit import AuditEntry
from app.shared_issues.models import SharedIssue, SharedIssueAnswer, SharedIssueContribution
from app.shared_issues.types import Stage
from app.stewardship.promises import Found, Promise
from app.year_plan.models import YearPlan, YearPlanEntry


def _another_issues_contribution(_now: datetime) -> Found:
    return (
        sa.select(SharedIssueAnswer.id)
        .join(SharedIssueContribution, SharedIssueContribution.id == SharedIssueAnswer.contribution_id)
        .where(SharedIssueContribution.issue_id != SharedIssueAnswer.issue_id)
    )


def _published_by_nobody(_now: datetime) -> Found:
    noted = sa.exists().where(
        AuditEntry.object_type == "shared_issue",
        AuditEntry.object_id == sa.cast(SharedIssue.id, sa.String),
        AuditEntry.action == "shared_issue.published",
    )
    return sa.select(SharedIssue.id).where(SharedIssue.stage == Stage.PUBLISHED, ~noted)


def _outside_its_year(_now: datetime) -> Found:
    def year(day: sa.SQLColumnExpression[object]) -> sa.ColumnElement[int]:
        return sa.extract("year", day) - sa.case((sa.extract("month", day) < 4, 1), else_=0)

    days = (YearPlanEntry.starts_on, YearPlanEntry.ends_on)
    return (
        sa.select(YearPlanEntry.id)
        .join(YearPlan, YearPlan.id == YearPlanEntry.plan_id)
        .where(sa.or_(*(year(day) != YearPlan.fiscal_year for day in days)))
    )


SHARED = (
    Promise(
        "contribution",
        "「寄せられた情報」が、別の課題への回答から作られている",
        "shared_issue_answer",
        _another_issues_contribution,
    ),
    Promise("issue_published", "公開中の地域課題に、公開の操作記録がない", "shared_issue", _published_by_nobody),
    Promise("plan_year", "年間の予定の日付が、その年度の外にある", "year_plan_entry", _outside_its_year),
)
