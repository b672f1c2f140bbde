"""An event's own words in its messages, and in whose name they are sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from app.delivery import placeholders
from app.delivery.errors import BadAddress
from app.delivery.headers import addr_spec, same_mailbox
from app.delivery.sender import sender
from app.events import copying
from app.events.errors import WrongSender
from app.events.models import Event, EventSender, EventWording
from app.events.types import EventRow
from app.events.wordings import PLACEHOLDERS, STANDARD, MailSender, Wording
from app.infra import audit
from app.infra.db import db, run, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor

# Mail programs and Microsoft's servers mistake these in a sender's name for an address or a list.
NOT_IN_A_NAME = '@:;,<>"\\'


@transaction
def word(event_id: int, kind: str, wording: Wording, *, by: Actor, now: datetime) -> None:
    """Say one kind of message otherwise; an empty wording is the standard text.

    Raises NotFound, WrongPlaceholder, PersonalLink.
    """
    check(wording)
    _locked(event_id)
    old = db.session.get(EventWording, (event_id, kind))
    if old is not None:
        db.session.delete(old)
        db.session.flush()  # the new row has the same key
    if wording:
        kept = wording if wording.opening else replace(wording, standard=True)
        row = EventWording(event_id=event_id, kind=kind, subject=kept.subject, opening=kept.opening)
        row.closing, row.standard = kept.closing, kept.standard
        db.session.add(row)
    if wording or old is not None:
        audit.record("mail.worded" if wording else "mail.standard", "event", event_id, by=by, at=now, reason=kind)


@transaction
def set_sender(event_id: int, chosen: MailSender, *, by: Actor, now: datetime) -> None:
    """Choose the sender's name and where answers go; the address that mail comes from stays. Raises NotFound,
    WrongSender.
    """
    check_sender(chosen)
    _locked(event_id)
    db.session.execute(sa.delete(EventSender).filter_by(event_id=event_id))
    if chosen.name or chosen.reply_to:
        db.session.add(EventSender(event_id=event_id, name=chosen.name, reply_to=chosen.reply_to))
    audit.record("mail.sender_set", "event", event_id, by=by, at=now)


def check(wording: Wording) -> None:
    """Raises WrongPlaceholder, PersonalLink at the field that is wrong."""
    for field in ("subject", "opening", "closing"):
        placeholders.check(getattr(wording, field), PLACEHOLDERS, field=field)


def check_sender(chosen: MailSender) -> None:
    """Raises WrongSender at the field that is wrong."""
    odd = "」「".join(sign for sign in NOT_IN_A_NAME if sign in chosen.name)
    if odd:
        raise WrongSender(f"差出人の名前に「{odd}」は使えません。課や行事の名称を入力してください。", "name")
    if not chosen.reply_to:
        return
    try:
        addr_spec(chosen.reply_to)
    except BadAddress as bad:
        raise WrongSender("返信先のメールアドレスの形が正しくありません。", "reply_to") from bad
    if sender.reply_address and same_mailbox(chosen.reply_to, sender.reply_address):
        raise WrongSender(
            "このアドレスに届いたメールは、カレンダーの返信としてシステムが読みます。担当者が読むアドレスを入力してください。",
            "reply_to",
        )


def own_words(event_id: int) -> dict[str, Wording]:
    """The kinds of message that an event says otherwise."""
    row = EventWording
    found = sa.select(row.kind, row.subject, row.opening, row.closing, row.standard).filter_by(event_id=event_id)
    return {r.kind: Wording(r.subject, r.opening, r.closing, r.standard) for r in db.session.execute(found)}


def sender_of(event_id: int) -> MailSender:
    """In whose name an event's messages are sent."""
    row = db.session.execute(sa.select(EventSender.name, EventSender.reply_to).filter_by(event_id=event_id))
    found = row.one_or_none()
    return MailSender(*found) if found else MailSender()


def for_mail(event_id: int, kind: str) -> tuple[Wording, MailSender]:
    """Words and sender of one message, in one statement."""
    row = run(_for_mail(), {"event": event_id, "kind": kind}).one()
    words, name, reply_to = row[:4], row.name, row.reply_to
    return (STANDARD if row.subject is None else Wording(*words)), MailSender(name or "", reply_to or "")


def carry(old: EventRow, event_id: int, year: int) -> None:
    """Words and sender for the copy of an event in fiscal year `year`, in the caller's transaction."""
    for kind, wording in own_words(old.id).items():
        said = {
            n: copying.in_year(getattr(wording, n), old.fiscal_year, year) for n in ("subject", "opening", "closing")
        }
        db.session.add(EventWording(event_id=event_id, kind=kind, **said, standard=wording.standard))
    chosen = sender_of(old.id)
    if chosen.name or chosen.reply_to:
        db.session.add(EventSender(event_id=event_id, name=chosen.name, reply_to=chosen.reply_to))


def forget(event_id: int) -> None:
    """Words and sender of a draft that is thrown away, in the caller's transaction."""
    for table in (EventWording, EventSender):
        db.session.execute(sa.delete(table).where(table.event_id == event_id))


@cache
def _for_mail() -> sa.Select[str, str, str, bool, str, str]:
    said, chosen = EventWording, EventSender
    return (
        sa.select(said.subject, said.opening, said.closing, said.standard, chosen.name, chosen.reply_to)
        .select_from(Event)
        .outerjoin(said, sa.and_(said.event_id == Event.id, said.kind == sa.bindparam("kind")))
        .outerjoin(chosen, chosen.event_id == Event.id)
        .where(Event.id == sa.bindparam("event"))
    )


def _locked(event_id: int) -> None:
    if db.session.scalar(sa.select(Event.id).where(Event.id == event_id).with_for_update()) is None:
        raise NotFound
