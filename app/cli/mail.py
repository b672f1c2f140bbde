"""`flask mail`: how delivery goes, try failed messages again, look at what would be sent."""

from __future__ import annotations

from email import message_from_bytes, policy

import click
from flask.cli import AppGroup

from app.delivery import queries, services, specimen
from app.delivery.errors import BadAddress
from app.delivery.mailer import mailer
from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.kernel.japanese_dates import iso
from app.kernel.types import SYSTEM

mail = AppGroup("mail", help="How delivery goes, and messages that failed.")


@mail.command("status")
def status() -> None:
    """How many messages wait, went out or failed, and whether the mail server can be used."""
    health = queries.health()
    click.echo(f"送り先\t{mailer.server or 'instance/outbox/（MAIL_SERVERの設定なし）'}")
    for state, number in queries.counts().items():
        click.echo(f"{state.word}\t{number}")
    click.echo(f"最後の送信\t{iso(health.last_sent_at) if health.last_sent_at else 'なし'}")
    if health.oldest_waiting_at:
        click.echo(f"最も古い待機\t{iso(health.oldest_waiting_at)}")
    if health.relay_down_since:
        click.echo(f"送信停止中\t{iso(health.relay_down_since)}から\t{health.relay_error}")


@mail.command("retry")
@click.option("--id", "message_id", type=int, help="The message of this number.")
@click.option("--all", "everything", is_flag=True, help="Every message that failed.")
def retry(message_id: int | None, everything: bool) -> None:
    """Try failed messages again: one by --id, or --all."""
    if (message_id is None) == (not everything):
        raise click.ClickException("--id 番号 か --all のどちらか一つを指定してください。")
    if message_id is None:
        click.echo(f"{services.retry_failed(by=SYSTEM, now=clock.now())}件を再送待ちにしました。")
        return
    try:
        services.retry(message_id, by=SYSTEM, now=clock.now())
    except NotFound:
        raise click.ClickException(f"{message_id}番のメッセージはありません。") from None
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo("1件を再送待ちにしました。")


@mail.command("check")
@click.argument("address")
def check(address: str) -> None:
    """Show what a message to ADDRESS looks like; nothing is sent."""
    try:
        letter = specimen.letter(address, now=clock.now())
    except BadAddress as wrong:
        raise click.ClickException(wrong.detail) from None
    click.echo(f"MAIL FROM:<{letter.envelope_from}>\nRCPT TO:<{letter.recipient}>\n")
    message = message_from_bytes(letter.as_bytes(), policy=policy.default)
    for name, value in message.items():
        click.echo(f"{name}: {value}")
    for part in message.walk():
        click.echo(f"\n--- {part['Content-Type']}")
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            click.echo(content.decode().rstrip())
