"""Reading subscriptions: one by its link, figures without addresses, what was announced."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.accounts.types import Scope
from app.events import queries as events
from app.events.models import Event, Sitting
from app.events.overview import within
from app.events.types import Audience, EventStatus, SeriesRow
from app.infra import tokens
from app.infra.db import db
from app.infra.links import links
from app.kernel.errors import NotFound
from app.subscriptions.models import Announcement, SubscribedSeries, Subscription, SubscriptionRequest
from app.subscriptions.rules import LINK_LASTS
from app.subscriptions.types import AnnouncementRow, Choice, Figures, RequestRow, SeriesCount, SubscriptionRow

REQUEST, SUBSCRIPTION = "subscription-request", "subscription"
MOST_SHOWN = 50


def offered() -> list[SeriesRow]:
    """The series that residents can choose: those that are not for staff alone."""
    of_staff = sa.select(Event.series_id).where(Event.audience == Audience.STAFF)
    of_residents = sa.select(Event.series_id).where(Event.audience != Audience.STAFF)
    only_staff = set(db.session.scalars(of_staff.except_(of_residents)))
    return [series for series in events.all_series() if series.id not in only_staff]


def request(token: str, *, now: datetime) -> RequestRow:
    """The request behind a mailed link. Raises NotFound: unknown, confirmed, replaced by a newer one, or too old."""
    return _request(SubscriptionRequest.link_hash == tokens.fingerprint(token), now)


def request_link(public_id: str, *, now: datetime) -> tuple[RequestRow, str]:
    """A request for the mail about it, with its link's token. Raises NotFound as request() does."""
    row = _request(SubscriptionRequest.public_id == public_id, now)
    return row, _token(SubscriptionRequest, REQUEST, public_id)


def subscription(token: str) -> SubscriptionRow:
    """The subscription behind a secret link. Raises NotFound, also once it ended."""
    return _subscription(Subscription.link_hash == tokens.fingerprint(token))


def by_public_id(public_id: str) -> tuple[SubscriptionRow, str]:
    """A subscription for a mail to it, with its link's token. Raises NotFound."""
    return _subscription(Subscription.public_id == public_id), _token(Subscription, SUBSCRIPTION, public_id)


def manage_token(email: str) -> str | None:
    """The secret link of a confirmed address, None where there is none. For mails to that very address only."""
    public_id = db.session.scalar(sa.select(Subscription.public_id).where(Subscription.email == email))
    return _token(Subscription, SUBSCRIPTION, public_id) if public_id is not None else None


def announced_in(series_id: sa.SQLColumnExpression[int] | int) -> sa.ColumnElement[bool]:
    """Subscriptions that are written to about a series."""
    named = sa.exists().where(
        SubscribedSeries.subscription_id == Subscription.id, SubscribedSeries.series_id == series_id
    )
    return sa.and_(Subscription.resting_since.is_(None), sa.or_(Subscription.every, named))


def worth_announcing(now: datetime) -> sa.ColumnElement[bool]:
    """Events that residents can still apply for, and whose organizer wants them announced by mail."""
    ahead = sa.exists().where(Sitting.event_id == Event.id, Sitting.starts_at > now)
    return sa.and_(
        Event.status == EventStatus.PUBLISHED,
        Event.announces,
        Event.audience != Audience.STAFF,
        sa.or_(Event.closes_at.is_(None), Event.closes_at > now),
        ahead,
    )


def is_wanted(event_id: int, public_id: str, *, now: datetime) -> bool:
    """Whether a subscription still wants to hear of an event, and the event still wants to be heard of."""
    wanted = sa.select(Event.id).where(
        Event.id == event_id,
        worth_announcing(now),
        sa.exists().where(Subscription.public_id == public_id, announced_in(Event.series_id)),
    )
    return db.session.scalar(wanted) is not None


def figures() -> Figures:
    """How many subscribe; no address leaves here."""
    awake = Subscription.resting_since.is_(None)
    every, resting = db.session.execute(
        sa.select(
            sa.func.count(Subscription.id).filter(awake, Subscription.every),
            sa.func.count(Subscription.id).filter(~awake),
        )
    ).one()
    rows = db.session.execute(
        sa.select(SubscribedSeries.series_id, sa.func.count().label("number"))
        .join(Subscription, Subscription.id == SubscribedSeries.subscription_id)
        .where(awake)
        .group_by(SubscribedSeries.series_id)
    )
    people = {row.series_id: row.number for row in rows}
    chosen = tuple(SeriesCount(one, people.get(one.id, 0)) for one in offered())
    return Figures(every, chosen, resting)


def announcements(scope: Scope) -> list[AnnouncementRow]:
    """What was announced to anybody of the events within reach, the newest first, at most 50."""
    found = db.session.execute(
        _announcements(sa.and_(within(scope), Announcement.people > 0))
        .order_by(Announcement.begun_at.desc(), Announcement.event_id.desc())
        .limit(MOST_SHOWN)
    )
    return [AnnouncementRow(*row) for row in found]


def announcement(event_id: int) -> AnnouncementRow | None:
    """What was announced of one event; None: nothing yet."""
    found = db.session.execute(_announcements(Announcement.event_id == event_id)).one_or_none()
    return AnnouncementRow(*found) if found else None


def _announcements(which: sa.ColumnElement[bool]) -> sa.Select[int, str, int, datetime, datetime | None]:
    return (
        sa.select(
            Announcement.event_id, Event.title, Announcement.people, Announcement.begun_at, Announcement.finished_at
        )
        .join(Event, Event.id == Announcement.event_id)
        .where(which)
    )


def _request(which: sa.ColumnElement[bool], now: datetime) -> RequestRow:
    row = db.session.execute(
        sa.select(
            SubscriptionRequest.public_id,
            SubscriptionRequest.email,
            SubscriptionRequest.every,
            SubscriptionRequest.series,
            SubscriptionRequest.asked_at,
        ).where(which, SubscriptionRequest.asked_at > now - LINK_LASTS)
    ).one_or_none()
    if row is None:
        raise NotFound
    named = () if row.every else tuple(one.title for one in events.all_series() if one.id in row.series)
    return RequestRow(row.public_id, row.email, named, row.asked_at)


def _subscription(which: sa.ColumnElement[bool]) -> SubscriptionRow:
    row = db.session.execute(
        sa.select(
            Subscription.id,
            Subscription.public_id,
            Subscription.email,
            Subscription.every,
            Subscription.confirmed_at,
            Subscription.resting_since,
        ).where(which)
    ).one_or_none()
    if row is None:
        raise NotFound
    named = db.session.scalars(sa.select(SubscribedSeries.series_id).where(SubscribedSeries.subscription_id == row.id))
    choice = Choice(row.every, frozenset(named))
    return SubscriptionRow(row.public_id, row.email, choice, row.confirmed_at, row.resting_since)


def _token(table: type[SubscriptionRequest | Subscription], purpose: str, public_id: str) -> str:
    row = db.session.execute(sa.select(table.link_nonce, table.link_hash).where(table.public_id == public_id)).one()
    return links.token_again(purpose, row.link_nonce, row.link_hash)
