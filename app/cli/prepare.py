"""`flask prepare`: what must be done before a start: migrations, and the demonstration where it is asked for."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.infra import clock
from config import Config


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Bring the database to the newest revision; with DEMO=1 load the demonstration into an empty one."""
    from app.demo import year

    config: Config = current_app.config["TSUDOI"]
    upgrade()
    if config.demo and year.load_if_empty(now=clock.now()):
        click.echo("模擬データを読み込みました。")
