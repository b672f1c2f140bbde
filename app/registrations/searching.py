"""The text that the organizer's search looks in: the person, how to reach them, and who comes along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.kernel import text
from app.registrations.models import Registration
from app.registrations.types import Member

SEARCHED = ("name", "kana", "affiliation", "email", "phone", "reference")


def search_of(registration: Registration, members: Sequence[Member]) -> str:
    """The text for a registration with these named people."""
    return search_text({name: getattr(registration, name) for name in SEARCHED}, members)


def search_text(row: Mapping[str, Any], members: Sequence[Member]) -> str:
    """The text for the columns of a registration."""
    searched = [*(row[name] for name in SEARCHED), *(part for one in members for part in (one.name, one.kana))]
    return " ".join(text.folded(part) for part in searched if part)
