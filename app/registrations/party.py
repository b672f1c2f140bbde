"""The people of one registration by name: those who come along, or whom a body sends.

A party stays one registration with its seats in the ledger; names stand beside it, never more than seats. Each named
person has a link of their own, which opens nothing about the others. Steps here never commit; leave() is a verb.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from app.events.choices import Naming
from app.events.models import Event
from app.infra import audit, tokens
from app.infra.db import db, transaction
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.types import Actor, ActorKind
from app.registrations import answering, drawing, messages, offering, places, queries
from app.registrations.errors import AlreadyAttended, AlreadyCancelled, NamesMissing, TooLateToChange, TooManyNames
from app.registrations.group_models import PartyMember
from app.registrations.models import Registration
from app.registrations.promoting import promote
from app.registrations.searching import search_of
from app.registrations.types import Channel, Details, Member, RegistrationRow, Status

PURPOSE = "party"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A named person of a party. `token` is the secret of their own link."""

    id: int
    registration_id: int
    member: Member
    token: str


def of_registration(registration_id: int) -> tuple[Member, ...]:
    """The names that stand beside a registration, in order."""
    return tuple(row.member for row in rows_of(registration_id))


def rows_of(registration_id: int) -> list[MemberRow]:
    """The same with each person's own link."""
    chosen = sa.select(PartyMember).where(PartyMember.registration_id == registration_id)
    return [_row(one) for one in db.session.scalars(chosen.order_by(PartyMember.position))]


def of_sitting(sitting_id: int) -> dict[int, tuple[Member, ...]]:
    """The named people of everybody with a confirmed place, by registration: one statement for a whole list."""
    found: dict[int, list[Member]] = defaultdict(list)
    chosen = (
        sa.select(PartyMember.registration_id, PartyMember.name, PartyMember.kana, PartyMember.note)
        .join(Registration, Registration.id == PartyMember.registration_id)
        .where(Registration.sitting_id == queries.coming_to(sitting_id), Registration.status == Status.CONFIRMED)
        .order_by(PartyMember.registration_id, PartyMember.position)
    )
    for registration_id, *said in db.session.execute(chosen):
        found[registration_id].append(Member(*said))
    return {number: tuple(members) for number, members in found.items()}


def counts(registration_ids: Sequence[int]) -> dict[int, int]:
    """How many people are named beside each of these registrations."""
    rows = db.session.execute(
        sa.select(PartyMember.registration_id, sa.func.count())
        .where(PartyMember.registration_id.in_(registration_ids))
        .group_by(PartyMember.registration_id)
    )
    return {row[0]: row[1] for row in rows}


def by_token(token: str, *, now: datetime) -> tuple[MemberRow, RegistrationRow]:
    """Whom a link of one's own opens, and the place they have, until a month after the sitting. Raises NotFound."""
    found = db.session.scalar(sa.select(PartyMember).where(PartyMember.link_hash == tokens.fingerprint(token)))
    if found is None:
        raise NotFound
    registration = queries.by_id(found.registration_id)
    if registration.ends_at <= now - queries.LINK_TAIL:
        raise NotFound
    return _row(found), registration


def check(event: Event, details: Details, by: Actor) -> None:
    """Names are never more than those who come along; where the event wants them, as many. Raises TooManyNames,
    NamesMissing (who enters for somebody writes down what is known)."""
    if details.party is None:
        return
    named = len(details.party)
    if named > details.companions:
        raise TooManyNames(f"同伴者は{details.companions}人ですが、お名前が{named}人分あります。")
    wanted = event.names_companions is Naming.REQUIRED and by.kind is ActorKind.RESIDENT
    if wanted and named < details.companions:
        raise NamesMissing(f"同伴者{details.companions}人全員のお名前を入力してください。")


