"""Commands of the operator: parse, call a verb, print. A user's mistake prints one line and exits with 1."""

from __future__ import annotations

from flask import Flask

from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.imports import imports
from app.cli.mail import mail
from app.cli.prepare import prepare
from app.cli.user import user


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (demo, doctor, imports, mail, prepare, user):
        app.cli.add_command(command)
