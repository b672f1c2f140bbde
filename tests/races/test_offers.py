"""A thousand offers end in the same minute while two workers pass them on: each ends once and is passed on once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.delivery.models import OutboundMessage
from app.events.choices import WaitingMode
from app.events.models import Sitting
from app.infra import tokens
from app.infra.audit import AuditEntry
from app.infra.db import db, transaction
from app.infra.links import links
from app.registrations import entering
from app.registrations.answer_by import answer_by
from app.registrations.models import Registration, SeatOffer
from app.registrations.types import Category, Channel, SeatOfferState, Status
from tests.factories import NOW, a_sitting, an_event, details
from tests.live import ROOT
from tests.races.crowd import PATIENCE

SITTINGS, SEATS = 4, 250
START = NOW + timedelta(days=20)
UNTIL = answer_by(NOW, START)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]


def _rows(sitting: Sitting) -> list[dict]:
    rows = []
    for number, reference in enumerate(_free_references(2 * SEATS), 1):
        nonce = tokens.random_id()
        row = entering.described(details(), reference)
        row |= {
            "public_id": tokens.random_id(),
            "event_id": sitting.event_id,
            "sitting_id": sitting.id,
            "link_nonce": nonce,
            "link_hash": tokens.fingerprint(links.token("registration", nonce)),
            "status": Status.OFFERED if number <= SEATS else Status.WAITLISTED,
            "channel": Channel.WEB,
            "category": Category.RESIDENT,
            "search": "",
            "note": "",
            "submission_key": nonce,
            "submission_digest": nonce,
            "queue_no": number,
            "applied_at": NOW,
            "updated_at": NOW,
            "cancel_reason": "",
        }
        rows.append(row)
    return rows


def _free_references(count: int) -> set[str]:
    """As many numbers that nobody has: other tests of this installation applied before."""
    taken, free = set(db.session.scalars(sa.select(Registration.reference))), set[str]()
    while len(free) < count:
        free |= {tokens.reference_number()} - taken
    return free


@transaction
def _fill(sitting_id: int) -> None:
    sitting = db.session.get_one(Sitting, sitting_id)
    db.session.execute(sa.insert(Registration), _rows(sitting))
    sitting.seats_taken = sitting.waiting = SEATS
    sitting.queue_counter = 2 * SEATS
    offered = sa.select(Registration.id).filter_by(sitting_id=sitting_id, status=Status.OFFERED)
    db.session.execute(
        sa.insert(SeatOffer),
        [
            {"registration_id": number, "seats": 1, "made_at": NOW, "answer_by": UNTIL, "settled_by": ""}
            for number in db.session.scalars(offered)
        ],
    )


def test_a_thousand_offers_end_once_and_are_passed_on_once(installation, record_property):
    with installation.inside():
        event = an_event(waiting_mode=WaitingMode.OFFER)
        sittings = [a_sitting(event, capacity=SEATS, starts_at=START).id for _ in range(SITTINGS)]
        for sitting_id in sittings:
            _fill(sitting_id)
    command = [sys.executable, "-m", "tests.races.passing_on", UNTIL.isoformat()]
    workers = [
        subprocess.Popen(command, cwd=ROOT, env=installation.settings(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout.readline() == b"ready\n"
    begun = time.monotonic()
    for worker in workers:
        worker.stdin.write(b"\n")
        worker.stdin.flush()
    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0]
    for worker in workers:
        worker.stdin.close()
        worker.stdout.close()
    record_property("1,000 offers passed on by two workers", f"{time.monotonic() - begun:.1f} s")
    with installation.inside():
        here = sa.select(Registration.id).where(Registration.sitting_id.in_(sittings))
        states = sa.select(SeatOffer.registration_id, SeatOffer.state).where(SeatOffer.registration_id.in_(here))
        found = db.session.execute(states).all()
        assert Counter(state for _who, state in found) == {SeatOfferState.EXPIRED: 1000, SeatOfferState.OPEN: 1000}
        assert len({who for who, _state in found}) == 2000
        of_these = AuditEntry.object_id.in_([str(who) for who, _state in found])
        acts = sa.select(AuditEntry.action, sa.func.count()).where(of_these).group_by(AuditEntry.action)
        once = {"registration.offer_expired": 1000, "registration.offered": 1000}
        assert {row[0]: row[1] for row in db.session.execute(acts)} == once
        threads = [f"registration:{who}" for who, _state in found]
        told = sa.select(OutboundMessage.kind, sa.func.count()).where(OutboundMessage.thread.in_(threads))
        assert {row[0]: row[1] for row in db.session.execute(told.group_by(OutboundMessage.kind))} == once
        counters = sa.select(Sitting.seats_taken, Sitting.waiting).where(Sitting.id.in_(sittings))
        assert {tuple(row) for row in db.session.execute(counters)} == {(SEATS, 0)}
