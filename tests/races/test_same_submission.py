"""Impatient fingers: one form sent again and again."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from app.delivery.models import OutboundMessage
from app.infra.db import db
from app.registrations.models import Registration
from tests.live import an_open_sitting
from tests.races.crowd import all_at_once
from tests.races.story import faults
from tests.visitor import Applicant, a_person

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]


def test_one_form_sent_twenty_times_at_once_is_one_application(installation):
    with installation.inside():
        event, sitting = an_open_sitting(capacity=10)
        slug, sitting_id = event.slug, sitting.id
    first = Applicant(installation.port)
    fields = first.prepare(slug, a_person(1))

    def press(start):
        with Applicant(installation.port) as again:
            again.cookies = first.cookies
            start()
            answer = again.send(slug, fields)
            return answer.status, answer.location, again.receipt(answer.location)

    answers = all_at_once([press] * 20)
    first.hang_up()
    assert len(Counter(answers)) == 1
    assert answers[0][2].status == "confirmed"
    with installation.inside():
        assert faults(sitting_id) == []
        ids = db.session.scalars(sa.select(Registration.id).filter_by(sitting_id=sitting_id)).all()
        assert len(ids) == 1
        mails = sa.select(OutboundMessage.kind).filter_by(thread=f"registration:{ids[0]}")
        assert db.session.scalars(mails).all() == ["registration.confirmed"]
