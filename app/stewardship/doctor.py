"""Whether what is stored holds together: each promise of the rooms as a query that must be empty.

A promise is read in one statement, so the service may run meanwhile; each row found names what breaks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.attendance.models import Attendance, Headcount
from app.attendance.types import CAME
from app.delivery.models import DeliveryAttempt, OutboundMessage
from app.delivery.types import State
from app.events.models import Event, Sitting
from app.events.types import EventStatus
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.errors import Refusal
from app.registrations.models import Registration, Substitution, SwapOffer
from app.registrations.queries import ACTIVE
from app.registrations.types import TOLD_ELSEWHERE, TOLD_TOGETHER, Status
from app.stewardship import kept_files, proposed
from app.stewardship.answered import ANSWERED
from app.stewardship.asking import ASKING
from app.stewardship.bulk import BULK
from app.stewardship.drawn import DRAWN, tampered
from app.stewardship.frozen import FROZEN, altered
from app.stewardship.groups import GROUPS
from app.stewardship.kept import KEPT
from app.stewardship.learned import LEARNED
from app.stewardship.mandated import MANDATED
from app.stewardship.meetings import MEETINGS
from app.stewardship.paper import PAPER
from app.stewardship.promises import Found, Promise
from app.stewardship.seats import SEATS, idle
from app.stewardship.shared import SHARED
from app.stewardship.sign_ups import SIGN_UPS
from app.stewardship.surveyed import SURVEYED

# A worker takes back what another left behind within seconds; after this none does.
LEASE_GRACE = timedelta(minutes=5)
# What happens to a registration and is told, each time once: the same word in the audit log and in the outbox.
TOLD = (
    "confirmed", "waitlisted", "pending", "approved", "queued", "declined", "won", "reserved", "lost", "promoted",
    "cancelled", "changed", "switched", "handed_on", "taken_over", "party_left", "body_made",
    "body_changed", "body_settled",
    "offered", "accepted", "offer_declined", "offer_expired", "offer_withdrawn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise that is broken, and the ids of the rows (of `table`) that break it."""

    name: str
    sentence: str
    table: str
    ids: tuple[int, ...]


class Unreadable(Refusal):
    """The database has not the tables and columns that are looked at: mostly it was not upgraded."""

    code = "unreadable"


def examine(*, now: datetime) -> list[Breach]:
    """Look at everything that is stored; an empty list is good. Changes nothing. Raises Unreadable."""
    try:
        return _examined(now)
    except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
        reason = " ".join(str(error.orig).split())
        raise Unreadable(f"データベースを読めません。先に flask db upgrade で更新してください（{reason}）。") from error


def _examined(now: datetime) -> list[Breach]:
    breaches = [
        Breach(one.name, one.sentence, one.table, tuple(sorted(db.session.scalars(one.broken(now)))))
        for one in PROMISES
    ]
    lost = [Breach(*one) for one in kept_files.missing()]
    lost.append(Breach("seat_left_empty", "待っている方が入れる席が空いたままである", "registration", idle(now=now)))
    lost.append(Breach("draw_list", "抽選の種または一覧が、公表した指紋と合わない", "draw", tampered()))
    lost.append(Breach("report_altered", "確定した年次レポートのファイルが、元と違う", "report_file", altered()))
    lost.append(
        Breach("proposal_form", "提出された提案書に、足りないところか誤りがある", "proposal", proposed.unfinished())
    )
    lost.append(
        Breach("proposal_amount", "採択の金額が、申請の額またはコースの限度を超える", "proposal", proposed.overpaid())
    )
    return [breach for breach in [*breaches, *lost] if breach.ids]


# ------------------------------------------------------------------------------------------------ registrations


def _other_event(_now: datetime) -> Found:
    return (
        sa.select(Registration.id)
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .where(Sitting.event_id != Registration.event_id)
    )


def _swap_across_events(_now: datetime) -> Found:
    """Offers whose two places and two sittings are not all of one event."""
    giver, taker = aliased(Registration), aliased(Registration)
    here, there = aliased(Sitting), aliased(Sitting)
    sound = (
        sa.select(SwapOffer.id)
        .join(giver, giver.id == SwapOffer.giver_id)
        .join(taker, taker.id == SwapOffer.taker_id)
        .join(here, here.id == SwapOffer.giver_sitting_id)
        .join(there, there.id == SwapOffer.taker_sitting_id)
        .where(*(one.event_id == giver.event_id for one in (taker, here, there)))
    )
    return sa.select(SwapOffer.id).where(SwapOffer.id.not_in(sound))


