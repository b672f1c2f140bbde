"""Certificates for everybody who completed a requirement: seen beforehand, issued at once, withdrawn with a reason.

Who came has one for the event, whichever way it was issued: attendance's ledger says who that is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app.attendance import completing, ledger
from app.attendance.models import Certificate
from app.attendance.types import CertificateRow, Completion
from app.compliance import queries, rules
from app.compliance.errors import NoReason, PlanChanged
from app.compliance.models import Evidence, Requirement, RequirementCertificate
from app.compliance.types import Board, EvidenceKind, Line, RequirementRow, Standing
from app.elearning import progress as elearning
from app.events import queries as events
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor
from app.registrations.models import Registration

_Came = dict[int, tuple[int, date]]  # member of staff → registration and day
_Proved = dict[tuple[int, Standing], date]
_PROVES = {EvidenceKind.ELSEWHERE: Standing.ELSEWHERE, EvidenceKind.SUBSTITUTE: Standing.SUBSTITUTED}


@dataclass(frozen=True, slots=True)
class Uncertified:
    """Somebody who gets none now, and why."""

    line: Line
    reason: str


@dataclass(frozen=True, slots=True)
class CertificatePlan:
    """What issuing now would do. `unfounded`: valid ones of those who have not completed the requirement any more."""

    due: tuple[Completion, ...]
    left_out: tuple[Uncertified, ...]
    unfounded: tuple[CertificateRow, ...]

    @property
    def digest(self) -> str:
        """Tells whether it is still the plan that was looked at."""
        shown = repr((self.due, [one.id for one in self.unfounded]))
        return hashlib.sha256(shown.encode()).hexdigest()[:16]


def plan(requirement_id: int, *, today: date) -> CertificatePlan:
    """Who would get one today and who would not. Nothing is written. Raises NotFound."""
    board = queries.board(requirement_id, today=today)
    own = board.requirement
    if own.event_id is None:
        return CertificatePlan((), tuple(_by_course_alone(board)), ())
    title = events.by_id(own.event_id).full_title
    holders, came, proved = ledger.holders(own.event_id), _came(own.event_id), _proved(own)
    due, left_out, done = [], [], set()
    for line in board.lines:
        reason = rules.why_not_certified(line, own.substitutes)
        if not reason:
            done.add(line.person.id)
        if reason or line.person.id in holders:
            left_out.append(Uncertified(line, reason or "発行済み"))
        else:
            due.append(_completion(line, own, title, came, proved))
    return CertificatePlan(tuple(due), tuple(left_out), tuple(_unfounded(own.id, done)))


@transaction
def issue(requirement_id: int, *, seen: str, issuer: str, by: Actor, now: datetime) -> int:
    """Give one to everybody of the plan that was `seen` (its digest); returns how many. Raises NotFound, PlanChanged.

    Requirement and sittings are locked first: neither a proof nor a mark changes between the look and the certificate.
    """
    lock(requirement_id)
    own = queries.one(requirement_id)
    if own.event_id is None:
        return 0
    ledger.lock_sittings(own.event_id)
    ready = _as_seen(requirement_id, seen, now)
    ids = ledger.enter(own.event_id, ready.due, issuer=issuer, now=now)
    db.session.add_all(RequirementCertificate(certificate_id=one, requirement_id=requirement_id) for one in ids)
    if ids:
        fields = [f"rows={len(ids)}"]
        audit.record("requirement.certified", "requirement", requirement_id, by=by, at=now, fields=fields)
    return len(ids)


@transaction
def withdraw_unfounded(requirement_id: int, reason: str, *, seen: str, by: Actor, now: datetime) -> int:
    """Withdraw what the plan that was `seen` shows as unfounded; returns how many.

    Raises NotFound, NoReason, PlanChanged.
    """
    if not reason:
        raise NoReason("修了証を取り消す理由を入力してください。")
    lock(requirement_id)
    unfounded = _as_seen(requirement_id, seen, now).unfounded
    for one in unfounded:
        ledger.withdraw_one(one.id, reason, by=by, now=now)
    return len(unfounded)


def withdraw_of(requirement_id: int, member_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """A proof was taken back: what was issued on its strength holds no more. The caller holds the lock."""
    board = queries.board(requirement_id, today=local_date(now))
    line = next((one for one in board.lines if one.person.id == member_id), None)
    if line is not None and not rules.why_not_certified(line, board.requirement.substitutes):
        return
    held = _valid(requirement_id).where(Certificate.staff_member_id == member_id)
    for certificate_id in db.session.scalars(held).all():
        ledger.withdraw_one(certificate_id, reason, by=by, now=now)


def lock(requirement_id: int) -> None:
    """Issuing and what decides about completion wait for each other. Raises NotFound."""
    held = sa.select(Requirement.id).where(Requirement.id == requirement_id).with_for_update()
    if db.session.scalar(held) is None:
        raise NotFound


def _as_seen(requirement_id: int, seen: str, now: datetime) -> CertificatePlan:
    ready = plan(requirement_id, today=local_date(now))
    if ready.digest != seen:
        raise PlanChanged("受講の状況が変わったため、もう一度確かめてください。")
    return ready


def _by_course_alone(board: Board) -> Iterator[Uncertified]:
    """Where there is no training, the course has certificates of its own."""
    for line in board.lines:
        reason = rules.why_not_certified(line, board.requirement.substitutes)
        yield Uncertified(line, reason or "Eラーニングの修了証があります")


def _completion(line: Line, own: RequirementRow, title: str, came: _Came, proved: _Proved) -> Completion:
    """Who came has it in the words of the event's own certificates; who was taught otherwise in the requirement's."""
    member = line.person.id
    if line.standing in {Standing.ELSEWHERE, Standing.COURSE}:
        return Completion(line.person.name, own.title, proved[member, line.standing], None, member)
    if member in came:
        registration_id, day = came[member]
        return Completion(line.person.name, title, day, registration_id, member)
    return Completion(line.person.name, title, proved[member, Standing.SUBSTITUTED], None, member)


def _came(event_id: int) -> _Came:
    chosen = sa.select(Registration.staff_member_id, Registration.id, completing.LAST.label("last")).where(
        Registration.event_id == event_id, completing.COMPLETE, Registration.staff_member_id.is_not(None)
    )
    return {row.staff_member_id: (row.id, local_date(row.last)) for row in db.session.execute(chosen)}


def _proved(own: RequirementRow) -> _Proved:
    chosen = sa.select(Evidence.staff_member_id, Evidence.kind, Evidence.happened_on)
    rows = db.session.execute(chosen.where(Evidence.requirement_id == own.id))
    found = {(row.staff_member_id, _PROVES[row.kind]): row.happened_on for row in rows}
    for one in elearning.completions([own.course_id]) if own.course_id is not None else ():
        found[one.member_id, Standing.COURSE] = local_date(one.completed_at)
    return found


def _unfounded(requirement_id: int, done: Iterable[int]) -> list[CertificateRow]:
    held = _valid(requirement_id).where(Certificate.staff_member_id.not_in(done))
    return ledger.by_ids(db.session.scalars(held).all())


def _valid(requirement_id: int) -> sa.Select[int]:
    return (
        sa.select(Certificate.id)
        .join(RequirementCertificate, RequirementCertificate.certificate_id == Certificate.id)
        .where(RequirementCertificate.requirement_id == requirement_id, Certificate.revoked_at.is_(None))
    )
