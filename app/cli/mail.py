"""`flask mail`: how delivery goes, try failed messages again, look at what would be sent, take in what comes back."""

from __future__ import annotations

import logging
import os
import sys
from email import message_from_bytes, policy

import click
from flask.cli import AppGroup

from app.delivery import queries, services, specimen
from app.delivery.errors import BadAddress
from app.delivery.mailer import mailer
from app.delivery.sender import sender
from app.inbox import queries as inbox
from app.inbox import services as taking
from app.inbox.types import MOST_BYTES
from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.kernel.japanese_dates import iso
from app.kernel.types import SYSTEM

log = logging.getLogger("tsudoi.inbox")
mail = AppGroup("mail", help="How delivery goes, messages that failed, and mail that comes back.")
_PIECE = 1024 * 1024


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
    _status_of_replies()


def _status_of_replies() -> None:
    click.echo(f"返信の宛先\t{sender.reply_address or 'なし（REPLY_ADDRESSの設定なし）'}")
    for outcome, number in inbox.counts().items():
        click.echo(f"受信 {outcome.value}\t{number}")
    health = inbox.health()
    if health.looked_at:
        click.echo(f"最後の受信確認\t{iso(health.looked_at)}")
    if health.failing_since:
        click.echo(f"受信停止中\t{iso(health.failing_since)}から\t{health.error}")


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


@mail.command("receive")
def receive() -> None:
    """Take in one message from standard input, for a mail server's pipe.

    The exit status is one of sysexits.h, so that the server knows what to do: 0 taken in, 65 never (empty or too
    large), 75 try again later.
    """
    raw, size = _standard_input()
    if size == 0:
        sys.exit(os.EX_DATAERR)
    large = size > MOST_BYTES
    try:
        if large:
            taking.take_headers(raw, size, now=clock.now())
        else:
            taking.take(raw, now=clock.now())
    except Exception:
        # Whatever it was, the mail server keeps the message and tries again.
        log.exception("mail cannot be taken in")
        sys.exit(os.EX_TEMPFAIL)
    if large:
        sys.exit(os.EX_DATAERR)


def _standard_input() -> tuple[bytes, int]:
    """The message, or the beginning of one that is too large, and its size; it is read to the end."""
    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    size = len(raw)
    while piece := sys.stdin.buffer.read(_PIECE):
        size += len(piece)
    return raw, size
