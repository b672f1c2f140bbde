"""Load, and what it costs: requests a second, processor time and memory of a process group."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.visitor import Visitor

TICKS = os.sysconf("SC_CLK_TCK")


def requests_a_second(port: int, path: str, seconds: float) -> float:
    """GETs a second of 16 connections: by wrk where the machine has it, else by threads of ours."""
    if shutil.which("wrk"):
        command = ["wrk", "-t1", "-c16", f"-d{seconds:.0f}s", f"http://127.0.0.1:{port}{path}"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "Non-2xx" not in said, said
        return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])

    def ask(_thread: int) -> int:
        until, count = time.monotonic() + seconds, 0
        with Visitor(port) as visitor:
            while time.monotonic() < until:
                assert visitor.get(path).status == 200
                count += 1
        return count

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(ask, range(8))) / seconds


def timed(act: Callable[[int], None], numbers: range, racers: int) -> tuple[float, list[float]]:
    """Do `act` for each number by `racers` at once; returns acts a second and each one's seconds."""

    def once(number: int) -> float:
        start = time.monotonic()
        act(number)
        return time.monotonic() - start

    start = time.monotonic()
    with ThreadPoolExecutor(racers) as pool:
        each = list(pool.map(once, numbers))
    return len(each) / (time.monotonic() - start), each


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of all lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def processes(leaders: list[int]) -> Iterator[int]:
    """The processes of these groups."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                group = int(entry.joinpath("stat").read_text().rsplit(")", 1)[1].split()[2])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if group in leaders:
                yield int(entry.name)


def processor_seconds(leaders: list[int]) -> float:
    """User and system time that these groups have used so far."""
    total = 0
    for pid in processes(leaders):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def megabytes(leaders: list[int]) -> float:
    """Memory of these groups, what they share counted once (PSS)."""
    kilobytes = 0
    for pid in processes(leaders):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        kilobytes += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])
    return kilobytes / 1024
