"""What organizers do with letters: print them together, post them, take that back. Each verb is one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from app.delivery import letters as steps
from app.delivery.errors import BatchPosted, NothingToPrint
from app.infra import audit
from app.infra.db import transaction
from app.kernel.types import Actor
from app.registrations import letters


@transaction
def make_batch(event_id: int, kinds: Collection[str], *, by: Actor, now: datetime) -> int:
    """Put the letters of these kinds that wait into a batch; its id.

    What was overtaken is withdrawn. Raises NothingToPrint.
    """
    chosen = [one for one in letters.waiting(event_id, now=now) if one.message.kind in kinds]
    steps.withdraw([one.message.id for one in chosen if not one.wanted])
    printed = [one.message.id for one in chosen if one.wanted]
    batch_id, kept = steps.make_batch(letters.topic_of(event_id), printed, by_label=by.label, now=now)
    if not kept:
        raise NothingToPrint("印刷する通知がありません。ほかの方が束を作ったか、取消しなどで不要になりました。")
    _record("letters.batched", batch_id, event_id, by, now)
    return batch_id


@transaction
def post_batch(batch_id: int, *, by: Actor, now: datetime) -> None:
    """The letters went to the post; what was overtaken since they were printed is withdrawn and was pulled out.

    A second time changes nothing. Raises NotFound.
    """
    if steps.lock_batch(batch_id):
        return
    found = letters.of_batch(batch_id, now=now)
    steps.withdraw([one.message.id for one in found if not one.wanted])
    steps.mark_posted(batch_id, by_label=by.label, now=now)
    _record("letters.posted", batch_id, letters.event_of(letters.batch(batch_id)), by, now)


@transaction
def take_back(batch_id: int, *, by: Actor, now: datetime) -> None:
    """They were not posted after all. A second time changes nothing. Raises NotFound."""
    if not steps.lock_batch(batch_id):
        return
    steps.take_back(batch_id)
    _record("letters.taken_back", batch_id, letters.event_of(letters.batch(batch_id)), by, now)


@transaction
def break_up(batch_id: int, *, by: Actor, now: datetime) -> None:
    """The letters of a batch wait again without one. Raises NotFound, BatchPosted."""
    if steps.lock_batch(batch_id):
        raise BatchPosted("投函済みの束は、ほどけません。投函を取り消してから、もう一度お願いします。")
    event_id = letters.event_of(letters.batch(batch_id))
    steps.break_up(batch_id)
    _record("letters.broken_up", batch_id, event_id, by, now)


@transaction
def drop_overtaken_calls(event_id: int, message_ids: Collection[int], *, by: Actor, now: datetime) -> None:
    """Calls that no longer make sense are taken off the list."""
    steps.withdraw(list(message_ids))
    audit.record("calls.dropped", "event", event_id, by=by, at=now, fields=[f"rows={len(message_ids)}"])


def _record(action: str, batch_id: int, event_id: int, by: Actor, now: datetime) -> None:
    audit.record(action, "event", event_id, by=by, at=now, fields=[f"batch={batch_id}"])
