"""`flask demo …`: the demonstration year."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.infra import clock

demo = AppGroup("demo", help="The demonstration year.")


@demo.command("load")
def load() -> None:
    """Load fiscal year 2016 and the present one into an empty database."""
    from app.demo import year

    if not year.load_if_empty(now=clock.now()):
        raise click.ClickException("研修会・講座がすでに登録されているため、模擬データは読み込めません。")
    click.echo("模擬データを読み込みました。")
