"""The promises about messages to many: whoever was told is on their list, and each list holds people of its event."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.delivery.models import OutboundMessage
from app.registrations.models import BulkMessage, BulkRecipient, Registration
from app.registrations.writing import KIND
from app.stewardship.promises import Found, Promise


def _told_outside(_now: datetime) -> Found:
    """Messages to one of many that no list knows; one that was sent again answers the first."""
    listed = sa.exists().where(BulkRecipient.outbound_message_id == OutboundMessage.id)
    return sa.select(OutboundMessage.id).where(
        OutboundMessage.kind == KIND, OutboundMessage.resend_of.is_(None), ~listed
    )


def _other_list(_now: datetime) -> Found:
    """People on the list of another event's message, on one that was not sent, or beside somebody else's message."""
    thread = sa.literal("registration:") + sa.cast(Registration.id, sa.String(40))
    return (
        sa.select(BulkRecipient.registration_id)
        .join(BulkMessage, BulkMessage.id == BulkRecipient.bulk_message_id)
        .join(Registration, Registration.id == BulkRecipient.registration_id)
        .join(OutboundMessage, OutboundMessage.id == BulkRecipient.outbound_message_id)
        .where(
            sa.or_(
                BulkMessage.event_id != Registration.event_id,
                BulkMessage.sent_at.is_(None),
                OutboundMessage.thread != thread,
            )
        )
    )


BULK = (
    Promise("told_outside", "一斉のお知らせが、宛先の一覧にない方に送られている", "outbound_message", _told_outside),
    Promise("other_list", "一斉のお知らせの宛先が、申込みや送信の記録と合わない", "registration", _other_list),
)
