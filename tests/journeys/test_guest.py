"""Somebody of a neighbouring town asks for a place without an account, and the organizer says yes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import picture
from tests.journeys.looks import assert_sound
from tests.journeys.staff import sign_in
from tests.journeys.test_promoter import entries
from tests.live import eventually

pytestmark = pytest.mark.xdist_group("browser")


def test_a_guest_applies_on_a_telephone_and_is_approved(phone, desk, site):
    phone.goto("/events/")
    phone.get_by_role("link", name="協働推進員研修").first.click()
    phone.get_by_role("link", name="流域市町の職員として申し込む").click()
    assert_sound(phone)
    phone.get_by_label(re.compile("午後の部")).check()
    phone.get_by_label(re.compile("^市町村")).select_option("総社市")
    phone.get_by_label(re.compile("^部署")).fill("政策調整課")
    phone.get_by_label(re.compile("お名前")).fill("総社　一郎")
    phone.get_by_label(re.compile("フリガナ")).fill("そうじゃ　いちろう")
    phone.get_by_label(re.compile("^メールアドレス")).fill("guest@soja.example.jp")
    phone.get_by_label(re.compile("利用目的を確認")).check()
    phone.get_by_role("button", name="確認へ進む").click()
    assert_sound(phone)
    phone.get_by_role("button", name="申し込む").click()
    expect(phone.locator("#reference")).to_have_attribute("data-status", "pending")
    assert_sound(phone)
    phone.get_by_role("link", name="申込みの確認・変更・取消し").click()

    sign_in(desk, "organizer")
    desk.goto("/console/events/")
    desk.get_by_role("link", name="協働推進員研修").first.click()
    desk.get_by_role("link", name="申込みを見る").click()
    assert_sound(desk)
    picture(desk, "console-guests")
    desk.locator("button", has_text="総社　一郎").click()
    expect(desk.get_by_text("参加を承認しました")).to_be_visible()
    assert_sound(desk)

    phone.reload()
    expect(phone.locator("#reference")).to_have_attribute("data-status", "confirmed")
    assert eventually(lambda: len(entries(site, "guest@soja.example.jp")) == 1, 30)
    _uid, sequence, method, starts = entries(site, "guest@soja.example.jp")[0]
    assert (sequence, method, starts) == (0, "REQUEST", "13:30")