def write(registration_id: int, members: Sequence[Member]) -> bool:
    """Put these names down in this order; who stays keeps their link. Returns whether anything changed."""
    known = list(
        db.session.scalars(
            sa.select(PartyMember).where(PartyMember.registration_id == registration_id).order_by(PartyMember.position)
        )
    )
    if tuple(_said(one) for one in known) == tuple(members):
        return False
    left = list(known)
    kept = [_taken(left, member) for member in members]
    for gone in left:
        db.session.delete(gone)
    for one in known:
        one.position += len(known) + len(members)
    db.session.flush()  # the old places in the order are free before they are given anew
    for position, (member, before) in enumerate(zip(members, kept, strict=True), 1):
        one = before or _added(registration_id, member)
        one.position, one.note = position, member.note
        db.session.add(one)
    db.session.flush()  # whoever reads the names next reads these
    return True


def come_with(registration: Registration, companions: int) -> None:
    """So many companions come, and no more: who was named last, and what was answered of them, goes."""
    if companions >= registration.companions:
        return
    answering.leave_out(registration.id, companions)
    members = of_registration(registration.id)[:companions]
    if write(registration.id, members):
        registration.search = search_of(registration, members)
    registration.companions = companions


def hand_on(from_id: int, to_id: int) -> None:
    """Who came along comes along with whoever took the place over."""
    db.session.execute(
        sa.update(PartyMember)
        .where(PartyMember.registration_id == from_id)
        .values(registration_id=to_id)
        .execution_options(synchronize_session=False)
    )


@transaction
def leave(token: str, *, by: Actor, now: datetime) -> None:
    """Whoever has that link gives their own seat up: the party is one less, and the representative is told.

    Raises NotFound (also the second time), AlreadyCancelled, AlreadyAttended, TooLateToChange, DrawClosed.
    """
    link_hash = tokens.fingerprint(token)
    own = sa.select(PartyMember.registration_id).where(PartyMember.link_hash == link_hash)
    registration_id = db.session.scalar(own)
    if registration_id is None:
        raise NotFound
    registration, sitting = places.locked(registration_id)
    person = db.session.scalar(sa.select(PartyMember).filter_by(link_hash=link_hash, registration_id=registration_id))
    if registration.channel is Channel.BODY or person is None:
        raise NotFound
    if registration.status.is_over:
        raise AlreadyCancelled("この申込みは、すでに取り消されています。")
    if registration.attended:
        raise AlreadyAttended("会場での受付が済んでいるため、取りやめられません。")
    if sitting.starts_at <= now:
        raise TooLateToChange("開始時刻を過ぎたため、この画面では取りやめられません。問合せ先へお電話ください。")
    drawing.check_still_open(registration, now)
    place = [one.token for one in rows_of(registration_id)].index(token) + 1
    answering.leave(registration_id, place, registration.companions)
    if registration.status is Status.OFFERED:
        known = queries.details_of(registration)
        offering.resize(registration, sitting, replace(known, companions=known.companions - 1))
    db.session.delete(person)
    db.session.flush()  # who is left is read below
    registration.search = search_of(registration, of_registration(registration_id))
    was = registration.companions
    registration.companions = was - 1
    registration.version += 1
    registration.updated_at = now
    if registration.status is Status.CONFIRMED:
        places.release(sitting, 1, registration.category)
    fields = [f"companions={was}→{was - 1}"]
    audit.record("registration.party_left", "registration", registration.id, by=by, at=now, fields=fields)
    messages.party_left(registration, now=now)
    promote(sitting, now)


def _taken(left: list[PartyMember], member: Member) -> PartyMember | None:
    """The row of the person of that name and reading, each once."""
    for one in left:
        if (one.name, one.kana) == (member.name, member.kana):
            left.remove(one)
            return one
    return None


def _added(registration_id: int, member: Member) -> PartyMember:
    nonce = tokens.random_id()
    link_hash = tokens.fingerprint(links.token(PURPOSE, nonce))
    return PartyMember(
        registration_id=registration_id, name=member.name, kana=member.kana, link_nonce=nonce, link_hash=link_hash
    )


def _said(one: PartyMember) -> Member:
    return Member(one.name, one.kana, one.note)


def _row(one: PartyMember) -> MemberRow:
    token = links.token_again(PURPOSE, one.link_nonce, one.link_hash)
    return MemberRow(one.id, one.registration_id, _said(one), token)
