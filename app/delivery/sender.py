"""Whose name and address stand on what we send: MAIL_DEFAULT_SENDER."""

from __future__ import annotations

from email.utils import parseaddr

from flask import Flask

from app.delivery.headers import flat


class Sender:
    """The address that the mail server lets this installation write from."""

    def __init__(self) -> None:
        self.name = ""
        self.address = ""

    def init_app(self, app: Flask) -> None:
        """Read name and address from the configuration."""
        name, self.address = parseaddr(app.config["MAIL_DEFAULT_SENDER"])
        self.name = flat(name)


sender = Sender()
