"""Import of registrations from other services' files: what would happen is shown, then each row applies by itself.

Each row goes through the same verb as an application that staff enter, in a transaction of its own: whoever comes
first in the file has the seat, a file that breaks off is simply taken again, and a second time nothing happens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.events.types import EventRow
from app.imports import applicants
from app.imports.applicants import Asked
from app.imports.errors import ChangedSincePreview
from app.imports.types import Cells, Problem
from app.infra import audit
from app.kernel.errors import Refusal
from app.kernel.types import Actor
from app.registrations import services, submitted
from app.registrations.types import Application, Status


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do: `new` applications by line, how many are `known` already, and what is left out."""

    new: tuple[tuple[int, Application], ...]
    known: int
    skipped: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    @property
    def seats(self) -> int:
        """Seats that the new applications ask for."""
        return sum(application.details.seats for _line, application in self.new)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of the new applications: how many stand where, and which the verb refused."""

    by_status: dict[Status, int]
    refused: tuple[Problem, ...]

    @property
    def total(self) -> int:
        """How many applications were written down."""
        return sum(self.by_status.values())


def preview(table: Sequence[Cells], asked: Asked, event: EventRow) -> Plan:
    """What taking the rows would do; nothing is written. Raises WrongColumns."""
    found = applicants.read(table, asked, event)
    known = submitted.known(event.id, [application.submission_id for _line, application in found.applications])
    new = tuple(one for one in found.applications if one[1].submission_id not in known)
    return Plan(new, len(found.applications) - len(new), found.skipped, found.problems)


def fingerprint(plan: Plan) -> str:
    """Equal for two plans that do the same."""
    return hashlib.sha256(repr(plan).encode()).hexdigest()


def take(plan: Plan, event_id: int, *, seen: str, most: int | None = None, by: Actor, now: datetime) -> Taken:
    """Let each new application apply, the first `most` of them where that is said; what a rule refuses is named by
    its line, and the others go on.

    `seen`: the fingerprint of the plan that was agreed to. Raises ChangedSincePreview.
    """
    if seen != fingerprint(plan):
        raise ChangedSincePreview("確認のあとに、登録されている内容が変わりました。もう一度確認してください。")
    by_status: dict[Status, int] = {}
    refused = []
    for line, application in plan.new[:most]:
        try:
            place = services.apply(application, by=by, now=now)
        except Refusal as refusal:
            refused.append(Problem(line, refusal.message))
        else:
            by_status[place.status] = by_status.get(place.status, 0) + 1
    taken = Taken(by_status, tuple(refused))
    if taken.total:
        audit.note("registrations.imported", "event", event_id, by=by, at=now, fields=[f"rows={taken.total}"])
    return taken
