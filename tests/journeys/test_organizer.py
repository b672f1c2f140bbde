"""An organizer at a desk: from a draft to the closed attendance sheet."""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email.policy import default
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from app.infra import clock
from app.kernel.japanese_dates import local_date
from tests.factories import a_sitting, an_event, apply_for
from tests.journeys.conftest import picture
from tests.journeys.looks import assert_sound
from tests.journeys.staff import sign_in
from tests.live import eventually

pytestmark = pytest.mark.xdist_group("browser")
WITHIN = 60


def draft(page: Page, title: str) -> None:
    page.goto("/console/events/new/")
    page.get_by_label("事業・シリーズ").select_option(label="地域づくり研修会")
    page.get_by_label("研修会・講座の名称").fill(title)
    page.get_by_role("button", name="下書きを作る").click()


def add_sitting(page: Page, days: int) -> None:
    day = local_date(clock.now() + timedelta(days=days))
    page.get_by_role("link", name="日時・会場").first.click()
    page.get_by_role("link", name=re.compile("追加")).first.click()
    page.get_by_label("日付").fill(f"{day.year}/{day.month}/{day.day}")
    page.get_by_label("開始の時刻").fill("13:30")
    page.get_by_label("終了の時刻").fill("16:30")
    page.get_by_label("会場", exact=False).select_option(index=1)
    page.get_by_label("定員").fill("３０")
    page.get_by_role("button", name="追加する").click()


def mails(folder: Path, subject: str) -> list[email.message.EmailMessage]:
    """Written mails whose subject begins so."""
    read = (email.message_from_bytes(p.read_bytes(), policy=default) for p in (folder / "outbox").glob("*.eml"))
    return [m for m in read if str(m["Subject"]).startswith(subject)]


def test_from_a_draft_to_an_update_in_everybodys_calendar(desk, browser, site):
    sign_in(desk, "organizer")
    picture(desk, "organizer-home")
    draft(desk, "防災を学ぶ講座")
    assert_sound(desk)
    add_sitting(desk, days=20)
    desk.get_by_role("link", name="概要").click()
    address = desk.url
    desk.goto(address + "publish/")
    assert_sound(desk)
    expect(desk.get_by_text("申込みの受付開始")).to_be_visible()

    desk.goto(address + "edit/")
    opens = local_date(clock.now() - timedelta(days=1))
    desk.get_by_label("受付開始の日").fill(f"{opens.year}-{opens.month}-{opens.day}")
    desk.get_by_label("受付開始の時刻").fill("9:00")
    desk.get_by_label("個人情報の利用目的").fill("受付と連絡のために使います。")
    desk.get_by_label("問合せ先の電話番号").fill("086-000-0000")
    desk.get_by_role("button", name=re.compile("保存|変更")).first.click()
    desk.goto(address + "publish/")
    desk.get_by_role("button", name="公開する").click()
    assert_sound(desk)
    desk.get_by_role("link", name="準備の一覧を見る").click()
    desk.get_by_role("button", name=re.compile("^済みにする")).first.click()
    expect(desk.get_by_role("button", name=re.compile("^取り消す"))).to_have_count(1)
    assert_sound(desk)
    picture(desk, "organizer-checklist")

    resident = desk.context.new_page()
    resident.goto("/events/")
    resident.get_by_role("link", name="防災を学ぶ講座").click()
    resident.get_by_role("link", name="申し込む", exact=True).click()
    resident.get_by_label("お名前").fill("倉敷 海")
    resident.get_by_label("フリガナ").fill("クラシキ ウミ")
    resident.get_by_label(re.compile("^メールアドレス")).fill("umi@example.jp")
    resident.get_by_label("利用目的を確認しました").check()
    resident.get_by_role("button", name="確認へ進む").click()
    resident.get_by_role("button", name="申し込む").click()
    reference = resident.locator("#reference").inner_text()

    desk.goto(address + "registrations/")
    expect(desk.get_by_text(reference)).to_be_visible()
    assert_sound(desk)
    picture(desk, "organizer-registrations")
    desk.goto(address + "sittings/")
    desk.locator("main a[href*='/sittings/']").filter(has_not_text="追加").last.click()
    desk.get_by_label("開始の時刻").fill("14時")
    desk.get_by_label("参加者に知らせる", exact=True).check()
    desk.get_by_role("button", name="日時・会場を変更する").click()
    title = "【日時・会場の変更】"

    def update() -> list[email.message.EmailMessage]:
        return [m for m in mails(site.folder, title) if "umi@example.jp" in str(m["To"])]

    assert eventually(lambda: bool(update()), WITHIN), site.said()
    calendar = next(part for part in update()[0].walk() if part.get_content_type() == "text/calendar")
    event = Calendar.from_ical(calendar.get_content()).walk("VEVENT")[0]
    assert (calendar.get_param("method"), int(event["SEQUENCE"])) == ("REQUEST", 1)


def test_the_sheet_is_typed_in_with_the_keyboard_alone_and_closed(desk, site):
    now = clock.now()
    with site.inside():
        event = an_event(opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9), title="出欠の講座")
        sitting = a_sitting(event, starts_at=now + timedelta(minutes=5), capacity=10)
        for n, kana in enumerate(["アオキ", "イトウ", "ウエダ"]):
            apply_for(sitting, name=f"手入 力{n}", kana=kana, now=now - timedelta(days=1))
        sitting_id = sitting.id
    sign_in(desk, "organizer")
    desk.goto(f"/console/sittings/{sitting_id}/attendance/")
    assert_sound(desk)
    picture(desk, "organizer-attendance")
    desk.locator("main input[type=radio]").first.focus()
    for key in ("1", "2", "4"):
        desk.keyboard.press(key)
    desk.get_by_role("button", name=re.compile("保存")).first.click()
    with site.inside():
        from app.attendance import queries

        totals = queries.totals(sitting_id)
    assert totals is not None
    desk.goto(f"/console/sittings/{sitting_id}/attendance/")
    chosen = desk.locator("main input[type=radio]:checked").evaluate_all("all => all.map(r => r.value)")
    assert chosen[:3] == ["present", "late", "absent"]


def test_the_roster_prints_and_downloads(desk, site):
    sign_in(desk, "organizer")
    desk.goto("/console/events/")
    desk.get_by_role("link", name="地域の課題解決応援講座").first.click()
    desk.get_by_role("link", name="申込者").first.click()
    desk.get_by_role("link", name="名簿").first.click()
    assert_sound(desk)
    picture(desk, "organizer-roster")
    for name, beginning in (("PDF（A4）", b"%PDF-"), ("Excel", b"PK"), ("CSV（UTF-8）", b"\xef\xbb\xbf")):
        with desk.expect_download() as download:
            desk.get_by_role("link", name=name).click()
        assert Path(download.value.path()).read_bytes().startswith(beginning)
