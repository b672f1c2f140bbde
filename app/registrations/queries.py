"""Reading registrations: one's own by secret link, and the organizer's lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.events.models import Event, Series, Sitting
from app.infra import tokens
from app.infra.audit import AuditEntry
from app.infra.db import db, run
from app.infra.links import links
from app.kernel import text
from app.kernel.errors import NotFound
from app.kernel.types import Page
from app.org.models import StaffMember
from app.registrations.models import CalendarReply, Guest, Registration, RegistrationNeeds, Substitution
from app.registrations.types import Details, Filters, Needs, RegistrationRow, ReplyRow, Status

PER_PAGE = 50
# A link is good until a month after the (last) sitting; then it opens nothing.
LINK_TAIL = timedelta(days=30)
# Who has a place, is offered one, waits for one or for an answer.
ACTIVE = (Status.CONFIRMED, Status.OFFERED, Status.WAITLISTED, Status.PENDING)
# As in Needs.
NEEDS = ("sign_language", "captioning", "wheelchair", "childcare", "note")


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line of a registration's story."""

    at: datetime
    who: str
    action: str
    reason: str | None
    fields: str = ""

    @property
    def word(self) -> str:
        """What happened, on the screen."""
        return {
            "confirmed": "申込み（確定）",
            "waitlisted": "申込み（キャンセル待ち）",
            "pending": "申込み（承認待ち）",
            "approved": "承認",
            "queued": "承認（キャンセル待ち）",
            "declined": "不承認",
            "won": "当選",
            "reserved": "抽選の順番でキャンセル待ち",
            "lost": "落選",
            "promoted": "繰上げで確定",
            "passed": "空席が人数に足りないなどで、後の方が先に確定",
            "offered": "席のご案内",
            "accepted": "ご案内を受けて確定",
            "offer_declined": "ご案内の辞退",
            "offer_expired": "期限までに回答がなく、ご案内を終了",
            "offer_withdrawn": "ご案内を取りやめ、キャンセル待ちに戻す",
            "not_reached": "電話（つながらない）",
            "changed": "内容の変更",
            "switched": "回の変更",
            "substitute_named": "代理出席者の指名",
            "substitute_dropped": "代理出席の取りやめ",
            "swap_offered": "回の交換のお願い",
            "swap_declined": "回の交換の辞退",
            "swap_withdrawn": "回の交換の取下げ",
            "cancelled": "取消し",
            "noted": "メモの変更",
            "not_duplicate": "重複ではないと確認",
            "reply_accepted": "カレンダーの返信（出席）",
            "reply_tentative": "カレンダーの返信（仮の予定）",
            "reply_declined": "カレンダーの返信（辞退）",
        }.get(self.action.removeprefix("registration."), self.action)


@dataclass(frozen=True, slots=True)
class SittingCount:
    """Registrations and seats of one sitting, by status."""

    sitting_id: int
    status: Status
    registrations: int
    seats: int


def by_token(token: str, *, now: datetime) -> RegistrationRow:
    """The registration that a secret link opens, until a month after its sitting. Raises NotFound."""
    return _row(_found(_by_link(), hash=tokens.fingerprint(token), after=now - LINK_TAIL))


def with_link(registration_id: int) -> tuple[RegistrationRow, str]:
    """One registration and the secret of its link, made again for its owner's mail. Raises NotFound."""
    row = _found(_by_id(), id=registration_id)
    return _row(row), links.token_again("registration", row["link_nonce"], row["link_hash"])


def with_links(registration_ids: Sequence[int]) -> dict[int, tuple[RegistrationRow, str]]:
    """Several registrations and the secrets of their links, by id, in one statement."""
    found = db.session.execute(_rows().where(Registration.id.in_(registration_ids))).mappings()
    return {
        row["id"]: (_row(row), links.token_again("registration", row["link_nonce"], row["link_hash"])) for row in found
    }


def among(ids: sa.Select[int]) -> list[RegistrationRow]:
    """The registrations that a statement finds, the latest first."""
    rows = db.session.execute(_rows().where(Registration.id.in_(ids)).order_by(Registration.id.desc())).mappings()
    return [_row(row) for row in rows]


def by_id(registration_id: int) -> RegistrationRow:
    """One registration, for those who may see it. Raises NotFound."""
    return _row(_found(_by_id(), id=registration_id))


def of_member(member_id: int, *, event_id: int | None = None) -> list[RegistrationRow]:
    """The places and queue numbers that a member of staff has, by date: of one event, or of all."""
    chosen = _rows().where(Registration.staff_member_id == member_id, Registration.status != Status.CANCELLED)
    if event_id is not None:
        chosen = chosen.where(Registration.event_id == event_id)
    return [_row(row) for row in db.session.execute(chosen.order_by(Sitting.starts_at)).mappings()]


def as_substitute(member_id: int, *, now: datetime) -> list[RegistrationRow]:
    """The places of colleagues that a member of staff comes in, as far as they are not over, by date."""
    chosen = _rows().where(
        Substitution.staff_member_id == member_id, Registration.status == Status.CONFIRMED, Sitting.ends_at > now
    )
    return [_row(row) for row in db.session.execute(chosen.order_by(Sitting.starts_at)).mappings()]


