"""A resident on a telephone signs up, looks, changes and cancels."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import picture
from tests.journeys.looks import assert_sound, faults

pytestmark = pytest.mark.xdist_group("browser")

NEARLY_FULL, FULL, NOT_YET, CLOSED = "chiiki-1", "chiiki-2", "chiiki-3", "model-1"


def open_event(page: Page, which: str) -> None:
    page.goto("/events/")
    page.locator(f"a[href$='-{which}/']").first.click()


def fill_in(page: Page, *, name: str = "倉敷 さくら", email: str = "sakura@example.jp") -> None:
    page.get_by_label("お名前").fill(name)
    page.get_by_label("フリガナ").fill("くらしき ｻｸﾗ")
    page.get_by_label(re.compile("^メールアドレス")).fill(email)
    page.get_by_label("利用目的を確認しました").check()


def sign_up(page: Page, which: str, **person: str) -> None:
    open_event(page, which)
    page.get_by_role("link", name=re.compile("申し込む")).first.click()
    fill_in(page, **person)
    page.get_by_role("button", name="確認へ進む").click()
    page.get_by_role("button", name="申し込む").click()


def test_from_the_first_page_to_a_place_and_back_again(phone):
    phone.goto("/")
    assert_sound(phone)
    picture(phone, "resident-home")
    open_event(phone, NEARLY_FULL)
    assert_sound(phone)
    picture(phone, "resident-event")
    phone.get_by_role("link", name="申し込む", exact=True).click()
    assert_sound(phone)
    picture(phone, "resident-form")
    fill_in(phone)
    phone.get_by_role("button", name="確認へ進む").click()
    expect(phone.get_by_text("クラシキ　サクラ")).to_be_visible()
    assert_sound(phone)
    picture(phone, "resident-confirmation")
    phone.get_by_role("button", name="申し込む").click()
    expect(phone.locator("#reference")).to_have_attribute("data-status", "confirmed")
    assert_sound(phone)
    picture(phone, "resident-done")

    phone.get_by_role("link", name="申込みの確認・変更・取消し").click()
    assert_sound(phone)
    phone.get_by_role("link", name="内容を変更する").click()
    assert_sound(phone)
    phone.get_by_label("お名前").fill("倉敷 櫻")
    phone.get_by_role("button", name="変更する").click()
    expect(phone.get_by_text("倉敷　櫻")).to_be_visible()
    phone.get_by_role("link", name="申込みを取り消す").click()
    assert_sound(phone)
    phone.get_by_role("button", name="申込みを取り消す").click()
    expect(phone.locator("#reference")).to_have_attribute("data-status", "cancelled")
    assert_sound(phone)


def test_mistakes_are_named_at_their_field_and_nothing_typed_is_lost(phone):
    open_event(phone, NEARLY_FULL)
    phone.get_by_role("link", name="申し込む", exact=True).click()
    phone.get_by_label("お名前").fill("倉敷 花子")
    phone.get_by_label("フリガナ").fill("倉敷")
    phone.get_by_role("button", name="確認へ進む").click()
    summary = phone.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(phone.get_by_label("お名前")).to_have_value("倉敷　花子")
    assert phone.title().startswith("エラー：")
    assert_sound(phone)
    picture(phone, "resident-mistakes")
    summary.get_by_role("link").first.click()
    expect(phone.get_by_label("フリガナ")).to_be_focused()


def test_correcting_on_the_confirmation_page_keeps_everything(phone):
    open_event(phone, NEARLY_FULL)
    phone.get_by_role("link", name="申し込む", exact=True).click()
    fill_in(phone)
    phone.get_by_role("button", name="確認へ進む").click()
    phone.get_by_role("button", name="修正する").click()
    expect(phone.get_by_label("お名前")).to_have_value("倉敷　さくら")
    expect(phone.get_by_label("利用目的を確認しました")).to_be_checked()


def test_a_full_event_gives_a_place_in_line(phone):
    sign_up(phone, FULL, name="満席 待子", email="matsu@example.jp")
    expect(phone.locator("#reference")).to_have_attribute("data-status", "waitlisted")
    assert int(phone.locator("[data-position]").get_attribute("data-position")) >= 1
    assert_sound(phone)
    picture(phone, "resident-waiting")


def test_the_whole_sign_up_works_without_scripts(phone_without_scripts):
    sign_up(phone_without_scripts, NEARLY_FULL, name="簡素 太郎", email="kanso@example.jp")
    assert phone_without_scripts.locator("#reference").get_attribute("data-status") in {"confirmed", "waitlisted"}
    phone_without_scripts.get_by_role("link", name="申込みの確認・変更・取消し").click()
    phone_without_scripts.get_by_role("link", name="申込みを取り消す").click()
    phone_without_scripts.get_by_role("button", name="申込みを取り消す").click()
    assert phone_without_scripts.locator("#reference").get_attribute("data-status") == "cancelled"


@pytest.mark.parametrize(("which", "words"), [(NOT_YET, "まだ始まっていません"), (CLOSED, "受付は終了しました")])
def test_who_comes_too_early_or_too_late_is_told(phone, which, words):
    open_event(phone, which)
    assert_sound(phone)
    phone.goto(phone.url + "apply/")
    expect(phone.get_by_text(words)).to_be_visible()
    assert_sound(phone)


def test_the_form_is_walked_through_with_the_keyboard_and_focus_is_always_seen(phone):
    open_event(phone, NEARLY_FULL)
    phone.get_by_role("link", name="申し込む", exact=True).click()
    phone.wait_for_url("**/apply/**")  # with its style sheet: without it nothing marks the focus
    walked = []
    for _ in range(40):
        phone.keyboard.press("Tab")
        here = phone.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            return {name: e.name || e.textContent.trim().slice(0, 20), top: e.getBoundingClientRect().top + scrollY,
                    seen: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2}; }"""
        )
        walked.append(here)
        if here["name"] == "確認へ進む":
            break
    assert walked[-1]["name"] == "確認へ進む"
    assert [w["name"] for w in walked if not w["seen"]] == []
    form = [w["top"] for w in walked if w["name"] in {"name", "kana", "email", "phone", "consent"}]
    assert form == sorted(form)


@pytest.mark.parametrize("path", ["/events/?q=ない", "/events/?when=past", "/about/help/", "/about/calendar/"])
def test_standing_pages_are_sound(phone, path):
    phone.goto(path)
    assert_sound(phone)


@pytest.mark.parametrize("path", ["/about/privacy/", "/about/accessibility/", "/nothing-here/", "/my/sign-in/"])
def test_pages_beside_the_way_are_sound(phone, path):
    phone.goto(path)
    assert_sound(phone)


def test_the_check_of_a_page_can_fail(phone):
    phone.goto("/about/help/")
    phone.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any(fault.startswith("image-alt") for fault in faults(phone))
