"""`flask user …`: the first administrator, and help when nobody can sign in."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.accounts import queries, services
from app.accounts.permissions import HANDED_OUT, Role
from app.accounts.types import NewPerson
from app.infra import clock
from app.kernel.errors import Refusal
from app.kernel.text import clean_email, clean_line, clean_name
from app.kernel.types import SYSTEM

user = AppGroup("user", help="Staff accounts.")


@user.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in HANDED_OUT]), default="admin", show_default=True)
@click.option("--section", default="", help="Needed for organizer, manager and helper.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def create(email: str, name: str, role: str, section: str, password_stdin: bool) -> None:
    """Make an account. The password is asked for twice and never shown."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _ask()
    person = NewPerson(clean_email(email), clean_name(name), Role(role), clean_line(section))
    try:
        services.create_user(person, password, by=SYSTEM, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo(f"{person.email} を{person.role.word}として登録しました。")


@user.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close an account; whoever is signed in with it is out."""
    try:
        services.disable(_id_of(email), by=SYSTEM, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo(f"{email} の利用を停止しました。")


@user.command("list")
def show() -> None:
    """Every account: address, role, section, name."""
    for person in queries.everybody():
        state = "" if person.active else "\t停止中"
        click.echo(f"{person.email}\t{person.role.value}\t{person.section}\t{person.name}{state}")


def _ask() -> str:
    asked: str = click.prompt("パスワード（15文字以上）", hide_input=True, confirmation_prompt="パスワード（確認）")
    return asked


def _id_of(email: str) -> int:
    known = queries.credentials(clean_email(email).lower())
    if known is None:
        raise click.ClickException(f"{email} の職員は登録されていません。")
    return known.user_id
