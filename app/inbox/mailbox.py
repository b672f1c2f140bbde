"""A mailbox on an IMAP server (RFC 9051, 3501), over TLS with a verified certificate only.

What was taken in moves to a folder of its own; what is left for people stays, flagged. Flags and folders are changed
after the commit and only spare the next look some work: what was taken once is known by its key.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from app.delivery.smtp import without_addresses
from app.inbox.errors import MailboxUnavailable
from app.inbox.types import MOST_BYTES
from config import Config

IMPLICIT_TLS = 993
MOST_HEADER_BYTES = 64 * 1024
_SIZE = re.compile(rb"UID (\d+)\b.*RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+)\b.*UID (\d+)")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that lies in the folder and was not dealt with yet."""

    uid: str
    size: int


class Mailbox:
    """The mailbox that the configuration names, or none. One a process."""

    def __init__(self) -> None:
        self.host: str | None = None

    def configure(self, config: Config) -> None:
        """Look into the mailbox that `config` names from now on."""
        self.host, self._port = config.reply_imap_host, config.reply_imap_port
        self._account = (config.reply_imap_username, config.reply_imap_password)
        self._folder, self._done = config.reply_imap_folder, config.reply_imap_done_folder
        self._seconds = config.mail_timeout

    def open(self) -> Visit:
        """A visit, for use in a `with` block. Entering raises MailboxUnavailable."""
        return Visit(self._connect(), self._folder, self._done)

    def _connect(self) -> imaplib.IMAP4:
        secure = ssl.create_default_context()
        with _told():
            if self._port == IMPLICIT_TLS:
                server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                    self.host or "", self._port, ssl_context=secure, timeout=self._seconds
                )
            else:
                server = imaplib.IMAP4(self.host or "", self._port, timeout=self._seconds)
        try:
            with _told():
                if self._port != IMPLICIT_TLS:
                    server.starttls(secure)
            with _told(patient=True):
                server.login(*self._account)
        except MailboxUnavailable:
            _hang_up(server)
            raise
        return server


class Visit:
    """One connection to the mailbox. Everything raises MailboxUnavailable."""

    def __init__(self, server: imaplib.IMAP4, folder: str, done: str) -> None:
        self._server = server
        self._folder, self._done = _quoted(folder), _quoted(done)
        self._done_is_there = False

    def __enter__(self) -> Self:
        with _told():
            self._expect("SELECT", self._server.select(self._folder))
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Say goodbye if there is anyone left to hear it; nothing depends on it."""
        try:
            self._server.logout()
        except (imaplib.IMAP4.error, OSError):
            _hang_up(self._server)

    def waiting(self, most: int) -> list[Waiting]:
        """Up to `most` mails that nobody dealt with yet, oldest first."""
        with _told():
            found = self._expect("SEARCH", self._server.uid("SEARCH", "UNFLAGGED", "UNDELETED"))
            uids = b" ".join(part for part in found if part).split()[:most]
            if not uids:
                return []
            sizes = self._expect("FETCH", self._server.uid("FETCH", b",".join(uids).decode(), "(UID RFC822.SIZE)"))
        known = {}
        for line in sizes:
            match = _SIZE.search(line) if isinstance(line, bytes) else None
            if match:
                known[match[1] or match[4]] = int(match[2] or match[3])
        return [Waiting(uid.decode(), known[uid]) for uid in uids if uid in known]

    def content(self, mail: Waiting) -> bytes | None:
        """The whole mail, or the beginning of one that is too large; None when somebody else has moved it away."""
        part = "BODY.PEEK[]" if mail.size <= MOST_BYTES else f"BODY.PEEK[HEADER]<0.{MOST_HEADER_BYTES}>"
        with _told():
            answer = self._expect("FETCH", self._server.uid("FETCH", mail.uid, f"({part})"))
        return next((bytes(one[1]) for one in answer if isinstance(one, tuple)), None)

    def leave(self, mail: Waiting) -> None:
        """Leave the mail for people: flagged, and as unread as it is."""
        with _told():
            self._expect("STORE", self._server.uid("STORE", mail.uid, "+FLAGS.SILENT", r"(\Flagged)"))

    def put_away(self, mail: Waiting) -> None:
        """Move the mail to the folder of those that were taken in (RFC 6851, or by hand where the server cannot)."""
        with _told():
            if not self._done_is_there:
                self._server.create(self._done)  # NO where it is there already; a real trouble shows at the next line
                self._done_is_there = True
            if "MOVE" in self._server.capabilities:
                self._expect("MOVE", self._server.uid("MOVE", mail.uid, self._done))
                return
            self._expect("COPY", self._server.uid("COPY", mail.uid, self._done))
            self._expect("STORE", self._server.uid("STORE", mail.uid, "+FLAGS.SILENT", r"(\Deleted)"))
            if "UIDPLUS" in self._server.capabilities:
                self._expect("EXPUNGE", self._server.uid("EXPUNGE", mail.uid))

    @staticmethod
    def _expect(command: str, answer: tuple[str, list[Any]]) -> list[Any]:
        kind, data = answer
        if kind != "OK":
            said = data[0].decode("ascii", "replace") if data and isinstance(data[0], bytes) else ""
            raise MailboxUnavailable(f"{command}: {without_addresses(said)[:120]}")
        return data


@contextmanager
def _told(*, patient: bool = False) -> Iterator[None]:
    """Whatever goes wrong, as one short sentence. `patient`: where the server says no, not where it is away."""
    try:
        yield
    except (imaplib.IMAP4.abort, OSError) as error:
        said = without_addresses(str(error) or type(error).__name__)[:120]
        raise MailboxUnavailable(f"メールボックスにつながりません（{said}）") from error
    except imaplib.IMAP4.error as error:
        said = without_addresses(_words(error))[:120]
        raise MailboxUnavailable(f"メールボックスを開けません（{said}）", patient=patient) from error


def _hang_up(server: imaplib.IMAP4) -> None:
    with suppress(OSError):  # the connection is gone already, or was never made
        server.shutdown()


def _words(error: imaplib.IMAP4.error) -> str:
    """What the server said: imaplib hands it on as it came."""
    said = error.args[0] if error.args else ""
    return said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


mailbox = Mailbox()
