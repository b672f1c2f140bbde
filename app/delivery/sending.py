"""Taking what is due, sending it over one connection, recording each attempt.

At least once: a row is leased, handed over, and recorded. Where the record is lost (the worker is killed, the server's
250 never arrives), the row goes out again with the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from app.delivery import leases, relay
from app.delivery.errors import Deferred, NotDelivered, Rejected, RelayUnavailable
from app.delivery.leases import Claimed, Result
from app.delivery.mailer import Carrier, mailer
from app.delivery.mime import Letter
from app.delivery.rendering import is_wanted, render
from app.delivery.types import Outcome
from app.infra.db import db
from app.kernel.errors import NotFound

log = logging.getLogger("tsudoi.delivery")

BATCH = 50
# Added to the longest attempt: time to render, to record, and to notice that the lease must be kept.
LEASE_MARGIN = 15.0

Clock = Callable[[], datetime]


def never() -> bool:
    """The answer of a worker that nobody asked to stop."""
    return False


def send_due(clock: Clock, *, stopping: Callable[[], bool] = never) -> int:
    """Send everything that is due and return how many messages left.

    `clock` tells the time at every step; `stopping` is asked between two messages. One connection carries as many as
    it can; where it breaks after some went through, a new one is made, otherwise the server is left alone for a while.
    """
    sent = 0
    while not stopping() and leases.anything_due(clock()):
        leases.take_back_expired(now=clock())
        if not relay.may_connect(clock()):
            break
        trip = _Trip(clock, stopping)
        trip.run()
        sent += trip.sent
        if trip.sent == 0:
            break
    return sent


class _Trip:
    """One connection and what goes over it."""

    def __init__(self, clock: Clock, stopping: Callable[[], bool]) -> None:
        self.clock = clock
        self.stopping = stopping
        self.sent = 0
        self.owner = leases.new_owner()
        self.rows: list[Claimed] = []
        self.until = clock()

    def run(self) -> None:
        """Connect, then claim and send until nothing is due; rows that were not tried are given back."""
        try:
            with mailer.open() as carrier:
                while not self.stopping() and self._claim():
                    self._send_batch(carrier)
        except NotDelivered as trouble:
            log.warning("connection given up: %s", trouble.detail, extra={"code": trouble.code})
            if self.sent == 0 or isinstance(trouble, RelayUnavailable):
                patient = isinstance(trouble, RelayUnavailable) and trouble.patient
                relay.went_down(trouble, patient=patient, now=self.clock())
        finally:
            if self.rows:
                leases.give_back(self.owner, [row.id for row in self.rows])

    def _claim(self) -> bool:
        now = self.clock()
        self.until = now + self._lease()
        self.rows = leases.claim(self.owner, until=self.until, limit=BATCH, now=now)
        return bool(self.rows)

    def _send_batch(self, carrier: Carrier) -> None:
        while self.rows and not self.stopping():
            row = self.rows[0]
            letter = self._letter(row)
            if letter is not None:
                if not self._keep():
                    log.warning("lease lost, its rows are left to others", extra={"rows": len(self.rows)})
                    self.rows = []
                    return
                self._send(carrier, row, letter)
            self.rows.pop(0)
        if self.rows:
            leases.give_back(self.owner, [row.id for row in self.rows])
            self.rows = []

    def _letter(self, row: Claimed) -> Letter | None:
        """The row as a letter; None when it was settled without sending."""
        try:
            if not is_wanted(row.kind, row.payload):
                leases.withdraw(self.owner, row, "送る必要がなくなりました。")
                return None
            rendered = render(row.kind, row.payload)
            return Letter(
                rendered,
                to_name=row.to_name,
                to_email=row.to_email,
                message_id=row.message_id,
                earlier=list(row.earlier),
                written_at=row.written_at,
                at=self.clock(),
            )
        except NotFound:
            leases.withdraw(self.owner, row, "知らせる対象がなくなりました。")
        except Rejected as wrong:
            self._record(row, Result(Outcome.REJECTED, wrong.detail), self.clock())
        except Exception as error:
            # One message that cannot be made must not hold up the others.
            log.exception("message cannot be rendered", extra={"row": row.id, "kind": row.kind})
            self._record(row, Result(Outcome.DEFERRED, f"本文を作れません（{type(error).__name__}）"), self.clock())
        finally:
            # Nothing stays open in the database while the mail server is waited for.
            db.session.rollback()
        return None

    def _send(self, carrier: Carrier, row: Claimed, letter: Letter) -> None:
        started_at = self.clock()
        try:
            carrier.send(letter)
        except Deferred as later:
            self._record(row, Result(Outcome.DEFERRED, later.detail, later.code), started_at)
            if later.connection_lost:
                self.rows.pop(0)
                raise
        except Rejected as refused:
            self._record(row, Result(Outcome.REJECTED, refused.detail, refused.code), started_at)
        else:
            self._record(row, Result(Outcome.SENT), started_at)
            self.sent += 1
            if self.sent == 1:
                relay.came_back()

    def _record(self, row: Claimed, result: Result, started_at: datetime) -> None:
        leases.record(self.owner, row, result, started_at=started_at, now=self.clock())

    def _keep(self) -> bool:
        """True when the lease outlasts one more attempt; it is lengthened where it would not."""
        now = self.clock()
        if self.until - now > timedelta(seconds=mailer.message_seconds + LEASE_MARGIN / 3):
            return True
        self.until = now + self._lease()
        return leases.keep(self.owner, [row.id for row in self.rows], until=self.until)

    @staticmethod
    def _lease() -> timedelta:
        return timedelta(seconds=mailer.message_seconds + LEASE_MARGIN)
