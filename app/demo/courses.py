"""A course of three evenings, and talks of which one takes as many as one likes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from app.demo.basis import Basis, moment
from app.demo.people import people
from app.demo.special import enter, meeting, published
from app.events.choices import SittingsTaken
from app.kernel.japanese_dates import local_date

EVENING, MORNING = ("18:30", "20:30"), ("10:00", "11:30")
# Which of the three talks somebody takes, one after the other.
TALKS = ((0, 1, 2), (0, 2), (1,), (0, 1), (2,), (1, 2))


def load(basis: Basis, purpose: str, *, now: datetime) -> None:
    """Add both, with those who applied."""
    opens_at = moment(local_date(now) - timedelta(days=12), "09:00")
    _course(basis, purpose, opens_at, now)
    _talks(basis, purpose, opens_at, now)


def _course(basis: Basis, purpose: str, opens_at: datetime, now: datetime) -> None:
    evenings = [meeting(now, 20 + 14 * n, EVENING, basis.room, label=f"第{n + 1}回", capacity=20) for n in range(3)]
    _event_id, ids = published(
        basis,
        evenings,
        opens_at=opens_at,
        now=now,
        title="はじめての会計と書類づくり",
        summary="団体の会計、会議の記録、助成金の申請書を、3回に分けて実際に作りながら学びます。",
        audience_note="地域の団体で会計や書記を担当している方、これから担当する方",
        purpose=purpose,
        closes_at=moment(local_date(now) + timedelta(days=14), "17:00"),
        sittings_taken=SittingsTaken.ALL,
        completed_after=2,
        max_companions=0,
    )
    for n, details in enumerate(islice(people(start=800), 16)):
        enter(ids[:1], replace(details, companions=0), at=opens_at + timedelta(minutes=47 * n + 1))


def _talks(basis: Basis, purpose: str, opens_at: datetime, now: datetime) -> None:
    mornings = [
        meeting(now, 27 + 7 * n, MORNING, basis.room, label=label, capacity=seats)
        for n, (label, seats) in enumerate((("防災の話", 16), ("見守りの話", 8), ("子ども食堂の話", 16)))
    ]
    _event_id, ids = published(
        basis,
        mornings,
        opens_at=opens_at,
        now=now,
        title="地域の実践を聞く朝の会",
        summary="地域で活動している方の話を、毎回一つずつ聞きます。聞きたい回だけ参加できます。",
        audience_note="どなたでも",
        purpose=purpose,
        closes_at=moment(local_date(now) + timedelta(days=24), "17:00"),
        sittings_taken=SittingsTaken.SOME,
    )
    for n, details in enumerate(islice(people(start=840), 15)):
        chosen = [ids[one] for one in TALKS[n % len(TALKS)]]
        enter(chosen, details, at=opens_at + timedelta(minutes=31 * n + 1))
