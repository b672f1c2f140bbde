"""Everything on one machine: `python -m app.supervisor` prepares the database, then runs web server and worker.

A plain parent without the application in memory. A part that ends is started again; Ctrl-C or SIGTERM stops both and
gives them time to finish what they hold.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from types import FrameType

from app.demo.sign_ins import PASSWORD, SIGN_INS
from config import ROOT, Config, WrongSetting

# A part that dies is started again, but not faster than this: a crash loop must not eat the machine.
RESTART_AFTER = 0.5
STOP_WITHIN = 30.0


class Part:
    """One command, with everything it starts, in a process group of its own."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.process = subprocess.Popen(command, start_new_session=True)  # noqa: S603
        # Groups whose leader died, and when their patience ends.
        self._left_behind: dict[int, float] = {}

    def revive(self) -> None:
        """Start it again if it ended.

        Web processes outlive a master that was killed and would go on to serve beside the new ones, unwatched: they
        finish what they hold and go.
        """
        for group, until in list(self._left_behind.items()):
            if not _signal(group, signal.SIGKILL if time.monotonic() > until else 0):
                del self._left_behind[group]
        if self.process.poll() is None:
            return
        if _signal(self.process.pid, signal.SIGTERM):
            self._left_behind[self.process.pid] = time.monotonic() + STOP_WITHIN
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603

    def end(self, until: float) -> None:
        """Wait for it to finish; at `until` (of the monotonic clock) it is killed, and all that is left of it."""
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
        for group in (self.process.pid, *self._left_behind):
            _signal(group, signal.SIGKILL)


class Supervisor:
    """Commands that are kept running until told to stop."""

    def __init__(self, commands: list[list[str]]) -> None:
        self.commands = commands
        self.stopping = False

    def run(self) -> None:
        """Start everything and watch it until a signal asks to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        parts = [Part(command) for command in self.commands]
        while not self.stopping:
            time.sleep(RESTART_AFTER)
            for part in parts:
                part.revive()
        for part in parts:
            part.process.terminate()
        until = time.monotonic() + STOP_WITHIN
        for part in parts:
            part.end(until)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True


def _signal(group: int, number: int) -> bool:
    """Send a signal to a process group; False when nobody of it is left."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The web server; a process of it that dies is replaced."""
    return [sys.executable, "-m", "app.server", host, str(port), str(workers)]


def is_prepared(config: Config) -> bool:
    """True when the embedded database stands at the newest revision; other databases are always looked at in full."""
    path = config.database_url.removeprefix("sqlite:///")
    if path == config.database_url or not Path(path).exists():
        return False
    head = (ROOT / "migrations" / ".current-alembic-head").read_text(encoding="ascii").partition("_")[0]
    with closing(sqlite3.connect(path)) as connection:
        try:
            return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(head,)]
        except sqlite3.OperationalError:
            return False


def is_taken(host: str, port: int) -> bool:
    """True when somebody listens there: granian would share the port, and visitors would meet one of two services."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return True
        raise
    return False


def announce(config: Config) -> None:
    """Print where the service is and, for the demonstration, who can sign in."""
    lines = [f"つどい  {config.base_url}/"]
    if config.demo:
        lines.append(f"職員のサインイン  {config.base_url}/my/sign-in/  パスワードはどれも {PASSWORD}")
        lines += [f"  {email}  {title}" for _role, title, _name, email in SIGN_INS]
    lines.append("止めるときは Ctrl-C")
    sys.stdout.write("\n".join([*lines, ""]))
    sys.stdout.flush()


def main() -> None:
    """Prepare, announce, run; a wrong setting stops the start with one line."""
    try:
        config = Config.from_environ()
    except WrongSetting as wrong:
        sys.exit(str(wrong))
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    if is_taken(host, port):
        sys.exit(f"PORT: something listens on {port} already")
    if not is_prepared(config):
        subprocess.run([sys.executable, "-m", "flask", "prepare"], cwd=ROOT, check=True)
    announce(config)
    Supervisor([web_command(host, port, config.web_concurrency), [sys.executable, "-m", "app.worker"]]).run()


if __name__ == "__main__":
    main()
