"""When to try again: pure decisions."""

from __future__ import annotations

from datetime import timedelta

# Seconds before the 2nd, 3rd … attempt; then half an hour each, for a day in all.
FIRST_WAITS = (10, 30, 60, 300, 900)
LATER_WAIT = 1800
GIVE_UP_AFTER = timedelta(hours=24)
MAX_ATTEMPTS = len(FIRST_WAITS) + 1 + int(GIVE_UP_AFTER.total_seconds()) // LATER_WAIT
# A worker that dies again and again over one message must not keep others waiting.
FREE_LOSSES = 2
# Seconds between connections to a server that cannot be used.
RELAY_WAITS = (10, 10, 20, 30)
PATIENT_WAIT = 300
# The detail of a status code behind its class, the longest first.
_WHY_RETURNED = (
    ("1.2", "宛先のメールアドレスのドメイン名がありません。"),
    ("1.10", "宛先のメールアドレスのドメイン名は、メールを受け取りません。"),
    ("1", "宛先のメールアドレスがありません。"),
    ("2.1", "宛先のメールボックスが使われていません。"),
    ("2.2", "宛先のメールボックスがいっぱいです。"),
    ("2.3", "メールが大きすぎて、受け取られませんでした。"),
    ("3.4", "メールが大きすぎて、受け取られませんでした。"),
    ("4.4", "宛先のメールアドレスのドメイン名がありません。"),
    ("4.7", "期限までに届けられませんでした。"),
    ("7", "相手の受信設定か迷惑メール対策で、受け取られませんでした。"),
)


def retry_after(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after `attempts` failed ones; None: give up, at least 24 hours have passed.

    `chance` from 0 to 1 adds up to a fifth, so that messages which failed together do not come back together.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    seconds = FIRST_WAITS[attempts - 1] if attempts <= len(FIRST_WAITS) else LATER_WAIT
    return timedelta(seconds=seconds * (1 + chance / 5))


def retry_after_loss(attempts: int, chance: float) -> timedelta | None:
    """As retry_after, when the worker died over the message: the first times at once."""
    return timedelta(0) if attempts <= FREE_LOSSES else retry_after(attempts, chance)


def relay_pause(failures: int, chance: float, *, patient: bool) -> timedelta:
    """How long to leave the mail server alone after `failures` connections in a row that led nowhere."""
    seconds = PATIENT_WAIT if patient else RELAY_WAITS[min(failures, len(RELAY_WAITS)) - 1]
    return timedelta(seconds=seconds * (1 + chance / 5))


def why_returned(status: str) -> str:
    """What an enhanced status code (RFC 3463, 3) means, in words for the organizer."""
    _class, _dot, rest = status.partition(".")
    for beginning, sentence in _WHY_RETURNED:
        if rest == beginning or rest.startswith(f"{beginning}."):
            return sentence
    return "相手のメールサーバーが届けられませんでした。"