def _own_substitute(_now: datetime) -> Found:
    """Places whose holder is named as the colleague who comes instead, or is no member of staff."""
    holder = Registration.staff_member_id
    return (
        sa.select(Registration.id)
        .join(Substitution, Substitution.registration_id == Registration.id)
        .where(sa.or_(holder.is_(None), holder == Substitution.staff_member_id))
    )


def _two_at_once(_now: datetime) -> Found:
    """Places whose colleague who comes instead has a place of their own at that sitting, or comes for two."""
    own, other, second = aliased(Registration), aliased(Registration), aliased(Substitution)
    has_place = sa.exists().where(
        own.sitting_id == Registration.sitting_id,
        own.staff_member_id == Substitution.staff_member_id,
        own.status != Status.CANCELLED,
    )
    for_another = sa.exists().where(
        second.registration_id == other.id,
        second.staff_member_id == Substitution.staff_member_id,
        other.sitting_id == Registration.sitting_id,
        other.status == Status.CONFIRMED,
        other.id != Registration.id,
    )
    return (
        sa.select(Registration.id)
        .join(Substitution, Substitution.registration_id == Registration.id)
        .where(Registration.status == Status.CONFIRMED, sa.or_(has_place, for_another))
    )


def _times_missing(_now: datetime) -> Found:
    cancelled = Registration.status == Status.CANCELLED
    return sa.select(Registration.id).where(
        sa.or_(
            sa.and_(cancelled, Registration.cancelled_at.is_(None)),
            sa.and_(~cancelled, Registration.cancelled_at.is_not(None)),
            sa.and_(Registration.status == Status.CONFIRMED, Registration.confirmed_at.is_(None)),
        )
    )


def _nobody_to_tell(_now: datetime) -> Found:
    return sa.select(Registration.id).where(
        Registration.email.is_(None), Registration.phone.is_(None), Registration.status != Status.CANCELLED
    )


def _active_without_event(_now: datetime) -> Found:
    """Nobody has a place where nothing takes place: in a draft, or in what was called off."""
    return (
        sa.select(Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.status.in_(ACTIVE), Event.status.in_([EventStatus.DRAFT, EventStatus.CANCELLED]))
    )


def _finished_too_early(now: datetime) -> Found:
    later = sa.exists().where(Sitting.event_id == Event.id, Sitting.ends_at > now)
    return sa.select(Event.id).where(Event.status == EventStatus.FINISHED, later)


def _unrecorded(_now: datetime) -> Found:
    """An application leaves one entry in the audit log, a cancellation another: its own or that of the event."""
    called_off = sa.exists().where(
        AuditEntry.action == "event.called_off",
        AuditEntry.object_type == "event",
        AuditEntry.object_id == sa.cast(Registration.event_id, sa.String(40)),
    )
    begun = _entries("confirmed") + _entries("waitlisted") + _entries("pending")
    begun += _entries("taken_over") + _entries("body_made")
    gone = _entries("cancelled") + _entries("handed_on") + _entries("offer_declined") + _entries("offer_expired")
    ended = sa.and_(Registration.status == Status.CANCELLED, gone == 0, ~called_off)
    return sa.select(Registration.id).where(sa.or_(begun != 1, ended))


# ------------------------------------------------------------------------------------------------ messages


def _untold(_now: datetime) -> Found:
    ours = sa.func.coalesce(AuditEntry.reason, "").not_in((TOLD_ELSEWHERE, TOLD_TOGETHER))
    return sa.select(Registration.id).where(sa.or_(*(_entries(kind, ours) != _messages(kind) for kind in TOLD)))