def standing_in(event_id: int) -> set[int]:
    """Members of staff who come in a colleague's place at one of an event's sittings."""
    chosen = sa.select(Substitution.staff_member_id).join(Registration, Registration.id == Substitution.registration_id)
    return set(
        db.session.scalars(chosen.where(Registration.event_id == event_id, Registration.status == Status.CONFIRMED))
    )


def members_with_place(event_id: int) -> list[tuple[int, int]]:
    """Members of staff who have a place of an event or wait for one: (member, sitting)."""
    chosen = sa.select(Registration.staff_member_id, Registration.sitting_id).where(
        Registration.event_id == event_id,
        Registration.staff_member_id.is_not(None),
        Registration.status != Status.CANCELLED,
    )
    return [(row.staff_member_id, row.sitting_id) for row in db.session.execute(chosen)]


def console_list(filters: Filters, *, number: int = 1, url: Callable[[int], str] = str) -> Page[RegistrationRow]:
    """One page of an event's registrations in order of application; three statements, whatever the size."""
    wanted = _matching(filters)
    total = db.session.scalar(sa.select(sa.func.count(Registration.id)).where(*wanted)) or 0
    chosen = _rows().where(*wanted).order_by(Registration.applied_at, Registration.id)
    rows = db.session.execute(chosen.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).mappings()
    return Page([_row(r) for r in rows], number, PER_PAGE, total, url)


def coming_to(sitting_id: int) -> sa.ScalarSelect[int]:
    """The sitting whose registrations come to this one: itself, or the first meeting of its course."""
    return sa.select(sa.func.coalesce(Sitting.lead_id, Sitting.id)).where(Sitting.id == sitting_id).scalar_subquery()


def everyone(sitting_id: int, *, status: Status = Status.CONFIRMED) -> list[RegistrationRow]:
    """All registrations of a sitting in one status, by フリガナ: for rosters and exports."""
    chosen = _rows().where(Registration.sitting_id == coming_to(sitting_id), Registration.status == status)
    rows = db.session.execute(chosen.order_by(Registration.kana_order, Registration.id)).mappings()
    return [_row(r) for r in rows]


def guests(event_id: int) -> list[RegistrationRow]:
    """Everybody of other municipalities who asked for a place at an event, in order of application."""
    chosen = _rows().where(Registration.event_id == event_id, Guest.registration_id.is_not(None))
    rows = db.session.execute(chosen.order_by(Registration.applied_at, Registration.id)).mappings()
    return [_row(r) for r in rows]


def guests_asking(event_id: int) -> int:
    """How many guests wait for an answer."""
    asking = sa.select(sa.func.count(Guest.registration_id)).join(Registration)
    return (
        db.session.scalar(asking.where(Registration.event_id == event_id, Registration.status == Status.PENDING)) or 0
    )


def counts(event_id: int) -> list[SittingCount]:
    """How many registrations and seats each sitting has in each status."""
    rows = db.session.execute(
        sa.select(
            Registration.sitting_id,
            Registration.status,
            sa.func.count(Registration.id),
            sa.func.sum(1 + Registration.companions),
        )
        .where(Registration.event_id == event_id)
        .group_by(Registration.sitting_id, Registration.status)
        .order_by(Registration.sitting_id)
    )
    return [SittingCount(*row) for row in rows]


def history(registration_id: int) -> list[HistoryRow]:
    """The story of one registration, oldest first."""
    rows = db.session.execute(
        sa.select(AuditEntry.at, AuditEntry.actor_label, AuditEntry.action, AuditEntry.reason, AuditEntry.fields)
        .where(AuditEntry.object_type == "registration", AuditEntry.object_id == str(registration_id))
        .order_by(AuditEntry.id)
    )
    return [HistoryRow(*row) for row in rows]


def sitting_of(registration_id: int) -> int:
    """Which sitting a registration belongs to. Raises NotFound."""
    found = db.session.scalar(sa.select(Registration.sitting_id).where(Registration.id == registration_id))
    if found is None:
        raise NotFound
    return found


def by_public_id(public_id: str) -> int | None:
    """The registration of that public id, which its calendar entry carries."""
    return db.session.scalar(sa.select(Registration.id).where(Registration.public_id == public_id))


def reply_of(registration_id: int) -> ReplyRow | None:
    """What somebody's calendar last answered, if it ever did."""
    row = db.session.execute(
        sa.select(CalendarReply.answer, CalendarReply.received_at).filter_by(registration_id=registration_id)
    ).one_or_none()
    return ReplyRow(*row) if row else None


def member_of(registration_id: int) -> int | None:
    """The member of staff whose place it is; None for anybody else's."""
    return db.session.scalar(sa.select(Registration.staff_member_id).where(Registration.id == registration_id))


