"""Somebody who came answers on a telephone, and the next person with the same telephone may, too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.feedback import queries, services
from app.infra import clock
from tests.factories import ORGANIZER, a_sitting, an_event
from tests.journeys.looks import assert_sound

pytestmark = pytest.mark.xdist_group("browser")


def test_feedback_is_given_on_a_telephone(phone, site):
    with site.inside():
        now = clock.now()
        event = an_event()
        event_id = event.id
        a_sitting(event, starts_at=now - timedelta(days=1))
        services.make(event_id, by=ORGANIZER, now=now)
        code = queries.of_event(event_id, now=now).code
    phone.goto(f"/f/{code}/")
    assert_sound(phone)
    phone.get_by_role("button", name="回答を送る").click()
    expect(phone.get_by_role("alert")).to_contain_text("「全体として、いかがでしたか」を選んでください。")
    assert_sound(phone)
    phone.get_by_label("とてもよかった").check()
    phone.get_by_label("よかったこと、印象に残ったこと").fill("隣の地区の話が聞けたこと")
    phone.get_by_role("button", name="回答を送る").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("回答を受け取りました")
    phone.goto(f"/f/{code}/")
    assert_sound(phone)
    phone.get_by_role("link", name="別の方が回答する").click()
    expect(phone.get_by_role("button", name="回答を送る")).to_be_visible()
