"""Everything on one machine: `python -m app.supervisor` prepares the database, then runs web server and worker.

A plain parent without the application in memory. A part that ends is started again; Ctrl-C or SIGTERM stops both and
gives them time to finish what they hold.
"""

from __future__ import annotations

import os
import signal
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


def web_command(host: str, port: int, workers: int) -> list[str]:
    """granian with threads for blocking views; a worker that dies is replaced."""
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    threads = ["--blocking-threads", "4", "--backlog", "2048", "--respawn-failed-workers", "--no-ws"]
    return [sys.executable, "-m", "granian", *options, *threads, "--log-level", "warning", "wsgi:app"]


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
    if not is_prepared(config):
        subprocess.run([sys.executable, "-m", "flask", "prepare"], cwd=ROOT, check=True)
    announce(config)
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    Supervisor([web_command(host, port, config.web_concurrency), [sys.executable, "-m", "app.worker"]]).run()


if __name__ == "__main__":
    main()
