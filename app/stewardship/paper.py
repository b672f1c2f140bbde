"""The promises about people without e-mail: one way for each message, a posted batch for each posted letter."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.delivery.models import LetterBatch, OutboundMessage
from app.delivery.types import State
from app.registrations.models import Registration
from app.stewardship.promises import Found, Promise

WITHOUT_MAIL = (State.LETTER, State.POSTED, State.CALL, State.CALLED)


def _two_ways(_now: datetime) -> Found:
    """Mail where there is an e-mail address, post or telephone where there is none."""
    by_mail = OutboundMessage.to_email.is_not(None)
    on_paper = OutboundMessage.state.in_(WITHOUT_MAIL)
    withdrawn = OutboundMessage.state == State.WITHDRAWN
    return sa.select(OutboundMessage.id).where(~withdrawn, by_mail == on_paper)


def _posted_differs(_now: datetime) -> Found:
    """A letter is posted when its batch is, and only then; whatever is no letter is in no batch."""
    posted = sa.and_(LetterBatch.id.is_not(None), LetterBatch.posted_at.is_not(None))
    is_letter = OutboundMessage.state.in_((State.LETTER, State.POSTED))
    return (
        sa.select(OutboundMessage.id)
        .outerjoin(LetterBatch, LetterBatch.id == OutboundMessage.letter_batch_id)
        .where(
            sa.or_(
                (OutboundMessage.state == State.POSTED) != posted,
                sa.and_(OutboundMessage.letter_batch_id.is_not(None), ~is_letter),
            )
        )
    )


def _nowhere_to_post(_now: datetime) -> Found:
    thread = sa.literal("registration:") + sa.cast(Registration.id, sa.String(40))
    return (
        sa.select(OutboundMessage.id)
        .join(Registration, thread == OutboundMessage.thread)
        .where(OutboundMessage.state == State.LETTER, Registration.address == "")
    )


PAPER = (
    Promise("way", "メール・郵送・電話のどれで知らせるかが定まらない", "outbound_message", _two_ways),
    Promise("posted", "通知の投函の状態と、束の投函の記録が合わない", "outbound_message", _posted_differs),
    Promise("nowhere", "郵送する通知の宛先の住所がない", "outbound_message", _nowhere_to_post),
)
