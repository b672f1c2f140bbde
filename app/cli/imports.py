"""`flask import …`: files become data, in one transaction or not at all."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.documents.reading import read_table
from app.imports import people as people_import
from app.imports.types import ImportPlan
from app.infra import clock
from app.kernel.errors import Refusal
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import SYSTEM

imports = AppGroup("import", help="Take data from files.")
PATH = click.Path(exists=True, dir_okay=False, path_type=Path)


@imports.command("people")
@click.argument("file", type=PATH)
@click.option("--year", type=click.IntRange(2000, 2100), help="Fiscal year; this one when left out.")
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
def people(file: Path, year: int | None, dry_run: bool) -> None:
    """Sections, people and duties of a fiscal year, from .xlsx or .csv. A second time it changes nothing."""
    now = clock.now()
    year = year or fiscal_year(now)
    try:
        rows = read_table(file.read_bytes(), file_name=file.name).rows
        plan = people_import.preview(rows, year, now=now)
        _show(plan)
        if plan.problems:
            raise click.ClickException(f"取り込めない行が{len(plan.problems)}件あります。何も書き込んでいません。")
        if not dry_run:
            people_import.take(rows, year, seen=people_import.fingerprint(plan), by=SYSTEM, now=now)
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo("確認だけです。何も書き込んでいません。" if dry_run else f"{year}年度に取り込みました。")


def _show(plan: ImportPlan) -> None:
    for problem in plan.problems:
        click.echo(f"{problem.line}行目\t{problem.reason}", err=True)
    if plan.problems:
        return
    for word, entries in (("追加", plan.added), ("変更", plan.changed), ("終了", plan.ended)):
        for entry in entries:
            click.echo(f"{word}\t{entry.who}\t{entry.what}")
    counts = (len(plan.added), len(plan.changed), len(plan.ended), plan.unchanged)
    click.echo("追加{}件、変更{}件、終了{}件、変わらない行{}件".format(*counts))
