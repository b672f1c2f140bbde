"""An organizer on a telephone words a reminder, and writes to everybody who registered: tried, counted, sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.factories import a_sitting, an_event, apply_for
from tests.journeys.looks import assert_sound
from tests.journeys.staff import sign_in

pytestmark = pytest.mark.xdist_group("browser")


def test_a_text_is_refused_put_right_and_sent_to_those_who_registered(phone, site):
    with site.inside():
        sitting = a_sitting(an_event(title="みんなで歩く講座"))
        event_id = sitting.event_id
        apply_for(sitting, name="倉敷　{url}", email="walker@example.jp")
        apply_for(sitting, name="児島　花子", email=None, phone="+81864263107")
    sign_in(phone, "organizer")
    phone.goto(f"/console/events/{event_id}/mails/reminder/")
    phone.get_by_role("textbox", name="書き出し").fill("{name.upper}様")
    phone.get_by_role("button", name="保存する").click()
    expect(phone.get_by_text("「{name.upper}」は使えません。").first).to_be_visible()
    assert_sound(phone)
    phone.get_by_role("textbox", name="書き出し").fill("{name}様、歩きやすい靴でどうぞ。")
    phone.get_by_role("button", name="保存する").click()
    expect(phone.get_by_text("見本　花子様、歩きやすい靴でどうぞ。").first).to_be_visible()
    phone.goto(f"/console/events/{event_id}/bulk/new/")
    phone.get_by_label("件名").fill("集合場所について")
    phone.get_by_label("本文").fill("{name}様、駅の北口に集まってください。")
    phone.get_by_role("button", name="保存して次へ進む").click()
    assert_sound(phone)
    phone.get_by_role("button", name="自分に試し送りをする").click()
    phone.get_by_role("link", name="人数を確かめて送る").click()
    assert_sound(phone)
    phone.get_by_role("button", name="2人に送る").click()
    expect(phone.get_by_text("送信を始めました")).to_be_visible()
    expect(phone.get_by_text("要電話連絡1").first).to_be_visible()
    assert_sound(phone)
