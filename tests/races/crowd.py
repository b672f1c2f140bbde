"""Many people who do something at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")

Start = Callable[[], object]
PATIENCE = 240.0


def all_at_once(acts: Sequence[Callable[[Start], T]]) -> list[T]:
    """Run each act in a thread of its own and return what they gave, in order.

    An act gets `start`: it calls it when it is ready, and goes on when everybody is.
    """
    gate = Barrier(len(acts))

    def run(act: Callable[[Start], T]) -> T:
        try:
            return act(lambda: gate.wait(PATIENCE))
        except BaseException:
            gate.abort()
            raise

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
