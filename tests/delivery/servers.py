"""Mail servers for tests: a well-behaved one that can be told to refuse, and one that only follows a script."""

from __future__ import annotations

import socket
import threading
from collections import defaultdict
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller


@dataclass
class Received:
    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)


class Sink:
    """Takes every message. `answers["RCPT"] = ["450 later"]` makes it give that answer once."""

    def __init__(self):
        self.received: list[Received] = []
        self.answers: dict[str, list[str]] = defaultdict(list)
        self.connections = 0
        self.said: list[str] = []

    def _answer(self, command, default):
        return self.answers[command].pop(0) if self.answers[command] else default

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 aiosmtpd's names
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        answer = self._answer("MAIL", "250 OK")
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self._answer("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = self._answer("DATA", "250 OK")
        if answer.startswith("250"):
            self.received.append(Received(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        return answer

    @property
    def ids(self) -> list[str]:
        return [one.message["Message-ID"] for one in self.received]


class SinkServer:
    def __init__(self, **options):
        self.sink = Sink()
        self.port = free_port()
        self.controller = Controller(self.sink, hostname="127.0.0.1", port=self.port, **options)

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *exc):
        self.controller.stop()


class ScriptedServer:
    """Answers line by line from a script a connection: text is sent, None hangs, DROP closes at once.

    The last script serves every further connection. Each step waits for one command, the first is the greeting; in a
    message's content the step waits for the final dot.
    """

    DROP = "DROP"

    def __init__(self, *scripts: list[str | None]):
        self.scripts = list(scripts)
        self.contents: list[bytes] = []
        self.commands: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._closing = threading.Event()

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *exc):
        self._closing.set()
        self._listener.close()

    def _serve(self):
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            script = self.scripts[min(self.connections, len(self.scripts) - 1)]
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection, script), daemon=True).start()

    def _talk(self, connection, script):
        with connection, connection.makefile("rb") as lines:
            in_content = False
            for step, answer in enumerate(script):
                if step and not self._read(lines, in_content):
                    return
                if answer is None:
                    self._closing.wait(60)
                    return
                if answer == self.DROP:
                    return
                connection.sendall(answer.encode() + b"\r\n")
                in_content = answer.startswith("354")

    def _read(self, lines, in_content):
        if not in_content:
            command = lines.readline()
            self.commands.append(command.strip())
            return command
        content = b""
        while (line := lines.readline()) not in {b".\r\n", b""}:
            content += line
        if line:
            self.contents.append(content)
        return line


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
