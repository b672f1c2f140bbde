"""Whose name and address stand on what we send, and where calendars and mail servers answer."""

from __future__ import annotations

from email.utils import parseaddr

from flask import Flask

from app.delivery.headers import flat


class Sender:
    """The address that the mail server lets this installation write from.

    `reply_address` is the mailbox that the program reads itself: calendars answer to it, and what cannot be delivered
    returns to it. None: nobody reads answers.
    """

    def __init__(self) -> None:
        self.name = ""
        self.address = ""
        self.reply_address: str | None = None

    def init_app(self, app: Flask) -> None:
        """Read names and addresses from the configuration."""
        name, self.address = parseaddr(app.config["MAIL_DEFAULT_SENDER"])
        self.name = flat(name)
        self.reply_address = app.config["TSUDOI"].reply_address

    @property
    def envelope(self) -> str:
        """Where a mail server returns what it cannot deliver (Return-Path)."""
        return self.reply_address or self.address


sender = Sender()
