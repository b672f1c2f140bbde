"""People whom the section knows already: found at the counter by reading or by the end of a telephone number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from app.accounts.types import Scope
from app.events.models import Event
from app.kernel import text
from app.registrations.models import Guest, Registration
from app.registrations.queries import among
from app.registrations.types import RegistrationRow

MOST = 20
LEAST_DIGITS = 4
LEAST_KANA = 2
# 086-426-3107 stands as +81864263107 in the database: a whole number is typed with the zero that falls away there.
WHOLE_NUMBER = 9


class By(StrEnum):
    """What somebody is looked for by."""

    KANA = "kana"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed, as it is looked for: the first kana of a reading, or the last digits of a number.

    `whole` is the reading or number itself where it is one; the end of a number is none.
    """

    by: By
    key: str
    whole: str


def sought(typed: str) -> Sought | None:
    """What `typed` looks for; None for anything too short or of another kind."""
    digits = text.clean_phone(typed).replace("-", "").removeprefix("+81")
    if digits.isascii() and digits.isdigit():
        if len(digits) < LEAST_DIGITS:
            return None
        end = digits[1:] if digits.startswith("0") and len(digits) >= WHOLE_NUMBER else digits
        return Sought(By.PHONE, end, text.phone_key(typed) or "")
    kana = text.clean_kana(typed)
    if not text.is_kana(kana) or len(_closed_up(kana)) < LEAST_KANA:
        return None
    return Sought(By.KANA, _closed_up(kana), kana)


def look_up(one: Sought, scope: Scope) -> list[RegistrationRow]:
    """The last registration of each person found, of events in `scope`, the latest first; one statement, 20 rows.

    Staff take part under their own name and are not among them, nor are guests of other municipalities.
    """
    if one.by is By.PHONE:
        matches = Registration.phone.endswith(one.key, autoescape=True)
    else:
        matches = sa.func.replace(Registration.kana, "\u3000", "").startswith(one.key, autoescape=True)
    own = Event.section == scope.section if scope.event_ids is None else Event.id.in_(scope.event_ids)
    is_guest = sa.exists().where(Guest.registration_id == Registration.id)
    latest = (
        sa.select(sa.func.max(Registration.id))
        .join(Event, Event.id == Registration.event_id)
        .where(own, matches, Registration.staff_member_id.is_(None), ~is_guest)
        .group_by(Registration.kana, Registration.name, Registration.phone)
        .order_by(sa.func.max(Registration.id).desc())
        .limit(MOST)
    )
    return among(latest)


def _closed_up(kana: str) -> str:
    return kana.replace("\u3000", "").replace(" ", "")
