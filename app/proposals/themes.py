"""Themes that sections hand in, and what the organizer does with them. Each verb is one transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor
from app.proposals import messages, queries, rules, services
from app.proposals.errors import NoRemark, WrongState
from app.proposals.models import ProposalTheme
from app.proposals.types import ThemeDraft, ThemeState

EDITABLE = [state for state in ThemeState if state.editable]


@transaction
def hand_in(programme_id: int, unit_id: int, draft: ThemeDraft, *, by: Actor, now: datetime) -> int:
    """A section hands in a theme; its id. Raises NotFound, WrongState."""
    _check_open(programme_id, now)
    row = ProposalTheme(programme_id=programme_id, unit_id=unit_id, created_at=now, remark="")
    _put(row, draft, by=by, now=now)
    db.session.add(row)
    db.session.flush()  # its id is part of the entry below
    audit.record("proposal_theme.handed_in", "proposal_theme", row.id, by=by, at=now)
    return row.id


@transaction
def change(theme_id: int, draft: ThemeDraft, *, by: Actor, now: datetime) -> None:
    """The section writes it anew, also after it came back. Raises NotFound, WrongState."""
    row = _locked(theme_id)
    rules.check_theme(row.state, among=EDITABLE, doing="変更")
    # What came back may be put right after the day until which themes are called for.
    if row.state is not ThemeState.RETURNED:
        _check_open(row.programme_id, now)
    _put(row, draft, by=by, now=now)
    audit.record("proposal_theme.changed", "proposal_theme", theme_id, by=by, at=now)


@transaction
def withdraw(theme_id: int, *, by: Actor, now: datetime) -> None:
    """The section takes it back for good. Raises NotFound, WrongState."""
    row = _locked(theme_id)
    rules.check_theme(row.state, among=EDITABLE, doing="取下げ")
    row.state, row.updated_at, row.updated_by = ThemeState.WITHDRAWN, now, by.label
    audit.record("proposal_theme.withdrawn", "proposal_theme", theme_id, by=by, at=now)


@transaction
def accept(theme_id: int, *, by: Actor, now: datetime) -> None:
    """Groups can choose it once the themes are published; its section is told. Raises NotFound, WrongState."""
    row = _locked(theme_id)
    rules.check_theme(row.state, among=[ThemeState.SUBMITTED], doing="採用")
    row.state, row.remark = ThemeState.ACCEPTED, ""
    audit.record("proposal_theme.accepted", "proposal_theme", theme_id, by=by, at=now)
    messages.theme_accepted(row, now=now)


@transaction
def return_(theme_id: int, remark: str, *, by: Actor, now: datetime) -> None:
    """Give it back with what to put right, an accepted one only until it is public. Raises NotFound, WrongState."""
    row = _locked(theme_id)
    rules.check_theme(row.state, among=[ThemeState.SUBMITTED, ThemeState.ACCEPTED], doing="差戻し")
    if row.state is ThemeState.ACCEPTED and queries.programme(row.programme_id).themes_published_at is not None:
        raise WrongState("公開したテーマは、差し戻せません。")
    if not remark:
        raise NoRemark("直してほしいことを入力してください。")
    row.state, row.remark = ThemeState.RETURNED, remark
    audit.record("proposal_theme.returned", "proposal_theme", theme_id, by=by, at=now)
    messages.theme_returned(row, now=now)


@transaction
def publish(programme_id: int, *, by: Actor, now: datetime) -> None:
    """Residents see the accepted themes; none can be handed in any more. Raises NotFound, WrongState."""
    row = services.locked(programme_id)
    if row.published_at is None:
        raise WrongState("先に、事業を公開してください。")
    if not queries.accepted_themes(programme_id):
        raise WrongState("採用したテーマがありません。")
    if row.themes_published_at is None:
        row.themes_published_at = now
        audit.record("proposal_programme.themes_published", services.PROGRAMME, programme_id, by=by, at=now)


def _put(row: ProposalTheme, draft: ThemeDraft, *, by: Actor, now: datetime) -> None:
    row.title, row.background, row.wish, row.offer = draft.title, draft.background, draft.wish, draft.offer
    row.state, row.updated_at, row.updated_by = ThemeState.SUBMITTED, now, by.label


def _locked(theme_id: int) -> ProposalTheme:
    row = db.session.scalar(sa.select(ProposalTheme).filter_by(id=theme_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def _check_open(programme_id: int, now: datetime) -> None:
    services.locked(programme_id)
    if not rules.takes_themes(queries.programme(programme_id), local_date(now)):
        raise WrongState("テーマの募集は終わりました。担当課へご連絡ください。")
