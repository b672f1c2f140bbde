"""The organizer says it otherwise: what is saved, and who learns of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.delivery.models import OutboundMessage
from app.infra.db import db
from tests.public.door import fields


@pytest.mark.parametrize(
    ("notify", "said", "kinds"),
    [
        ("yes", "1件のお知らせを送ります。", ["registration.confirmed", "registration.edited"]),
        ("no", "基本情報を保存しました。", ["registration.confirmed"]),
    ],
)
def test_whoever_saves_says_whether_those_who_registered_are_told(desk, organizer, notify, said, kinds):
    desk.somebody()
    address = f"/console/events/{desk.event_id}/edit/"
    sent = {**fields(organizer.get(address)), "title": "実践講座", "notify": notify}
    answer = organizer.post(address, data=sent, follow_redirects=True)
    assert "実践講座" in answer.text
    assert said in answer.text
    written = sa.select(OutboundMessage.kind).order_by(OutboundMessage.id)
    assert desk.ask(lambda: list(db.session.scalars(written))) == kinds


def test_where_nobody_registered_nobody_is_asked_about(desk, organizer):
    page = organizer.get(f"/console/events/{desk.event_id}/edit/")
    assert "notify" not in fields(page)
