"""Shapes that enter and leave the accounts room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.accounts.permissions import Permission, Role, may
from app.kernel.types import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Who is signed in. `helps` holds the ids of the events a reception helper was bound to, else it is empty.

    `member_id` says who of the org room it is, where that is known.
    """

    id: int
    name: str
    email: str
    role: Role
    section: str
    must_change: bool = False
    helps: frozenset[int] = frozenset()
    member_id: int | None = None

    def can(self, permission: Permission) -> bool:
        """True when the role has `permission`; which events it reaches is rules.may_see_event's question."""
        return may(self.role, permission)

    @property
    def actor(self) -> Actor:
        """This person in the audit log."""
        return Actor(ActorKind.STAFF, str(self.id), f"{self.name}（{self.role.word}）")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which events somebody reaches: those of a section, or (reception helpers) those with the given ids.

    Both None: no event at all. A query filters by whichever is set.
    """

    section: str | None = None
    event_ids: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One account as the list of people shows it."""

    id: int
    name: str
    email: str
    role: Role
    section: str
    active: bool
    one_time_until: datetime | None
    signed_in_at: datetime | None
    helps: tuple[int, ...] = ()

    @property
    def must_change(self) -> bool:
        """True while the password is one that somebody handed out."""
        return self.one_time_until is not None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What an administrator says of a new account, already cleaned. `staff_member_id`: who of the org room it is."""

    email: str
    name: str
    role: Role
    section: str
    staff_member_id: int | None = None


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """Who chooses a password through a link. `user_id` None: a member of staff who has no account yet."""

    email: str
    name: str
    user_id: int | None
    member_id: int | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: `key` goes into the browser's cookie and is stored nowhere."""

    key: str
    staff: StaffRow
