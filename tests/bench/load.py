"""Load on a server: pages by wrk, journeys by processes of our own; the same for the floor and for the subject."""

from __future__ import annotations

import multiprocessing
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from tests.visitor import Applicant, Visitor, a_person

PROCESSES = 2
THREADS = 8
RACERS = PROCESSES * THREADS

# A journey goes through its pages once: (port, slug, number).
Journey = Callable[[int, str, int], None]


def sign_up(port: int, slug: str, number: int) -> None:
    """A complete sign-up: form, confirmation, application, receipt."""
    with Applicant(port) as applicant:
        applicant.apply(slug, a_person(number))


def constant(port: int, _slug: str, number: int) -> None:
    """The same four requests to the floor."""
    with Visitor(port) as visitor:
        assert visitor.get("/form").status == 200
        assert visitor.post("/confirm", a_person(number)).status == 200
        assert visitor.get(visitor.post("/apply", a_person(number)).location or "").status == 200


def rush(journey: Journey, port: int, slug: str, numbers: range) -> tuple[float, list[float]]:
    """Everybody of `numbers`, RACERS at a time; returns journeys a second and each one's seconds."""
    shares = [(journey, port, slug, numbers[n::PROCESSES]) for n in range(PROCESSES)]
    # Started anew, not forked: the threads of the mail sink must not be carried over.
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(time.sleep, [0.3] * PROCESSES)
        start = time.monotonic()
        each = list(chain.from_iterable(pool.starmap(_share, shares, chunksize=1)))
        seconds = time.monotonic() - start
    return len(each) / seconds, each


def requests_a_second(port: int, path: str, seconds: float) -> float:
    """GETs a second over 16 connections."""
    if not shutil.which("wrk"):
        return _requests_without_wrk(port, path, seconds)
    command = ["wrk", "-t1", f"-c{RACERS}", f"-d{seconds:.0f}s", f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found is not None, said
    return float(found[1])


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of all lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _share(journey: Journey, port: int, slug: str, numbers: range) -> list[float]:
    def once(number: int) -> float:
        start = time.monotonic()
        journey(port, slug, number)
        return time.monotonic() - start

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(once, numbers))


def _requests_without_wrk(port: int, path: str, seconds: float) -> float:
    shares = [(port, path, seconds)] * PROCESSES
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        return sum(pool.starmap(_asks, shares, chunksize=1)) / seconds


def _asks(port: int, path: str, seconds: float) -> int:
    def ask(_thread: int) -> int:
        until, count = time.monotonic() + seconds, 0
        with Visitor(port) as visitor:
            while time.monotonic() < until:
                assert visitor.get(path).status == 200
                count += 1
        return count

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(ask, range(THREADS)))
