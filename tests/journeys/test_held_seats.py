"""Seats held until somebody answers: for who waits, and for a body; and several sittings in one go."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from app.infra import clock
from tests.journeys.looks import assert_sound
from tests.journeys.staff import sign_in
from tests.journeys.test_resident import fill_in, open_event, sign_up
from tests.live import Installation, eventually

pytestmark = pytest.mark.xdist_group("browser")
OFFERING, TALKS = "chiiki-c", "chiiki-e"
# Seconds: the mails of the whole demonstration year may go before.
DELIVERED = 90


def letters(site: Installation, address: str, mark: str) -> list[EmailMessage]:
    """The mails to `address` whose subject begins with `mark`."""
    read = (path.read_bytes() for path in sorted((site.folder / "outbox").glob("*.eml")))
    found = [email.message_from_bytes(content, policy=email.policy.default) for content in read]
    return [one for one in found if address in one["To"] and one["Subject"].startswith(mark)]


def link_in(letter: EmailMessage) -> str:
    text = letter.get_body(("plain",)).get_content()
    return re.search(r"/r/[\w-]+/", text)[0]


def test_who_waits_is_offered_a_seat_by_mail_and_takes_it(phone, desk, site):
    sign_up(phone, OFFERING, email="waits@example.jp")
    expect(phone.locator("#reference")).to_have_attribute("data-status", "waitlisted")

    sign_in(desk, "organizer")
    desk.goto("/console/events/")
    desk.get_by_role("link", name="聞き書きで伝える暮らしの記憶").first.click()
    desk.get_by_role("link", name="日時・会場").click()
    desk.get_by_role("table").get_by_role("link").first.click()
    desk.get_by_label("定員").fill("30")
    desk.get_by_role("button", name="定員を変更する").click()
    expect(desk.get_by_text("席の案内を受け")).to_be_visible()

    assert eventually(lambda: letters(site, "waits@example.jp", "【席のご案内"), DELIVERED)
    phone.goto(link_in(letters(site, "waits@example.jp", "【席のご案内")[0]))
    assert_sound(phone)
    phone.get_by_role("button", name="参加する").click()
    expect(phone.locator("#reference")).to_have_attribute("data-status", "confirmed")
    assert_sound(phone)


def test_a_body_names_its_people_from_a_table_and_prints_them(phone, desk, site):
    sign_in(desk, "organizer")
    desk.goto("/console/events/")
    desk.get_by_role("link", name="はじめての会計と書類づくり").first.click()
    desk.get_by_role("link", name="団体の枠").click()
    desk.get_by_role("link", name="団体の枠を作る").click()
    assert_sound(desk)
    desk.get_by_label(re.compile("^団体の名前 ")).fill("見本地区コミュニティ協議会")
    desk.get_by_label("団体の名前のフリガナ").fill("みほんちくこみゅにてぃきょうぎかい")
    desk.get_by_label("取りまとめの方のお名前").fill("見本　一")
    desk.get_by_label(re.compile("^メールアドレス")).fill("body@example.jp")
    desk.get_by_label("確保する席").fill("3")
    desk.get_by_label("入力の期限の日").fill(f"{clock.now() + timedelta(days=10):%Y-%m-%d}")
    desk.get_by_label("入力の期限の時刻").fill("17:00")
    desk.get_by_role("button", name="席を確保して知らせる").click()
    assert_sound(desk)

    assert eventually(lambda: letters(site, "body@example.jp", "【席の確保】"), DELIVERED)
    phone.goto(link_in(letters(site, "body@example.jp", "【席の確保】")[0]))
    assert_sound(phone)
    phone.locator("[name=names]").fill("倉敷　花子\tクラシキ　ハナコ\n倉敷　次郎\tクラシキ　ジロウ")
    phone.get_by_role("button", name="内容を確かめる").click()
    assert_sound(phone)
    phone.get_by_role("button", name=re.compile("保存する")).click()
    expect(phone.get_by_role("cell", name="倉敷　次郎")).to_be_visible()
    phone.get_by_role("link", name="名簿を印刷する").click()
    expect(phone.get_by_text("クラシキ　ハナコ")).to_be_visible()
    assert_sound(phone)


def test_two_talks_in_one_go_without_scripts_are_answered_by_one_mail(phone_without_scripts, site):
    page = phone_without_scripts
    open_event(page, TALKS)
    page.get_by_role("link", name=re.compile("申し込む")).first.click()
    for talk in ("防災の話", "子ども食堂の話"):
        page.get_by_label(re.compile(talk)).check()
    fill_in(page, email="talks@example.jp")
    page.get_by_role("button", name="確認へ進む").click()
    page.get_by_role("button", name="申し込む").click()
    expect(page.get_by_role("heading", name="一緒に申し込んだ回")).to_be_visible()

    assert eventually(lambda: letters(site, "talks@example.jp", "【"), DELIVERED)
    (letter,) = letters(site, "talks@example.jp", "【")
    files = [part.get_filename() for part in letter.iter_attachments()]
    assert (letter["Subject"][:6], files) == ("【申込受付】", ["invite.ics", "invite-2.ics"])
