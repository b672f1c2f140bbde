"""The way out of the house: the mail server that MAIL_SERVER names, or else one `.eml` file a message."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import flask_mail
from flask import Flask

from app.delivery.errors import RelayUnavailable
from app.delivery.mime import Letter
from app.delivery.sender import sender
from app.delivery.smtp import Connection


class Carrier(Protocol):
    """Takes letters while it is open."""

    def __enter__(self) -> Self:
        """Open it. Raises RelayUnavailable."""

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None, /
    ) -> None:
        """Close it; never raises."""

    def send(self, message: Letter, /) -> None:
        """Hand over one letter. Raises Deferred, Rejected, RelayUnavailable."""


class Mailer:
    """Opens the way out. One a process."""

    def __init__(self) -> None:
        self._mail = flask_mail.Mail()
        self._folder: Path | None = None
        self._command_seconds = 0.0

    def init_app(self, app: Flask) -> None:
        """Read the mail server, or the folder that stands in for it, from the configuration."""
        # Flask-Mail would swallow everything while testing; here the tests run a mail server.
        app.config.setdefault("MAIL_SUPPRESS_SEND", False)
        self._mail.state = self._mail.init_app(app)
        self._command_seconds = app.config["TSUDOI"].mail_timeout
        self._folder = None if app.config["MAIL_SERVER"] else Path(app.instance_path) / "outbox"
        sender.init_app(app)

    @property
    def message_seconds(self) -> float:
        """The longest that one attempt can take, and also the longest that connecting can take."""
        return 1.5 * self._command_seconds

    @property
    def server(self) -> str | None:
        """The mail server's name; None where messages become files."""
        return None if self._folder else str(self._mail.server)

    def open(self) -> Carrier:
        """A carrier for use in a `with` block."""
        if self._folder is not None:
            return Folder(self._folder)
        return Connection(self._mail, command_seconds=self._command_seconds, message_seconds=self.message_seconds)


class Folder:
    """Writes each letter as a file whose name sorts by time. The same letter again replaces its file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        try:
            self._path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RelayUnavailable(f"メールのフォルダを作れません（{error.strerror}）") from error
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None, /
    ) -> None:
        """Nothing to close."""

    def send(self, message: Letter, /) -> None:
        """Write the file; a reader never sees half of one. Raises RelayUnavailable."""
        key = message.msgId.strip("<>").partition("@")[0]
        path = self._path / f"{message.written_at:%Y%m%dT%H%M%S.%fZ}-{key}.eml"
        unfinished = path.with_suffix(".part")
        try:
            unfinished.write_bytes(message.as_bytes())
            os.replace(unfinished, path)
        except OSError as error:
            raise RelayUnavailable(f"メールのファイルを書けません（{error.strerror}）") from error


mailer = Mailer()
