"""A promoter on a telephone: from the sign-in to a sitting, to the other one, and the calendar that follows."""

from __future__ import annotations

import email
import email.policy
import re

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from app.infra import clock
from tests.journeys.conftest import picture
from tests.journeys.looks import assert_sound
from tests.journeys.staff import sign_in
from tests.live import Installation, eventually

pytestmark = pytest.mark.xdist_group("browser")


def entries(site: Installation, address: str) -> list[tuple[str, int, str, str]]:
    """What calendars were told, by mail to `address`, of sittings to come: UID, SEQUENCE, METHOD and start, in order.

    The demonstration's promoters have mails about last year's training, too.
    """
    found = []
    for path in sorted((site.folder / "outbox").glob("*.eml")):
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for part in letter.walk():
            if part.get_content_type() == "text/calendar" and address in letter["To"]:
                calendar = Calendar.from_ical(part.get_payload(decode=True))
                entry = calendar.walk("VEVENT")[0]
                if entry.start < clock.now():
                    continue
                found.append((str(entry["UID"]), entry["SEQUENCE"], str(calendar["METHOD"]), f"{entry.start:%H:%M}"))
    return list(dict.fromkeys(found))


def choose(page: Page, sitting: str, button: str) -> None:
    card = page.locator("section.ts-card", has=page.get_by_role("heading", name=sitting))
    card.get_by_role("button", name=button).click()
    expect(card.get_by_text("参加する回", exact=True)).to_be_visible()


def test_a_promoter_takes_the_morning_and_then_the_afternoon(phone, site):
    sign_in(phone, "promoter", lands_on="**/my/")
    assert_sound(phone)
    picture(phone, "staff-home")
    phone.get_by_role("link", name="参加する回を選ぶ").click()
    assert_sound(phone)
    choose(phone, "午前の部", "この回に参加する")
    assert_sound(phone)
    picture(phone, "staff-training")
    # A mail tells how things stand when it leaves: the morning's must be gone before the afternoon is chosen.
    assert eventually(lambda: len(entries(site, "promoter@example.jp")) == 1, 30)
    choose(phone, "午後の部", "この回に変更する")
    assert_sound(phone)
    phone.get_by_role("link", name="わたしの手続きに戻る").click()
    expect(phone.get_by_text(re.compile("午後の部"))).to_be_visible()

    assert eventually(lambda: len(entries(site, "promoter@example.jp")) == 2, 30)
    first, second = entries(site, "promoter@example.jp")
    assert first[0] == second[0]
    assert (first[1:], second[1:]) == ((0, "REQUEST", "09:30"), (1, "REQUEST", "13:30"))

    phone.goto("/my/")
    phone.get_by_role("link", name="申込みを確かめる・変える").click()
    phone.get_by_role("link", name="予定表・申込みの内容").click()
    assert_sound(phone)
    phone.get_by_role("link", name=re.compile("取り消")).first.click()
    phone.get_by_role("button", name="申込みを取り消す").click()
    phone.goto("/my/")
    expect(phone.get_by_text("未申込")).to_be_visible()
