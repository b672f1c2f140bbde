"""What the organizer does with the sections' cards. Each verb is one transaction and leaves an audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, insert_into, rows_changed, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.shared_issues import messages, rules, steps
from app.shared_issues.errors import NoRemark, NoSource, WrongAddress
from app.shared_issues.models import SharedIssue, SharedIssueFigure, SharedIssueLink
from app.shared_issues.types import IssueDraft, LinkKind, Stage, YearFigure

READ_BY_OTHERS = (Stage.PROPOSED, Stage.PUBLISHED)


@transaction
def correct(issue_id: int, draft: IssueDraft, *, version: int, by: Actor, now: datetime) -> None:
    """Put the text of a proposed or published card right.

    Raises NotFound, WrongState, Incomplete, ChangedMeanwhile.
    """
    row = steps.locked(issue_id)
    rules.check_stage(row.stage, READ_BY_OTHERS, "変更")
    rules.check_complete(draft)
    _record("corrected", row, by, now, steps.write(row, draft, version, by=by, now=now))


@transaction
def publish(issue_id: int, *, by: Actor, now: datetime) -> None:
    """Let everybody read it; its section is told. A second time changes nothing. Raises NotFound, WrongState."""
    row = steps.locked(issue_id)
    if row.stage is Stage.PUBLISHED:
        return
    rules.check_stage(row.stage, [Stage.PROPOSED], "公開")
    row.stage, row.published_at = Stage.PUBLISHED, row.published_at or now
    steps.touch(row, by=by, now=now)
    _record("published", row, by, now)
    messages.published(row, now=now)


@transaction
def return_(issue_id: int, remark: str, *, by: Actor, now: datetime) -> None:
    """Give it back with what to put right; a published one is public no longer.

    Raises NotFound, WrongState, NoRemark.
    """
    row = steps.locked(issue_id)
    rules.check_stage(row.stage, READ_BY_OTHERS, "差戻し")
    if not remark:
        raise NoRemark("直してほしいことを入力してください。")
    row.stage, row.remark = Stage.RETURNED, remark
    steps.touch(row, by=by, now=now)
    _record("returned", row, by, now)
    messages.returned(row, now=now)


@transaction
def note_posted(issue_id: int, url: str, on: date | None, *, by: Actor, now: datetime) -> None:
    """Remember where, and since when, the issue stands on another site; no address: nowhere any more.

    Raises NotFound, WrongAddress.
    """
    row = steps.locked(issue_id)
    if url and on is None:
        raise WrongAddress("「掲載した日」を入力してください。", "posted_on")
    row.posted_url, row.posted_on = (rules.checked_url(url), on) if url else ("", None)
    _record("posted", row, by, now)


@transaction
def link(issue_id: int, kind: LinkKind, title: str, url: str, *, by: Actor, now: datetime) -> None:
    """Remember what the issue has become; the same address once. Raises NotFound, WrongAddress."""
    row = steps.locked(issue_id)
    values = {"issue_id": row.id, "kind": kind, "title": title, "url": rules.checked_url(url)}
    new = insert_into(SharedIssueLink).values(**values)
    db.session.execute(
        new.on_conflict_do_update(index_elements=["issue_id", "url"], set_={"kind": kind, "title": title})
    )
    _record("linked", row, by, now, [kind.value])


@transaction
def unlink(issue_id: int, link_id: int, *, by: Actor, now: datetime) -> None:
    """Take such a link away. Raises NotFound."""
    row = steps.locked(issue_id)
    if not rows_changed(sa.delete(SharedIssueLink).filter_by(id=link_id, issue_id=issue_id)):
        raise NotFound
    _record("unlinked", row, by, now)


@transaction
def type_figure(figure: YearFigure, *, by: Actor, now: datetime) -> None:
    """Keep how many were published in a year, with where that is written. Raises NoSource."""
    if not figure.source:
        raise NoSource("件数の出典を入力してください。例：平成28年度 協働推進レポート")
    values = {"number": figure.number, "source": figure.source, "typed_at": now, "typed_by": by.label[:100]}
    new = insert_into(SharedIssueFigure).values(fiscal_year=figure.fiscal_year, **values)
    db.session.execute(new.on_conflict_do_update(index_elements=["fiscal_year"], set_=values))
    audit.record("shared_issue.figure_typed", "fiscal_year", figure.fiscal_year, by=by, at=now)


@transaction
def drop_figure(fiscal_year: int, *, by: Actor, now: datetime) -> None:
    """Count the cards again instead of the typed figure. Raises NotFound."""
    if not rows_changed(sa.delete(SharedIssueFigure).filter_by(fiscal_year=fiscal_year)):
        raise NotFound
    audit.record("shared_issue.figure_dropped", "fiscal_year", fiscal_year, by=by, at=now)


def _record(did: str, row: SharedIssue, by: Actor, now: datetime, fields: Sequence[str] = ()) -> None:
    audit.record(f"shared_issue.{did}", "shared_issue", row.id, by=by, at=now, fields=fields)
