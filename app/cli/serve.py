"""`flask serve`: migrate, load the demonstration where asked, then run web server and worker until Ctrl-C."""

from __future__ import annotations

import os
import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.demo import year
from app.infra import clock
from config import Config

@click.command("serve")
@click.option("--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@with_appcontext
def serve(port: int, host: str) -> None:
    """Run everything on this machine: migrations first, then web server and worker."""
    config: Config = current_app.config["TSUDOI"]
    upgrade()
    if config.demo and year.load_if_empty(now=clock.now()):
        click.echo("模擬データを読み込みました。")
    _announce(config)
    # The supervisor must stay small: it hands over to a process without the application in memory.
    os.execv(sys.executable, [sys.executable, "-m", "app.supervisor", host, str(port), str(config.web_concurrency)])  # noqa: S606


def _announce(config: Config) -> None:
    click.echo(f"つどい  {config.base_url}/")
    if config.demo:
        click.echo(f"模擬のサインイン（{config.base_url}/my/sign-in/）  パスワードはどれも {year.PASSWORD}")
        for role, _name, email in year.SIGN_INS:
            click.echo(f"  {email}  {role.word}")
