"""What a promise is: something that must be true of what is stored, with the query that finds what breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

Found = sa.Select[int]


@dataclass(frozen=True, slots=True)
class Promise:
    """What must be true. `broken` finds what breaks it at a given time: the ids of rows of `table`."""

    name: str
    sentence: str
    table: str
    broken: Callable[[datetime], Found]
