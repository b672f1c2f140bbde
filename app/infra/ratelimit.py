"""Counters that say "too often": shared by all processes, kept over a restart, no name or address in the clear."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask
from limits import RateLimitItemPerSecond
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

_PURGE_EVERY = 512


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` times in `seconds`, counted from the first time on."""

    name: str
    amount: int
    seconds: int

    @property
    def item(self) -> RateLimitItemPerSecond:
        """The same, as the limits library writes it."""
        return RateLimitItemPerSecond(self.amount, self.seconds, namespace=self.name)


class SqliteStorage(Storage):
    """Counters in a SQLite file of their own: writing them never waits for, nor holds up, the application's data.

    NORMAL in WAL mode: a power cut may forget the last counts, it cannot damage the file.
    """

    STORAGE_SCHEME = ["tsudoi-sqlite"]  # noqa: RUF012 the library registers storages by this list

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._path = Path((uri or "").removeprefix("tsudoi-sqlite://"))
        self._connection: sqlite3.Connection | None = None
        self._lock = Lock()
        self._counted = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        """What can go wrong here."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add `amount` and return the count; an expired counter starts again with `expiry` seconds to live."""
        now = time.time()
        self._purge(now)
        row = self._one(
            "INSERT INTO counter (key, count, expires_at) VALUES (:key, :amount, :until)"
            " ON CONFLICT (key) DO UPDATE SET"
            " count = CASE WHEN expires_at <= :now THEN :amount ELSE max(count + :amount, 0) END,"
            " expires_at = CASE WHEN expires_at <= :now THEN :until ELSE expires_at END RETURNING count",
            {"key": key, "amount": amount, "until": now + expiry, "now": now},
        )
        return int(row[0])

    def get(self, key: str) -> int:
        """The count, 0 when there is none that still lives."""
        row = self._one("SELECT sum(count) FROM counter WHERE key = ? AND expires_at > ?", (key, time.time()))
        return int(row[0] or 0)

    def get_expiry(self, key: str) -> float:
        """When the counter ends, in seconds of the Unix clock; now when there is none."""
        row = self._one("SELECT max(expires_at) FROM counter WHERE key = ?", (key,))
        return float(row[0] or time.time())

    def check(self) -> bool:
        """True when the file answers."""
        return bool(self._one("SELECT 1", ()))

    def reset(self) -> int:
        """Forget all counters and say how many there were."""
        count = int(self._one("SELECT count(*) FROM counter", ())[0])
        self._one("DELETE FROM counter", ())
        return count

    def clear(self, key: str) -> None:
        """Forget one counter."""
        self._one("DELETE FROM counter WHERE key = ?", (key,))

    def _one(self, statement: str, values: Any) -> Any:
        # One connection a process, opened at the first use: it must not be carried over a fork.
        with self._lock:
            self._connection = self._connection or self._open()
            return self._connection.execute(statement, values).fetchone()

    def _purge(self, now: float) -> None:
        self._counted += 1
        if self._counted % _PURGE_EVERY == 0:
            self._one("DELETE FROM counter WHERE expires_at <= ?", (now,))

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=5)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS counter"
            " (key TEXT PRIMARY KEY, count INTEGER NOT NULL, expires_at REAL NOT NULL) WITHOUT ROWID"
        )
        return connection


class Counters:
    """The counters of this installation; without RATELIMIT_ENABLED nothing is ever too often."""

    def __init__(self, storage: Storage | None, key: str) -> None:
        self._limiter = FixedWindowRateLimiter(storage) if storage else None
        self._key = key.encode()

    def hit(self, limit: Limit, who: str) -> bool:
        """Count once and say whether it is still within the limit."""
        return self._limiter is None or self._limiter.hit(limit.item, self._hidden(who))

    def within(self, limit: Limit, who: str) -> bool:
        """Say whether one more would be within the limit; counts nothing."""
        return self._limiter is None or self._limiter.test(limit.item, self._hidden(who))

    def take_back(self, limit: Limit, who: str) -> None:
        """Undo one hit() that was no offence."""
        if self._limiter is not None:
            self._limiter.hit(limit.item, self._hidden(who), cost=-1)

    def wait(self, limit: Limit, who: str) -> int:
        """Whole seconds until the counter starts again, at least 1."""
        if self._limiter is None:
            return 1
        ends_at = self._limiter.get_window_stats(limit.item, self._hidden(who)).reset_time
        return max(1, int(ends_at - time.time()) + 1)

    def _hidden(self, who: str) -> str:
        return hashlib.blake2b(who.encode(), key=self._key[:64], digest_size=16).hexdigest()


def init_app(app: Flask) -> None:
    """Open the counters: beside the queue when that is Redis, else in `instance/limits.db`."""
    config = app.config["TSUDOI"]
    storage: Storage | None = None
    if config.ratelimit:
        redis = urlsplit(config.queue_url).scheme in {"redis", "rediss"}
        uri = config.queue_url if redis else f"tsudoi-sqlite://{config.instance / 'limits.db'}"
        storage = cast(Storage, storage_from_string(uri))
    app.extensions["tsudoi_counters"] = Counters(storage, config.secret_keys[0])
