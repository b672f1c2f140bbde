"""Pure decisions about accounts: what a password must be, how long a session lives, which events somebody reaches."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources

from app.accounts.permissions import Permission, Role
from app.accounts.types import Scope, StaffRow
from app.kernel.japanese_dates import TOKYO

# NIST SP 800-63B-4 §3.1.1: 15 characters where the password is the only factor; 8 beside a second factor.
SHORTEST = 15
SHORTEST_WITH_SECOND_FACTOR = 8
LONGEST = 128

IDLE = timedelta(minutes=30)
IDLE_AT_RECEPTION = timedelta(hours=8)
ABSOLUTE = timedelta(hours=10)
ONE_TIME_PASSWORD = timedelta(days=3)
# A mailed link to choose a password (ASVS 6.4.1, 6.5.5).
PASSWORD_LINK = timedelta(minutes=30)

# Words of this service and its city: the first that somebody guesses.
_OWN_WORDS = (
    "tsudoi",
    "つどい",
    "kurashiki",
    "倉敷",
    "okayama",
    "岡山",
    "shiyakusho",
    "市役所",
    "password",
    "パスワード",
)
_SEQUENCES = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)


def normal(password: str) -> str:
    """The password as it is hashed: NFC, so that the same characters typed on another device are the same password."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str, about: Iterable[str], *, second_factor: bool = False) -> str | None:
    """Why the password cannot be taken, as a sentence, or None. `about` holds the person's name, address and section.

    Length and a list of what attackers try first, no rules of composition (NIST SP 800-63B-4 §3.1.1.2).
    """
    shortest = SHORTEST_WITH_SECOND_FACTOR if second_factor else SHORTEST
    password = normal(password)
    if len(password) < shortest:
        return f"パスワードは{shortest}文字以上にしてください。単語をいくつか並べると、長くても覚えやすくなります。"
    if len(password) > LONGEST:
        return f"パスワードは{LONGEST}文字以内にしてください。"
    if _easily_guessed(_plain(password), about):
        return (
            "このパスワードは推測されやすいため使えません。名前や所属、よくある言葉、同じ文字の繰返しは避けてください。"
        )
    return None


def idle_limit(role: Role) -> timedelta:
    """How long a session may rest: a reception desk waits hours for the next visitor."""
    return IDLE_AT_RECEPTION if role is Role.HELPER else IDLE


def session_lives(role: Role, *, created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """True before the idle and the absolute limit; a clock set back ends no session and prolongs none."""
    return now - seen_at < idle_limit(role) and now - created_at < ABSOLUTE


def section_of(staff: StaffRow) -> str | None:
    """The section whose events somebody reaches, None for roles that reach none through a section."""
    return staff.section if staff.role in {Role.ORGANIZER, Role.MANAGER} else None


def scope_of(staff: StaffRow) -> Scope:
    """Which events somebody's lists are limited to."""
    if staff.role is Role.HELPER:
        return Scope(event_ids=staff.helps)
    return Scope(section=section_of(staff))


def may_see_event(
    staff: StaffRow, *, section: str, event_id: int, starts_at: datetime | None, ends_at: datetime | None, now: datetime
) -> bool:
    """True when the event is one of this person's: by section, or for a helper by name, from the day before the first
    sitting to the day after the last. An event without a date is closed to helpers.
    """
    if staff.role is not Role.HELPER:
        return section_of(staff) == section
    if event_id not in staff.helps or starts_at is None:
        return False
    first, last = _day(starts_at) - timedelta(days=1), _day(ends_at or starts_at) + timedelta(days=1)
    return first <= _day(now) <= last


def may_manage(staff: StaffRow, role: Role, section: str) -> bool:
    """True when `staff` may create or change an account of that role and section."""
    if staff.can(Permission.MANAGE_PEOPLE):
        return True
    return staff.can(Permission.MANAGE_HELPERS) and role is Role.HELPER and section == staff.section


def needs_section(role: Role) -> bool:
    """True for roles that reach events, or are managed, through a section."""
    return role in {Role.ORGANIZER, Role.MANAGER, Role.HELPER}


def _easily_guessed(plain: str, about: Iterable[str]) -> bool:
    rest = plain
    for word in _words(about):
        rest = rest.replace(word, "")
    return (
        len(set(plain)) < 5
        or len(rest) < SHORTEST_WITH_SECOND_FACTOR
        or _is_repetition(plain)
        or any(plain in sequence * 3 or plain in sequence[::-1] * 3 for sequence in _SEQUENCES)
        or _is_common(plain, _common_passwords())
    )


def _words(about: Iterable[str]) -> list[str]:
    """Words to leave out before what is left is judged, longest first."""
    parts = [part for text in about for part in text.replace("@", " ").replace(".", " ").split()]
    words = {_plain(word) for word in (*_OWN_WORDS, *parts)}
    return sorted((word for word in words if len(word) > 1), key=lambda word: (-len(word), word))


def _plain(text: str) -> str:
    """Case, width and everything between letters and digits left out."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _is_repetition(plain: str) -> bool:
    """True for a short unit said again and again: 'sakurasakurasakura'."""
    return plain in (plain + plain)[1:-1]


def _is_common(plain: str, common: Collection[str]) -> bool:
    """True for a common password, or two of them in a row."""
    return plain in common or any(plain[:i] in common and plain[i:] in common for i in range(1, len(plain)))


@cache
def _common_passwords() -> frozenset[str]:
    text = resources.files("app.accounts").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _day(moment: datetime) -> date:
    return moment.astimezone(TOKYO).date()
