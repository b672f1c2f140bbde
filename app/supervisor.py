"""Keep web server and worker running: `python -m app.supervisor HOST PORT WORKERS`.

A plain parent without the application in memory. A part that ends is started again; Ctrl-C or SIGTERM stops both and
gives them time to finish what they hold.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from types import FrameType

# A part that dies is started again, but not faster than this: a crash loop must not eat the machine.
RESTART_AFTER = 0.5
STOP_WITHIN = 30.0


class Supervisor:
    """Two commands, kept running until told to stop."""

    def __init__(self, commands: list[list[str]]) -> None:
        self.commands = commands
        self.running: list[subprocess.Popen[bytes]] = []
        self.stopping = False

    def run(self) -> None:
        """Start everything and watch it until a signal asks to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        self.running = [subprocess.Popen(c, start_new_session=True) for c in self.commands]  # noqa: S603
        while not self.stopping:
            time.sleep(RESTART_AFTER)
            self._revive()
        self._end()

    def _revive(self) -> None:
        for i, process in enumerate(self.running):
            if process.poll() is not None and not self.stopping:
                self.running[i] = subprocess.Popen(self.commands[i], start_new_session=True)  # noqa: S603

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> None:
        for process in self.running:
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for process in self.running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


def web_command(host: str, port: str, workers: str) -> list[str]:
    """granian with threads for blocking views; a worker that dies is replaced."""
    options = ["--interface", "wsgi", "--host", host, "--port", port, "--workers", workers]
    threads = ["--blocking-threads", "4", "--backlog", "2048", "--respawn-failed-workers", "--no-ws"]
    return [sys.executable, "-m", "granian", *options, *threads, "--log-level", "warning", "wsgi:app"]


if __name__ == "__main__":
    Supervisor([web_command(*sys.argv[1:4]), [sys.executable, "-m", "app.worker"]]).run()