def position(registration: Registration) -> int:
    """The place in the waiting line, 1 is next."""
    ahead = sa.select(sa.func.count(Registration.id)).where(
        Registration.sitting_id == registration.sitting_id,
        Registration.status == Status.WAITLISTED,
        Registration.queue_no <= registration.queue_no,
    )
    return db.session.scalar(ahead) or 1


def details_of(registration: Registration) -> Details:
    """What the person said of themselves."""
    needs = db.session.get(RegistrationNeeds, registration.id)
    return Details(
        name=registration.name,
        kana=registration.kana,
        email=registration.email,
        phone=registration.phone,
        companions=registration.companions,
        district=registration.district,
        affiliation=registration.affiliation,
        category=registration.category,
        postcode=registration.postcode,
        address=registration.address,
        first_time=registration.first_time,
        in_city=registration.in_city,
        needs=Needs(*(getattr(needs, name) for name in NEEDS)) if needs else Needs(),
    )


def _found(statement: sa.Select[Any], **values: object) -> sa.RowMapping:
    row = run(statement, values).mappings().one_or_none()
    if row is None:
        raise NotFound
    return row


# Statements are put together once: that costs more than running them.
@cache
def _by_link() -> sa.Select[Any]:
    later = aliased(Sitting)
    lasts = sa.or_(
        Sitting.ends_at > sa.bindparam("after"),
        sa.exists().where(later.lead_id == Sitting.id, later.ends_at > sa.bindparam("after")),
    )
    return _rows().where(Registration.link_hash == sa.bindparam("hash"), lasts)


@cache
def _by_id() -> sa.Select[Any]:
    return _rows().where(Registration.id == sa.bindparam("id"))


@cache
def _rows() -> sa.Select[Any]:
    other = aliased(Registration)
    ahead = (
        sa.select(sa.func.count(other.id))
        .where(
            other.sitting_id == Registration.sitting_id,
            other.status == Status.WAITLISTED,
            other.queue_no <= Registration.queue_no,
        )
        .scalar_subquery()
    )
    return (
        sa.select(
            *(c for c in Registration.__table__.columns if c.name not in {"search", "kana_order"}),
            *(getattr(RegistrationNeeds, name).label(f"needs_{name}") for name in NEEDS),
            Event.slug.label("event_slug"),
            Event.title.label("event_title"),
            Event.admission,
            Series.title.label("series_title"),
            Sitting.label.label("sitting_label"),
            Sitting.starts_at,
            Sitting.ends_at,
            sa.case((Registration.status == Status.WAITLISTED, ahead)).label("position"),
            sa.func.coalesce(Guest.municipality, "").label("municipality"),
            StaffMember.id.label("substitute_id"),
            sa.func.coalesce(StaffMember.name, "").label("substitute"),
        )
        .join(Event, Event.id == Registration.event_id)
        .join(Series, Series.id == Event.series_id)
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .outerjoin(RegistrationNeeds, RegistrationNeeds.registration_id == Registration.id)
        .outerjoin(Guest, Guest.registration_id == Registration.id)
        .outerjoin(Substitution, Substitution.registration_id == Registration.id)
        .outerjoin(StaffMember, StaffMember.id == Substitution.staff_member_id)
    )


def _row(row: sa.RowMapping) -> RegistrationRow:
    needs = Needs() if row["needs_note"] is None else Needs(*(row[f"needs_{name}"] for name in NEEDS))
    said = ("name", "kana", "email", "phone", "companions", "district", "affiliation", "category")
    names = (*said, "postcode", "address", "first_time", "in_city")
    copied = ("id", "public_id", "event_id", "event_slug", "event_title", "sitting_id", "sitting_label", "starts_at")
    rest = ("ends_at", "reference", "status", "channel", "position", "possible_duplicate", "applied_at")
    last = ("cancelled_at", "cancel_reason", "note", "sequence", "updated_at", "version")
    instead = ("municipality", "substitute_id", "substitute", "admission", "sign_up")
    return RegistrationRow(
        **{n: row[n] for n in (*copied, *rest, *last, *instead)},
        details=Details(**{n: row[n] for n in names}, needs=needs),
    )


def _matching(filters: Filters) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = [Registration.event_id == filters.event_id]
    if filters.sitting_id is not None:
        wanted.append(Registration.sitting_id == filters.sitting_id)
    if filters.status is not None:
        wanted.append(Registration.status == filters.status)
    if filters.duplicates_only:
        wanted.append(Registration.possible_duplicate.is_(True))
    for word in filters.word.split():
        key = _search_key(word)
        if filters.by_contacts:
            wanted.append(Registration.search.contains(key, autoescape=True))
        else:
            wanted.append(_by_name(word, key))
    return wanted


def _by_name(word: str, key: str) -> sa.ColumnElement[bool]:
    """Name, reading or reference only: who may not see a number may not try numbers either."""
    return sa.or_(
        Registration.name.contains(word, autoescape=True),
        Registration.kana.contains(text.clean_kana(word), autoescape=True),
        Registration.reference.contains(key, autoescape=True),
    )


def _search_key(word: str) -> str:
    key = text.phone_key(word)
    return key or (text.folded(word).replace("-", "") if word.replace("-", "").isdigit() else text.folded(word))
