"""A file between its preview and the yes: kept under a random key, for its owner only, for an hour.

It holds personal data: it is deleted after the yes, or by sweep() once its hour is over.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.infra.storage import storage
from app.kernel.errors import NotFound

LASTS = timedelta(hours=1)
FOLDER = "previews"
# The line before the content: a file name has at most 255 bytes, each written as up to six.
HEAD = 4096
_KEY = re.compile(r"[A-Za-z0-9_-]{24}")


@dataclass(frozen=True, slots=True)
class Kept:
    """An uploaded file that waits for a yes: about a fiscal year, or about the event that `event_id` names."""

    content: bytes
    file_name: str
    fiscal_year: int = 0
    event_id: int = 0


def keep(kept: Kept, *, owner: str, now: datetime) -> str:
    """Keep a file and return its key."""
    head: dict[str, str | int] = {
        "owner": owner,
        "at": now.isoformat(),
        "name": kept.file_name,
        "year": kept.fiscal_year,
    }
    head["event"] = kept.event_id
    return storage.save(json.dumps(head).encode() + b"\n" + kept.content, FOLDER).rpartition("/")[2]


def kept(key: str, *, owner: str, now: datetime) -> Kept:
    """The file of that key. Raises NotFound where there is none, for anybody else and after its hour."""
    if not _KEY.fullmatch(key):
        raise NotFound
    try:
        line, _newline, content = storage.load(_place(key)).partition(b"\n")
    except FileNotFoundError as gone:
        raise NotFound from gone
    try:
        head = json.loads(line)
        its_owner, at = head["owner"], datetime.fromisoformat(head["at"])
        found = Kept(content, head["name"], head["year"], head["event"])
    except (ValueError, TypeError, KeyError) as error:  # a file of another kind
        raise NotFound from error
    if its_owner != owner:
        raise NotFound
    if now - at > LASTS:
        forget(key)
        raise NotFound
    return found


def forget(key: str) -> None:
    """Delete the file after its use."""
    if _KEY.fullmatch(key) and storage.has(_place(key)):
        storage.delete(_place(key))


def sweep(*, now: datetime) -> int:
    """Delete the files whose hour is over; returns how many.

    Another worker may sweep at the same time: what it took is gone, which is all that is wanted.
    """
    swept = 0
    for place in storage.keys(FOLDER):
        try:
            if _kept_since(place) + LASTS < now:
                storage.delete(place)
                swept += 1
        except FileNotFoundError:
            continue
    return swept


def _place(key: str) -> str:
    return f"{FOLDER}/{key}"


def _kept_since(place: str) -> datetime:
    line, newline, _content = storage.head(place, HEAD).partition(b"\n")
    if not newline:  # being written at this moment: the line comes first
        return datetime.max.replace(tzinfo=UTC) - LASTS
    return datetime.fromisoformat(json.loads(line)["at"])
