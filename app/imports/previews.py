"""A file between its preview and the yes: kept under a random key, for its owner only, for an hour."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.infra.storage import storage
from app.kernel.errors import NotFound

LASTS = timedelta(hours=1)
_KEY = re.compile(r"[A-Za-z0-9_-]{24}")


@dataclass(frozen=True, slots=True)
class Kept:
    """An uploaded file that waits for a yes."""

    content: bytes
    file_name: str
    fiscal_year: int


def keep(kept: Kept, *, owner: str, now: datetime) -> str:
    """Keep a file and return its key."""
    head = {"owner": owner, "at": now.isoformat(), "name": kept.file_name, "year": kept.fiscal_year}
    return storage.save(json.dumps(head).encode() + b"\n" + kept.content)


def kept(key: str, *, owner: str, now: datetime) -> Kept:
    """The file of that key. Raises NotFound where there is none, for anybody else and after its hour."""
    if not _KEY.fullmatch(key) or not storage.has(key):
        raise NotFound
    line, _newline, content = storage.load(key).partition(b"\n")
    try:
        head = json.loads(line)
        its_owner, at = head["owner"], datetime.fromisoformat(head["at"])
        found = Kept(content, head["name"], head["year"])
    except (ValueError, TypeError, KeyError) as error:  # a file of another kind
        raise NotFound from error
    if its_owner != owner:
        raise NotFound
    if now - at > LASTS:
        storage.delete(key)
        raise NotFound
    return found


def forget(key: str) -> None:
    """Delete the file after its use."""
    if _KEY.fullmatch(key) and storage.has(key):
        storage.delete(key)
