"""`flask import …`: files become data, in one transaction or not at all."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.documents.reading import Row, read_table
from app.events import queries as events
from app.events.types import EventRow, SittingRow
from app.imports import columns
from app.imports import people as people_import
from app.imports import registrations as registrations_import
from app.imports.applicants import LIMITS, Asked
from app.imports.columns import Column, Service
from app.imports.registrations import Plan
from app.imports.types import ImportPlan
from app.infra import clock
from app.kernel.errors import NotFound, Refusal
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


@imports.command("registrations")
@click.argument("file", type=PATH)
@click.option("--event", "slug", required=True, help="The end of the event's address: /events/SLUG/.")
@click.option("--format", "service", type=click.Choice([one.value for one in Service]), default="generic")
@click.option("--map", "mapped", multiple=True, metavar="FIELD=HEADING", help="name=氏名; overrides what is guessed.")
@click.option("--sitting", "label", help="The name of the sitting; needed where the event has several.")
@click.option("--tell", is_flag=True, help="Tell each applicant; otherwise nobody is, the other service did.")
@click.option("--dry-run", is_flag=True, help="Show what would be taken and write nothing.")
def registrations(  # noqa: PLR0913 an argument an option
    file: Path, slug: str, service: str, mapped: tuple[str, ...], label: str | None, tell: bool, dry_run: bool
) -> None:
    """Registrations from a file of connpass, Peatix, LoGoフォーム or any other service, .csv or .xlsx.

    The same file a second time changes nothing. Lines that cannot be taken are named, the others are taken.
    """
    now = clock.now()
    try:
        event = events.one(slug)
        rows = read_table(file.read_bytes(), file_name=file.name, limits=LIMITS).rows
        chosen = columns.guess(Service(service), columns.headings(rows)) | _mapped(mapped, rows)
        asked = Asked(Service(service), chosen, _sitting(event, label).id, tell)
        plan = registrations_import.preview(rows, asked, event)
        _show_plan(plan, chosen, rows)
        if dry_run:
            click.echo("確認だけです。何も書き込んでいません。")
            return
        seen = registrations_import.fingerprint(plan)
        taken = registrations_import.take(plan, event.id, seen=seen, by=SYSTEM, now=now)
    except NotFound:
        raise click.ClickException(f"公開されている研修会・講座「{slug}」はありません。") from None
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    for problem in taken.refused:
        click.echo(f"{problem.line}行目\t{problem.reason}", err=True)
    words = "、".join(f"{status.word}{number}件" for status, number in taken.by_status.items())
    click.echo(f"{taken.total}件を取り込みました。{words}")
    if taken.refused or plan.problems:
        raise click.ClickException(f"取り込めなかった行が{len(taken.refused) + len(plan.problems)}件あります。")


def _mapped(given: tuple[str, ...], rows: tuple[Row, ...]) -> dict[Column, int]:
    named = columns.headings(rows)
    found: dict[Column, int] = {}
    for one in given:
        field, mark, heading = one.partition("=")
        if not mark or field not in set(Column):
            raise click.BadParameter(f"--map {one}: FIELD=HEADING, FIELD は {'、'.join(Column)} のどれか")
        if heading not in named:
            raise click.BadParameter(f"--map {one}: 見出し「{heading}」がありません。")
        found[Column(field)] = named.index(heading)
    return found


def _sitting(event: EventRow, label: str | None) -> SittingRow:
    fitting = [one for one in event.offered if label is None or one.label == label]
    if len(fitting) != 1:
        names = "、".join(one.label or "（名称なし）" for one in event.offered)
        raise click.BadParameter(f"--sitting で回を一つ選んでください（{names}）。")
    return fitting[0]


def _show_plan(plan: Plan, chosen: dict[Column, int], rows: tuple[Row, ...]) -> None:
    named = columns.headings(rows)
    for column, place in chosen.items():
        click.echo(f"{column.word}\t{named[place]}")
    for problem in (*plan.problems, *plan.skipped):
        click.echo(f"{problem.line}行目\t{problem.reason}", err=True)
    counts = (len(plan.new), plan.known, len(plan.skipped), len(plan.problems))
    click.echo("新しい申込み{}件、登録済み{}件、取消しなど{}件、取り込めない行{}件".format(*counts))
