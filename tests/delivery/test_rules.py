"""Waiting times."""

from __future__ import annotations

from datetime import timedelta

from app.delivery.rules import MAX_ATTEMPTS, relay_pause, retry_after


def waits(chance: float) -> list[float]:
    found = [retry_after(attempts, chance) for attempts in range(1, MAX_ATTEMPTS)]
    return [wait.total_seconds() for wait in found if wait is not None]


def test_waits_grow_to_half_an_hour_and_last_a_day():
    assert waits(0)[:7] == [10, 30, 60, 300, 900, 1800, 1800]
    assert timedelta(hours=24) <= timedelta(seconds=sum(waits(0))) < timedelta(hours=25)
    assert retry_after(MAX_ATTEMPTS, 0) is None


def test_chance_only_lengthens_a_wait_and_by_a_fifth_at_most():
    assert all(short <= long <= short * 1.2 for short, long in zip(waits(0), waits(1), strict=True))


def test_the_server_is_asked_again_within_a_minute_but_not_within_ten_seconds():
    pauses = [relay_pause(n, c, patient=False).total_seconds() for n in range(1, 50) for c in (0, 1)]
    assert min(pauses) >= 10
    assert max(pauses) <= 50
    assert relay_pause(1, 0, patient=True) >= timedelta(minutes=5)
