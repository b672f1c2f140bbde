"""One SMTP connection: every wait is bounded, TLS is verified, and every refusal is put where it belongs."""

from __future__ import annotations

import io
import re
import smtplib
import socket
import ssl
import time
from types import TracebackType
from typing import TYPE_CHECKING

import flask_mail

from app.delivery.errors import Deferred, NotDelivered, Rejected, RelayUnavailable
from app.delivery.mime import Letter
from app.infra.links import links
from app.kernel.text import clean_line

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

IMPLICIT_TLS = 465
GOODBYE_SECONDS = 3.0
CLOSING = 421  # the server ends the session, whatever was asked
TOO_LARGE = 552
WANTS_AUTH = {530, 534, 535, 538}
_ADDRESS = re.compile(r"<?[^\s<>]*@[^\s<>]*>?")


class Session(smtplib.SMTP):
    """smtplib with two limits: seconds a command, and a deadline that all commands of one message share.

    A server that sends one byte now and then cannot hold it longer than that.
    """

    def __init__(self, *, name: str, command_seconds: float, implicit_tls: ssl.SSLContext | None) -> None:
        super().__init__(local_hostname=name, timeout=command_seconds)
        self._command_seconds = command_seconds
        self._implicit_tls = implicit_tls
        self._deadline = self._command_deadline = 0.0

    def allow(self, seconds: float) -> None:
        """All commands from here on have `seconds` together."""
        self._deadline = time.monotonic() + seconds
        self._next_command()

    def open(self, host: str, port: int) -> None:
        """Connect and read the greeting. Raises OSError, smtplib.SMTPException."""
        self._host = host  # the name that the certificate must carry
        code, reply = self.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, reply)

    def send(self, s: str | bytes) -> None:  # type: ignore[override]
        """Send bytes within the limits."""
        self._next_command()
        if self.sock is not None:
            self.sock.settimeout(self.left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Read a reply within the limits."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Reader(self, self.sock))
        return super().getreply()

    def left(self) -> float:
        """Seconds that are left for the present command. Raises TimeoutError when there are none."""
        seconds = self._command_deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("timed out")
        return seconds

    def _next_command(self) -> None:
        self._command_deadline = min(time.monotonic() + self._command_seconds, self._deadline)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = socket.create_connection((host, port), self.left())
        if self._implicit_tls is None:
            return connection
        return self._implicit_tls.wrap_socket(connection, server_hostname=host)


class _Reader(io.RawIOBase):
    """The socket's bytes, each read with the time that is left."""

    def __init__(self, session: Session, connection: socket.socket) -> None:
        self._session = session
        self._sock = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        self._sock.settimeout(self._session.left())
        return self._sock.recv_into(buffer)


class Connection(flask_mail.Connection):
    """Flask-Mail's connection with limits, verified TLS, and answers told apart by who is to blame.

    Entering raises RelayUnavailable; leaving never raises.
    """

    host: Session | None

    def __init__(self, mail: flask_mail.Mail, *, command_seconds: float, message_seconds: float) -> None:
        super().__init__(mail)
        self._command_seconds = command_seconds
        self._message_seconds = message_seconds

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Say goodbye if there is anyone left to hear it; what was sent before stays sent."""
        session, self.host = self.host, None
        if session is None:
            return
        try:
            session.allow(GOODBYE_SECONDS)
            session.quit()
        except OSError:  # SMTPException is one too: the server hung up first, and nothing depends on the goodbye
            session.close()

    def configure_host(self) -> Session:
        """Connect, secure, sign in. Raises RelayUnavailable."""
        secure = ssl.create_default_context() if self.mail.use_tls else None
        implicit = secure if self.mail.port == IMPLICIT_TLS else None
        session = Session(name=_own_name(), command_seconds=self._command_seconds, implicit_tls=implicit)
        session.allow(self._message_seconds)
        try:
            session.open(self.mail.server, self.mail.port)
            if secure is not None and implicit is None:
                session.starttls(context=secure)
            session.ehlo_or_helo_if_needed()
            if self.mail.username and self.mail.password:
                session.login(self.mail.username, self.mail.password)
        except OSError as error:
            session.close()
            raise _unavailable(error) from error
        return session

    def send(self, message: Letter, envelope_from: object = None) -> None:  # type: ignore[override]
        """Hand over one letter to its one recipient. Raises Deferred, Rejected, RelayUnavailable."""
        session = self.host
        if session is None:
            raise RelayUnavailable("メールサーバーとの接続が切れています。")
        content = message.as_bytes()
        session.allow(self._message_seconds)
        try:
            failure = _hand_over(session, message, content)
            if failure is not None and not _connection_lost(failure):
                session.rset()
        except OSError as error:  # also smtplib's SMTPServerDisconnected
            session.close()
            self.host = None
            raise Deferred(f"送信中に接続が切れました（{_reason(error)}）", connection_lost=True) from error
        if failure is not None:
            raise failure


def verdict(command: str, code: int, reply: bytes) -> NotDelivered | None:
    """What the answer `code` to `command` means for the message; None: go on.

    4xx is for now, 5xx for good (RFC 5321, 4.2.1). An answer to MAIL is about this installation and not about the
    recipient, and so is a demand to sign in: then the relay's settings are wrong and every message would fail alike.
    """
    if 200 <= code < 300:
        return None
    said = _said(code, reply)
    if code in WANTS_AUTH or (command == "MAIL" and code >= 500 and code != TOO_LARGE):
        return RelayUnavailable(f"メールサーバーが送信を認めません（{said}）", code)
    if code >= 500:
        return Rejected(f"相手のメールサーバーが受け取りませんでした（{said}）", code)
    # 421 and answers that are none: the session is over or out of step.
    return Deferred(
        f"メールサーバーが後で送るよう求めました（{said}）", code, connection_lost=code == CLOSING or code < 400
    )


def _hand_over(session: Session, letter: Letter, content: bytes) -> NotDelivered | None:
    size = f" SIZE={len(content)}" if session.has_extn("size") else ""
    for command, argument in (("MAIL", f"FROM:<{letter.envelope_from}>{size}"), ("RCPT", f"TO:<{letter.recipient}>")):
        failure = verdict(command, *session.docmd(command, argument))
        if failure is not None:
            return failure
    try:
        return verdict("DATA", *session.data(content))
    except smtplib.SMTPDataError as refused:
        return verdict("DATA", refused.smtp_code, _bytes(refused.smtp_error))


def _connection_lost(failure: NotDelivered) -> bool:
    return isinstance(failure, RelayUnavailable) or getattr(failure, "connection_lost", False)


def _unavailable(error: OSError) -> RelayUnavailable:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = _said(error.smtp_code, _bytes(error.smtp_error))
        return RelayUnavailable(f"メールサーバーにサインインできません（{said}）", error.smtp_code, patient=True)
    if isinstance(error, smtplib.SMTPResponseException):
        said = _said(error.smtp_code, _bytes(error.smtp_error))
        return RelayUnavailable(f"メールサーバーが接続を断りました（{said}）", error.smtp_code)
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return RelayUnavailable(f"メールサーバーと安全に接続できません（{_reason(error)}）")
    return RelayUnavailable(f"メールサーバーに接続できません（{_reason(error)}）")


def _said(code: int, reply: bytes) -> str:
    """Code and text of an answer on one short line, without addresses."""
    return f"{code} {without_addresses(reply.decode('ascii', 'replace'))}".strip()[:120]


def _reason(error: OSError) -> str:
    return without_addresses(error.strerror or str(error) or type(error).__name__)[:120]


def without_addresses(words: str) -> str:
    """`words` on one line with every mail address blanked: they go to logs and lists."""
    return _ADDRESS.sub("[…]", clean_line(words))


def _bytes(reply: bytes | str) -> bytes:
    return reply if isinstance(reply, bytes) else reply.encode("utf-8", "replace")


def _own_name() -> str:
    """What EHLO says: the host of BASE_URL, an IP address as a literal (RFC 5321, 4.1.3)."""
    if ":" in links.host:
        return f"[IPv6:{links.host}]"
    return f"[{links.host}]" if links.host.replace(".", "").isdigit() else links.host
