"""The one clock. Doors and the worker ask it; rooms get `now` as an argument."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_fixed: datetime | None = None


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _fixed or datetime.now(UTC)  # noqa: TID251 the one place that may ask


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment` (tests and the demonstration year)."""
    global _fixed  # noqa: PLW0603 one clock for the whole process is the point
    before, _fixed = _fixed, moment.astimezone(UTC)
    try:
        yield
    finally:
        _fixed = before
