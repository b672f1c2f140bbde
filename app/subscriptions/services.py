"""What subscribers do, and what the worker does for them. Each verb is one transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.delivery import forgetting
from app.events.models import Event, Series
from app.infra import audit, tokens
from app.infra.db import db, insert_into, rows_changed, transaction
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.types import RESIDENT, SYSTEM
from app.subscriptions import messages, queries, rules, steps
from app.subscriptions.errors import NothingChosen
from app.subscriptions.models import Announcement, SubscribedSeries, Subscription, SubscriptionRequest
from app.subscriptions.types import Choice

BATCH = 200


@transaction
def ask(email: str, choice: Choice, *, now: datetime) -> None:
    """Have a link mailed to a cleaned address; nothing is subscribed before it is confirmed.

    The same work is done whether or not the address is known. Raises NothingChosen.
    """
    choice = _existing(choice)
    public_id, nonce = tokens.random_id(), tokens.random_id()
    fresh = {
        "public_id": public_id,
        "every": choice.every,
        "series": sorted(choice.series),
        "link_nonce": nonce,
        "link_hash": tokens.fingerprint(links.token(queries.REQUEST, nonce)),
        "asked_at": now,
    }
    row = insert_into(SubscriptionRequest).values(email=email.lower(), **fresh)
    db.session.execute(row.on_conflict_do_update(index_elements=["email"], set_=fresh))
    messages.confirm(public_id, email.lower(), now=now)


@transaction
def confirm(token: str, *, now: datetime) -> str:
    """Subscribe the address that the link was mailed to; returns the secret link's token.

    Who had subscribed already keeps what they chose before. Raises NotFound: confirmed, replaced or too old.
    """
    asked = db.session.execute(
        sa.delete(SubscriptionRequest)
        .where(
            SubscriptionRequest.link_hash == tokens.fingerprint(token),
            SubscriptionRequest.asked_at > now - rules.LINK_LASTS,
        )
        .returning(SubscriptionRequest.email, SubscriptionRequest.every, SubscriptionRequest.series)
    ).one_or_none()
    if asked is None:
        raise NotFound
    known = _locked(Subscription.email == asked.email)
    row = known or _new(asked.email, now)
    before = _named(row.id)
    every = asked.every or (known is not None and known.every)
    _choose(row, Choice(every, frozenset(asked.series) | before))
    audit.record("subscription.confirmed", "subscription", row.public_id, by=RESIDENT, at=now)
    return links.token_again(queries.SUBSCRIPTION, row.link_nonce, row.link_hash)


@transaction
def change(token: str, choice: Choice, *, now: datetime) -> None:
    """Choose otherwise; whoever rested is written to again. Raises NotFound, NothingChosen."""
    row = _locked(Subscription.link_hash == tokens.fingerprint(token))
    if row is None:
        raise NotFound
    _choose(row, _existing(choice))
    audit.record("subscription.changed", "subscription", row.public_id, by=RESIDENT, at=now)


@transaction
def unsubscribe(token: str, *, now: datetime) -> None:
    """Write no more; a second time, or with a link that never was, nothing happens."""
    steps.end(token, now=now)


@transaction
def announce_some(*, now: datetime) -> bool:
    """Write the mails about the next event that is to be announced, at most 200; False when there is none.

    Only who had confirmed before the event was published hears of it: nobody gets a pile of old news.
    """
    event = _next_event(now)
    if event is None:
        return False
    row = insert_into(Announcement).values(event_id=event.id, last_id=0, people=0, begun_at=now)
    db.session.execute(row.on_conflict_do_nothing(index_elements=["event_id"]))
    # Of two workers one waits here, and then goes on behind the other.
    announcement = db.session.get_one(Announcement, event.id, with_for_update=True, populate_existing=True)
    people = db.session.execute(
        sa.select(Subscription.id, Subscription.public_id, Subscription.email)
        .where(
            Subscription.id > announcement.last_id,
            Subscription.confirmed_at <= event.published_at,
            queries.announced_in(event.series_id),
        )
        .order_by(Subscription.id)
        .limit(BATCH)
    ).all()
    for one in people:
        messages.announce(event.id, one.public_id, one.email, now=now)
    if people:
        announcement.last_id, announcement.people = people[-1].id, announcement.people + len(people)
    if len(people) < BATCH and announcement.finished_at is None:
        announcement.finished_at = now
        audit.record("event.announced", "event", event.id, by=SYSTEM, at=now, fields=[f"rows={announcement.people}"])
    return True


@transaction
def sweep(*, now: datetime) -> None:
    """Forget requests nobody confirmed, addresses that mail came back from for long, and whom mails went to."""
    stale = SubscriptionRequest.asked_at <= now - rules.LINK_LASTS
    db.session.execute(sa.delete(SubscriptionRequest).where(stale))
    rows_changed(sa.delete(Subscription).where(Subscription.resting_since <= now - rules.RESTS))
    forgetting.forget((messages.CONFIRM, messages.ANNOUNCE), before=now - rules.MAILS_KEPT)


def _next_event(now: datetime) -> Event | None:
    done = sa.exists().where(Announcement.event_id == Event.id, Announcement.finished_at.is_not(None))
    return db.session.scalar(
        sa.select(Event)
        .where(queries.worth_announcing(now), Event.published_at.is_not(None), ~done)
        .order_by(Event.published_at, Event.id)
        .limit(1)
    )


def _existing(choice: Choice) -> Choice:
    if choice.every:
        return Choice(every=True)
    known = frozenset(db.session.scalars(sa.select(Series.id).where(Series.id.in_(choice.series))))
    if not known:
        raise NothingChosen("お知らせを受け取る事業を、一つ以上選んでください。")
    return Choice(every=False, series=known)


def _locked(which: sa.ColumnElement[bool]) -> Subscription | None:
    chosen = sa.select(Subscription).where(which).with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(chosen)


def _new(email: str, now: datetime) -> Subscription:
    nonce = tokens.random_id()
    row = Subscription(
        public_id=tokens.random_id(),
        email=email,
        every=False,
        link_nonce=nonce,
        link_hash=tokens.fingerprint(links.token(queries.SUBSCRIPTION, nonce)),
        confirmed_at=now,
    )
    db.session.add(row)
    db.session.flush()  # the chosen series name its number
    return row


def _named(subscription_id: int) -> frozenset[int]:
    chosen = sa.select(SubscribedSeries.series_id).where(SubscribedSeries.subscription_id == subscription_id)
    return frozenset(db.session.scalars(chosen))


def _choose(row: Subscription, choice: Choice) -> None:
    row.every, row.resting_since = choice.every, None
    db.session.execute(sa.delete(SubscribedSeries).where(SubscribedSeries.subscription_id == row.id))
    if choice.every:
        return
    for series_id in sorted(choice.series):
        db.session.add(SubscribedSeries(subscription_id=row.id, series_id=series_id))
