"""Small values shared by all rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]

T = TypeVar("T")


class ActorKind(StrEnum):
    """Who acts, for the audit log."""

    RESIDENT = "resident"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a signed-in member of staff, a resident holding a link, or the system itself.

    `id` is the staff account's id, the registration's public id, or None; `label` is what a log reader sees and
    never holds a resident's name.
    """

    kind: ActorKind
    id: str | None
    label: str


SYSTEM = Actor(ActorKind.SYSTEM, None, "システム")
RESIDENT = Actor(ActorKind.RESIDENT, None, "申込者")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a longer list. `number` counts from 1; `url` gives the address of another page."""

    rows: Sequence[T]
    number: int
    size: int
    total: int
    url: Callable[[int], str] = str

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))
