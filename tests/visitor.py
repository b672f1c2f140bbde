"""A visitor who fills in forms: a small HTTP client with cookies that costs little, so that many fit on one machine."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: id="[^"]*")? value="([^"]*)"')
_REFERENCE = re.compile(r'id="reference" data-status="(\w+)">([^<]+)<')
_POSITION = re.compile(r'data-position="(\d+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    location: str | None

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page."""
        return {name: unescape(value) for name, value in _HIDDEN.findall(self.text)}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the page after an application says."""

    reference: str
    status: str
    position: int | None


class Visitor:
    """One browser: its cookies and one kept connection. Raises OSError when the server goes away."""

    def __init__(self, port: int, *, timeout: float = 60.0) -> None:
        self.port = port
        self.timeout = timeout
        self.cookies: dict[bytes, bytes] = {}
        self._connection: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection; the next request makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask(b"GET", path, b"", b"")

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form."""
        body = urlencode(fields).encode()
        head = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n" % len(body)
        return self._ask(b"POST", path, head, body)

    def _ask(self, method: bytes, path: str, head: bytes, body: bytes) -> Answer:
        cookies = b"; ".join(b"%s=%s" % pair for pair in self.cookies.items())
        cookie = b"Cookie: %s\r\n" % cookies if cookies else b""
        lines = b"%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s\r\n" % (method, path.encode(), self.port, cookie, head)
        try:
            if self._connection is None:
                self._connection = socket.create_connection(("127.0.0.1", self.port), self.timeout)
                self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connection.sendall(lines + body)
            return self._read(self._connection)
        except OSError:
            self.hang_up()
            raise

    def _read(self, connection: socket.socket) -> Answer:
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more(connection)
        head = bytes(received[: end + 2])
        status = int(head[9:12])
        length = _LENGTH.search(head)
        wanted = end + 4 + (int(length[1]) if length else 0)
        while len(received) < wanted:
            received += self._more(connection)
        self.cookies.update(_COOKIE.findall(head))
        if _CLOSES.search(head):
            self.hang_up()
        location = _LOCATION.search(head)
        return Answer(status, bytes(received[end + 4 :]), location[1].decode() if location else None)

    @staticmethod
    def _more(connection: socket.socket) -> bytes:
        chunk = connection.recv(65536)
        if not chunk:
            raise ConnectionResetError("the server hung up")
        return chunk


class Applicant(Visitor):
    """A visitor who applies for a place, step by step."""

    def prepare(self, slug: str, person: Mapping[str, str]) -> dict[str, str]:
        """Open the form, fill it in, go on to the confirmation page; returns what its button sends."""
        form = self.get(f"/events/{slug}/apply/")
        assert form.status == 200, form.status
        confirmation = self.post(f"/events/{slug}/apply/", {**form.hidden, **person, "consent": "y"})
        assert confirmation.status == 200, (confirmation.status, confirmation.text)
        return {**confirmation.hidden, "confirmed": "1"}

    def send(self, slug: str, fields: Mapping[str, str]) -> Answer:
        """Press 「申し込む」."""
        return self.post(f"/events/{slug}/apply/", fields)

    def receipt(self, location: str) -> Receipt:
        """Read the page that the answer leads to."""
        page = self.get(location)
        assert page.status == 200, page.status
        return read_receipt(page)

    def apply(self, slug: str, person: Mapping[str, str]) -> Receipt:
        """The whole way, from the form to the receipt."""
        answer = self.send(slug, self.prepare(slug, person))
        assert answer.status == 303, (answer.status, answer.text)
        return self.receipt(answer.location or "")

    def cancel(self, token: str) -> Answer:
        """Give the place up through one's own page."""
        path = f"/r/{token}/cancel/"
        return self.post(path, self.get(path).hidden)


def read_receipt(page: Answer) -> Receipt:
    """Reference number, status and place in line, from the page after an application."""
    found = _REFERENCE.search(page.text)
    assert found is not None, page.text
    position = _POSITION.search(page.text)
    return Receipt(found[2], found[1], int(position[1]) if position else None)


def token_of(location: str) -> str:
    """The secret of one's own page, from the address of the receipt."""
    return location.split("/r/", maxsplit=1)[1].split("/", maxsplit=1)[0]


def a_person(number: int, *, companions: int = 0) -> dict[str, str]:
    """What somebody fills in; each number is another person with an address of their own."""
    extra = {"companions": str(companions)} if companions else {}
    return {"name": f"倉敷　花子{number}", "kana": "くらしき　はなこ", "email": f"p{number}@example.jp", **extra}
