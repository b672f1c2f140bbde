"""What the kernel says of running processes: who is whose child, memory, processor time. Linux only."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    """One running process and the command it was started with."""

    pid: int
    parent: int
    command: tuple[str, ...]

    def runs(self, word: str) -> bool:
        return word in self.command


def below(root: int) -> list[Process]:
    """All descendants of `root`, parents before their children."""
    children: dict[int, list[Process]] = defaultdict(list)
    for process in _everything():
        children[process.parent].append(process)
    found, waiting = [], [root]
    while waiting:
        for child in children[waiting.pop()]:
            found.append(child)
            waiting.append(child.pid)
    return found


def memory(pids: list[int]) -> tuple[int, int]:
    """Resident and proportional set size in kB, summed; PSS splits a shared page among those that share it."""
    sums = {"Rss": 0, "Pss": 0}
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            name, _colon, rest = line.partition(":")
            if name in sums:
                sums[name] += int(rest.split()[0])
    return sums["Rss"], sums["Pss"]


def processor_seconds(pids: list[int]) -> float:
    """User and system time the processes have used so far."""
    return sum(sum(int(n) for n in _stat(pid)[11:13]) for pid in pids) / _TICKS


def _everything() -> list[Process]:
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            fields = _stat(int(entry.name))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        if fields[0] != "Z":
            found.append(Process(int(entry.name), int(fields[1]), tuple(command)))
    return found


def _stat(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat from the third (state) on; the second may hold spaces."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
