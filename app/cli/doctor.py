"""`flask doctor`: whether what is stored holds together."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from app.infra import clock
from app.stewardship.doctor import Unreadable, examine

# More than this many ids of one breach tell no more.
SHOWN = 20


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Check every invariant of the stored data; prints what is broken and exits with 1. Changes nothing."""
    try:
        breaches = examine(now=clock.now())
    except Unreadable as refusal:
        raise click.ClickException(refusal.message) from refusal
    for breach in breaches:
        more = f" ほか{len(breach.ids) - SHOWN}件" if len(breach.ids) > SHOWN else ""
        ids = " ".join(str(one) for one in breach.ids[:SHOWN])
        click.echo(f"{breach.name}\t{breach.sentence}\t{breach.table} {ids}{more}")
    if breaches:
        click.echo(f"異常が{len(breaches)}種類あります。", err=True)
        sys.exit(1)
    click.echo("異常はありません。")
