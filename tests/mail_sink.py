"""A mail server for tests that notes each letter durably before it says so, and can be told to misbehave."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from enum import Enum
from pathlib import Path
from typing import Any


class Mood(Enum):
    """How the server treats those who come."""

    WELL = "takes everything"
    REFUSING = "nobody listens at the port"
    TAR_PIT = "accepts the connection and never says a word"
    BUSY = "451 to every recipient"
    REJECTING = "550 to every recipient"
    FORGETFUL = "takes the letter and hangs up before saying so"


@dataclass(frozen=True, slots=True)
class Letter:
    """What was taken."""

    message_id: str
    recipient: str
    subject: str


class MailSink:
    """Listens in a thread of its own. Nothing is acknowledged that is not in `letters` and on the disk."""

    def __init__(self, log: Path, *, port: int = 0) -> None:
        self.letters: list[Letter] = []
        self.mood = Mood.WELL
        self.visits: Counter[Mood] = Counter()
        self.port = port
        self._log = log.open("a", encoding="utf-8")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail-sink", daemon=True)
        self._server: asyncio.Server | None = None
        self._guests: set[asyncio.Task[None]] = set()

    def __enter__(self) -> MailSink:
        self._thread.start()
        self._do(self._open())
        return self

    def __exit__(self, *exc: object) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._log.close()

    def feel(self, mood: Mood) -> None:
        """Behave otherwise from now on; whoever is connected is thrown out."""
        self._do(self._close())
        self.mood = mood
        if mood is not Mood.REFUSING:
            self._do(self._open())

    def _do(self, job: Coroutine[Any, Any, None]) -> None:
        done: Future[None] = asyncio.run_coroutine_threadsafe(job, self._loop)
        done.result(10)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._welcome, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for guest in list(self._guests):
            guest.cancel()
        await asyncio.gather(*self._guests, return_exceptions=True)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._guests.add(task)
        self.visits[self.mood] += 1
        try:
            await self._talk(reader, writer)
        except OSError:
            return  # the other side was killed: that is what these tests are about
        finally:
            self._guests.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mood is Mood.TAR_PIT:
            await asyncio.sleep(3600)
        recipient = ""
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            command = line[:4].upper().strip()
            if command == b"RCPT":
                recipient = line.split(b"<", 1)[1].split(b">", 1)[0].decode()
            if command == b"DATA":
                writer.write(b"354 go on\r\n")
                content = await self._content(reader)
                if content is None or not self._take(content, recipient):
                    return
            writer.write(self._reply(command))
            if command == b"QUIT":
                return

    def _reply(self, command: bytes) -> bytes:
        if command == b"RCPT" and self.mood is Mood.BUSY:
            return b"451 later\r\n"
        if command == b"RCPT" and self.mood is Mood.REJECTING:
            return b"550 no such user\r\n"
        return {b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"QUIT": b"221 bye\r\n"}.get(command, b"250 OK\r\n")

    @staticmethod
    async def _content(reader: asyncio.StreamReader) -> bytes | None:
        lines = []
        while line := await reader.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b"..") else line)
        return None  # hung up half-way: never acknowledged, so never taken

    def _take(self, content: bytes, recipient: str) -> bool:
        """Note the letter; True when it may be acknowledged."""
        head = message_from_bytes(content.split(b"\r\n\r\n", 1)[0], policy=policy.default)
        letter = Letter(str(head["Message-ID"]).strip(), recipient, str(head["Subject"]))
        self._log.write(json.dumps(asdict(letter), ensure_ascii=False) + "\n")
        self._log.flush()
        os.fsync(self._log.fileno())
        self.letters.append(letter)
        return self.mood is not Mood.FORGETFUL
