"""A telephone sign-up, typed by an organizer who never touches the mouse."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.infra import clock
from tests.factories import a_sitting, an_event, apply_for
from tests.journeys.conftest import PHONE, picture
from tests.journeys.looks import assert_sound
from tests.journeys.staff import sign_in

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def event_id(site) -> int:
    """The next event of all, and somebody who came last time."""
    now = clock.now()
    with site.inside():
        event = an_event(
            title="電話で受ける講座",
            opens_at=now - timedelta(days=9),
            closes_at=now + timedelta(days=1),
            purpose="受付のため",
        )
        a_sitting(event, starts_at=now + timedelta(minutes=30), capacity=10)
        before = an_event(title="昨年の講座", opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9))
        known = {"name": "児島　照子", "kana": "コジマ　テルコ", "email": None, "phone": "+81864263107"}
        apply_for(a_sitting(before, starts_at=now + timedelta(days=20)), **known, now=now)
        return event.id


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def turns(page: Page, press_last) -> None:
    """Press what sends a page, and wait for the next one."""
    with page.expect_navigation():
        press_last()


def test_two_calls_are_taken_with_the_keyboard_alone(desk, event_id):
    sign_in(desk, "organizer")
    desk.goto("/console/intake/")
    assert_sound(desk)
    turns(desk, lambda: press(desk, "Enter"))

    begun = time.perf_counter()
    expect(desk.locator("#q")).to_be_focused()
    desk.keyboard.type("こじま")
    turns(desk, lambda: press(desk, "Enter"))
    assert_sound(desk)
    picture(desk, "organizer-intake")
    turns(desk, lambda: press(desk, "Enter"))
    expect(desk.locator("#name")).to_have_value("児島　照子")
    press(desk, "Tab", "Space")
    turns(desk, lambda: press(desk, "Enter"))
    expect(desk.locator("[data-status=confirmed]")).to_be_visible()
    seconds = time.perf_counter() - begun
    assert_sound(desk)

    # Told on the telephone: off the list of calls. Then the next one, whom nobody knows.
    press(desk, "Tab")
    turns(desk, lambda: press(desk, "Enter"))
    expect(desk.get_by_role("button", name="いま伝えた")).to_have_count(0)
    press(desk, "Tab")
    turns(desk, lambda: press(desk, "Enter"))
    expect(desk.locator("#q")).to_be_focused()
    desk.keyboard.type("つくぼ　はるお")
    turns(desk, lambda: press(desk, "Enter"))
    press(desk, "Tab", "Space", "Tab")
    desk.keyboard.type("都窪 春男")
    press(desk, "Tab")
    expect(desk.locator("#kana")).to_have_value("ツクボ　ハルオ")
    press(desk, "Tab")
    desk.keyboard.type("086-426-0001")
    turns(desk, lambda: press(desk, "Enter"))
    expect(desk.locator("[data-status=confirmed]")).to_be_visible()
    assert seconds < 60, f"{seconds:.1f} s from the ringing to the slip"


def test_the_counter_and_the_letters_fit_a_telephone(phone, event_id):
    sign_in(phone, "organizer")
    assert phone.viewport_size == PHONE
    for address in ("/console/intake/", f"/console/events/{event_id}/intake/?q=こじま", "/console/letters/"):
        phone.goto(address)
        assert_sound(phone)
