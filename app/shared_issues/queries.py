"""Reading shared issues: cards of a section, the public list, what residents answered, figures of a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.infra.db import db
from app.kernel import fiscal_year as years
from app.kernel.errors import NotFound
from app.kernel.text import folded
from app.kernel.types import Page
from app.org import queries as org
from app.org.types import UnitRow
from app.shared_issues.models import (
    SharedIssue,
    SharedIssueAnswer,
    SharedIssueContribution,
    SharedIssueFigure,
    SharedIssueLink,
)
from app.shared_issues.types import (
    AnswerRow,
    AnswerState,
    ContributionRow,
    Filters,
    IssueRow,
    LinkRow,
    Stage,
    YearFigure,
)

PER_PAGE = 20
_I = SharedIssue
_A = SharedIssueAnswer
# Columns of a card that its row has under the same name.
_SAME = tuple(name for name in IssueRow.__slots__ if name not in {"unit", "links", "contributions"})


def one(issue_id: int) -> IssueRow:
    """A card, whatever its stage, with what it became and what was contributed. Raises NotFound."""
    found = _rows([_I.id == issue_id], details=True)
    if not found:
        raise NotFound
    return found[0]


def public(issue_id: int) -> IssueRow:
    """A card that everybody may read. Raises NotFound."""
    found = one(issue_id)
    if found.stage is not Stage.PUBLISHED:
        raise NotFound
    return found


def of_units(unit_ids: Collection[int]) -> list[IssueRow]:
    """The cards of these sections, those changed last first."""
    return _rows([_I.unit_id.in_(list(unit_ids))], order=(_I.updated_at.desc(), _I.id.desc()))


def listing(filters: Filters, *, number: int = 1, url: Callable[[int], str] = str) -> Page[IssueRow]:
    """One page of the cards that a filter lets through: published ones by day, then those on their way."""
    wanted = _matching(filters)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(_I).where(*wanted)) or 0
    return Page(_rows(wanted, limit=PER_PAGE, offset=(number - 1) * PER_PAGE), number, PER_PAGE, total, url)


def every(filters: Filters) -> list[IssueRow]:
    """All cards that a filter lets through, for a file."""
    return _rows(_matching(filters))


def newest(limit: int = 30) -> list[IssueRow]:
    """The cards published last, at most `limit`."""
    return _rows([_I.stage == Stage.PUBLISHED], limit=limit)


def answers(
    *, issue_id: int | None = None, state: AnswerState | None = None, number: int = 1, url: Callable[[int], str] = str
) -> Page[AnswerRow]:
    """What residents sent, the newest first: to one card or to all, in one state or in any."""
    wanted: list[sa.ColumnElement[bool]] = []
    if issue_id is not None:
        wanted.append(_A.issue_id == issue_id)
    if state is not None:
        wanted.append(_A.state == state)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(_A).where(*wanted)) or 0
    return Page(_answers(wanted, number), number, PER_PAGE, total, url)


def answer(answer_id: int) -> AnswerRow:
    """One answer. Raises NotFound."""
    found = _answers([_A.id == answer_id], 1)
    if not found:
        raise NotFound
    return found[0]


def open_answers(issue_ids: Collection[int] | None = None) -> dict[int, int]:
    """How many answers wait for somebody, by card; None: of all cards."""
    counted = sa.select(_A.issue_id, sa.func.count()).where(_A.state.in_([s for s in AnswerState if not s.settled]))
    if issue_ids is not None:
        counted = counted.where(_A.issue_id.in_(list(issue_ids)))
    rows = db.session.execute(counted.group_by(_A.issue_id))
    return {row[0]: row[1] for row in rows}


def waiting() -> tuple[int, int]:
    """What the organizer has to look at: cards proposed, answers that nobody has taken up."""
    proposed = sa.select(sa.func.count()).select_from(_I).where(_I.stage == Stage.PROPOSED).scalar_subquery()
    unread = sa.select(sa.func.count()).select_from(_A).where(_A.state == AnswerState.NEW).scalar_subquery()
    row = db.session.execute(sa.select(proposed, unread)).one()
    return row[0], row[1]


def published_in(fiscal_year: int) -> YearFigure:
    """How many issues were published in a fiscal year: the figure that was typed with its source, else counted.

    Counted are cards published in that year for the first time that are public still.
    """
    typed = db.session.get(SharedIssueFigure, fiscal_year)
    if typed is not None:
        return YearFigure(fiscal_year, typed.number, typed.source)
    first, after = years.bounds(fiscal_year)
    counted = sa.select(sa.func.count()).select_from(_I)
    within = (_I.stage == Stage.PUBLISHED, _I.published_at >= first, _I.published_at < after)
    return YearFigure(fiscal_year, db.session.scalar(counted.where(*within)) or 0)


def figures() -> list[YearFigure]:
    """The same of every year in which there were any, the newest first."""
    days = db.session.scalars(sa.select(_I.published_at).where(_I.stage == Stage.PUBLISHED))
    counted = Counter(years.fiscal_year(day) for day in days if day)
    found = {year: YearFigure(year, number) for year, number in counted.items()}
    typed = db.session.scalars(sa.select(SharedIssueFigure))
    found |= {row.fiscal_year: YearFigure(row.fiscal_year, row.number, row.source) for row in typed}
    return sorted(found.values(), key=lambda figure: -figure.fiscal_year)


def _matching(filters: Filters) -> list[sa.ColumnElement[bool]]:
    exact = (("subject", filters.subject), ("district", filters.district), ("progress", filters.progress))
    wanted = [getattr(_I, name) == value for name, value in (*exact, ("stage", filters.stage)) if value is not None]
    if filters.without is not None:
        wanted.append(_I.stage != filters.without)
    return [*wanted, *(_I.search.contains(folded(word), autoescape=True) for word in filters.word.split())]


def _rows(
    wanted: Iterable[sa.ColumnElement[bool]],
    *,
    order: Sequence[sa.ColumnElement[Any]] = (_I.published_at.desc().nulls_first(), _I.id.desc()),
    limit: int | None = None,
    offset: int = 0,
    details: bool = False,
) -> list[IssueRow]:
    found = db.session.scalars(sa.select(_I).where(*wanted).order_by(*order).limit(limit).offset(offset)).all()
    units = org.last_known({row.unit_id for row in found})
    return [_row(row, units, details=details) for row in found]


def _row(row: SharedIssue, units: dict[int, UnitRow], *, details: bool) -> IssueRow:
    same = {name: getattr(row, name) for name in _SAME}
    if not details:
        return IssueRow(unit=units[row.unit_id], **same)
    became = sa.select(SharedIssueLink).filter_by(issue_id=row.id).order_by(SharedIssueLink.id)
    told = sa.select(SharedIssueContribution).filter_by(issue_id=row.id).order_by(SharedIssueContribution.id)
    return IssueRow(
        unit=units[row.unit_id],
        links=tuple(LinkRow(link.id, link.kind, link.title, link.url) for link in db.session.scalars(became)),
        contributions=tuple(ContributionRow(c.id, c.text, c.shown_at) for c in db.session.scalars(told)),
        **same,
    )


def _answers(wanted: Iterable[sa.ColumnElement[bool]], number: int) -> list[AnswerRow]:
    chosen = (
        sa.select(_A, _I.title)
        .join(_I, _I.id == _A.issue_id)
        .where(*wanted)
        .order_by(_A.sent_at.desc(), _A.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    return [
        AnswerRow(
            issue_title=title,
            shown=row.contribution_id is not None,
            **{name: getattr(row, name) for name in AnswerRow.__slots__ if name not in {"issue_title", "shown"}},
        )
        for row, title in db.session.execute(chosen)
    ]