def _entries(word: str, *more: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    """How often the audit log says that this happened to the registration."""
    return (
        sa.select(sa.func.count())
        .where(
            AuditEntry.object_type == "registration",
            AuditEntry.object_id == sa.cast(Registration.id, sa.String(40)),
            sa.and_(AuditEntry.action == f"registration.{word}", *more),
        )
        .correlate(Registration)
        .scalar_subquery()
    )


def _messages(word: str) -> sa.ScalarSelect[int]:
    """How often the outbox says it; what an organizer sent once more is a copy and not counted."""
    return (
        sa.select(sa.func.count())
        .where(
            OutboundMessage.thread == _thread(),
            OutboundMessage.kind == f"registration.{word}",
            OutboundMessage.resend_of.is_(None),
        )
        .correlate(Registration)
        .scalar_subquery()
    )


def _thread() -> sa.ColumnElement[str]:
    return sa.literal("registration:") + sa.cast(Registration.id, sa.String(40))


def _about_nobody(_now: datetime) -> Found:
    return sa.select(OutboundMessage.id).where(
        OutboundMessage.thread.startswith("registration:"), OutboundMessage.thread.not_in(sa.select(_thread()))
    )


def _stuck(now: datetime) -> Found:
    return sa.select(OutboundMessage.id).where(
        OutboundMessage.state == State.SENDING,
        sa.or_(OutboundMessage.lease_until.is_(None), OutboundMessage.lease_until < now - LEASE_GRACE),
    )


def _attempts_differ(_now: datetime) -> Found:
    recorded = (
        sa.select(sa.func.count())
        .where(DeliveryAttempt.outbound_message_id == OutboundMessage.id)
        .correlate(OutboundMessage)
        .scalar_subquery()
    )
    return sa.select(OutboundMessage.id).where(OutboundMessage.attempts != recorded)


def _sent_without_time(_now: datetime) -> Found:
    sent = OutboundMessage.state == State.SENT
    return sa.select(OutboundMessage.id).where(
        sa.or_(
            sa.and_(sent, OutboundMessage.sent_at.is_(None)),
            sa.and_(~sent, OutboundMessage.sent_at.is_not(None)),
        )
    )


# ------------------------------------------------------------------------------------------------ attendance


def _came_without_place(_now: datetime) -> Found:
    """Nobody is both cancelled and attended."""
    return sa.select(Registration.id).where(
        Registration.status != Status.CONFIRMED, sa.or_(Registration.attended, _marked_as_there())
    )


def _attended_differs(_now: datetime) -> Found:
    return sa.select(Registration.id).where(Registration.attended != _marked_as_there())


def _marked_as_there() -> sa.Exists:
    return sa.exists().where(Attendance.registration_id == Registration.id, Attendance.status.in_(CAME))


def _other_sitting(_now: datetime) -> Found:
    return (
        sa.select(Attendance.id)
        .join(Registration, Registration.id == Attendance.registration_id)
        .join(Sitting, Sitting.id == Attendance.sitting_id)
        .where(Registration.sitting_id != sa.func.coalesce(Sitting.lead_id, Sitting.id))
    )


def _names_and_numbers(_now: datetime) -> Found:
    return sa.select(Sitting.id).where(
        sa.exists().where(Headcount.sitting_id == Sitting.id), sa.exists().where(Attendance.sitting_id == Sitting.id)
    )


PROMISES = (
    *SEATS,
    Promise("other_event", "申込みの回が、別の研修会・講座のものである", "registration", _other_event),
    Promise("swap", "回の交換のお願いが、別の研修会・講座の申込みや回にまたがる", "swap_offer", _swap_across_events),
    Promise("substitute", "代理の出席者が本人である、または職員の申込みでない", "registration", _own_substitute),
    Promise("two_at_once", "代理の出席者が、同じ回に自分の席か別の方の代理を持つ", "registration", _two_at_once),
    Promise("times", "状態と、確定または取消しの日時が合わない", "registration", _times_missing),
    Promise("contact", "メールアドレスも電話番号もない", "registration", _nobody_to_tell),
    Promise("no_event", "下書きまたは中止の研修会・講座に、有効な申込みがある", "registration", _active_without_event),
    Promise("finished", "終わっていない回があるのに、終了になっている", "event", _finished_too_early),
    Promise("audit", "申込みまたは取消しの操作記録がない、または二つ以上ある", "registration", _unrecorded),
    Promise("told", "申込みの変化とお知らせの数が合わない", "registration", _untold),
    Promise("about_nobody", "お知らせの元になった申込みがない", "outbound_message", _about_nobody),
    Promise("stuck", "送信中のまま止まっている（ワーカーが動いていない）", "outbound_message", _stuck),
    Promise("attempts", "送信の回数と、送信の記録の数が合わない", "outbound_message", _attempts_differ),
    Promise("sent", "送信の状態と、送信日時が合わない", "outbound_message", _sent_without_time),
    Promise("came", "確定していない申込みに、来場の記録がある", "registration", _came_without_place),
    Promise("attended", "申込みの来場の印と、出欠の記録が合わない", "registration", _attended_differs),
    Promise("other_sitting", "出欠の記録が、申込みとは別の回にある", "attendance", _other_sitting),
    Promise("names_and_numbers", "お名前ごとの出欠と、人数だけの記録が両方ある", "sitting", _names_and_numbers),
    *ANSWERED,
    *ASKING,
    *BULK,
    *DRAWN,
    *FROZEN,
    *GROUPS,
    *KEPT,
    *LEARNED,
    *MANDATED,
    *MEETINGS,
    *PAPER,
    *proposed.PROPOSED,
    *SIGN_UPS,
    *SURVEYED,
    *SHARED,
)
