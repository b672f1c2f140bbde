from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import rules
from app.accounts.permissions import PERMISSIONS, Permission, Role
from app.accounts.types import StaffRow

NOW = datetime(2026, 6, 2, 3, 0, tzinfo=UTC)
ABOUT = ("hanako.kurashiki@city.example.jp", "倉敷 花子", "市民活動推進課")


def a_helper(*events: int) -> StaffRow:
    return StaffRow(1, "受付 一郎", "uketsuke@city.example.jp", Role.HELPER, "市民活動推進課", helps=frozenset(events))


@pytest.mark.parametrize(
    "password",
    [
        "akai kawara no kura",
        "白い壁と柳の並木がつづく川ぞい",
        "J9$kd-02ks.LLq81x",
        "horse7 battery staple 船",
        "x1" + "ぬるい風が吹く夕方" * 2,
    ],
)
def test_long_passwords_of_any_letters_are_taken(password: str) -> None:
    assert rules.weakness(password, ABOUT) is None


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaaaaaa",
        "123456789012345",
        "passwordpassword",
        "Password12345678",
        "qwertyuiopasdfgh",
        "zyxwvutsrqponmlkj",
        "hanakokurashiki1234567",
        "市民活動推進課市民活動推進課!!",
        "tsudoi-tsudoi-tsudoi",
        "ＫＵＲＡＳＨＩＫＩ　ＫＵＲＡＳＨＩＫＩ",
        "ありがとうございますありがとうございます",
    ],
)
def test_what_attackers_try_first_is_refused(password: str) -> None:
    assert "推測されやすい" in (rules.weakness(password, ABOUT) or "")


def test_fourteen_characters_are_too_short_alone_and_enough_beside_a_second_factor() -> None:
    assert "15文字以上" in (rules.weakness("akai kawara no", ABOUT) or "")
    assert rules.weakness("akai kawara no", ABOUT, second_factor=True) is None


def test_more_than_128_characters_are_refused() -> None:
    assert rules.weakness("船と橋" * 42 + "ab", ABOUT) is None
    assert "128文字以内" in (rules.weakness("船と橋" * 42 + "abc", ABOUT) or "")


@given(st.text(max_size=200))
def test_every_text_is_judged_without_an_error(password: str) -> None:
    judged = rules.weakness(password, ABOUT)
    assert judged is None or judged.endswith("。")


@given(st.text(alphabet="がぎぐげごパピプペポé", min_size=1, max_size=20))
def test_a_password_typed_in_parts_is_the_same_password(password: str) -> None:
    import unicodedata

    assert rules.normal(unicodedata.normalize("NFD", password)) == rules.normal(password)


@pytest.mark.parametrize(("role", "idle"), [(Role.ORGANIZER, timedelta(minutes=30)), (Role.HELPER, timedelta(hours=8))])
def test_a_session_ends_after_resting_too_long(role: Role, idle: timedelta) -> None:
    def lives(rest: timedelta) -> bool:
        return rules.session_lives(role, created_at=NOW, seen_at=NOW, now=NOW + rest)

    assert lives(idle - timedelta(seconds=1))
    assert not lives(idle)


@pytest.mark.parametrize("role", list(Role))
def test_no_session_lives_ten_hours(role: Role) -> None:
    now = NOW + timedelta(hours=10)
    assert not rules.session_lives(role, created_at=NOW, seen_at=now, now=now)


@pytest.mark.parametrize(("days", "seen"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_helper_sees_the_event_from_the_day_before_to_the_day_after(days: int, seen: bool) -> None:
    starts_at = datetime(2026, 6, 10, 4, 30, tzinfo=UTC)
    moment = starts_at + timedelta(days=days)
    window = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2), "now": moment}
    assert rules.may_see_event(a_helper(7), section="別の課", event_id=7, **window) is seen
    assert not rules.may_see_event(a_helper(8), section="市民活動推進課", event_id=7, **window)


def test_the_helpers_days_are_days_in_japan() -> None:
    starts_at = datetime(2026, 6, 10, 0, 0, tzinfo=UTC)
    first_minute = datetime(2026, 6, 8, 15, 0, tzinfo=UTC)
    window = {"section": "課", "event_id": 7, "starts_at": starts_at, "ends_at": starts_at}
    assert rules.may_see_event(a_helper(7), **window, now=first_minute)
    assert not rules.may_see_event(a_helper(7), **window, now=first_minute - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [
        (Role.ORGANIZER, True, False),
        (Role.MANAGER, True, False),
        (Role.ADMIN, False, False),
        (Role.AUDITOR, False, False),
    ],
)
def test_others_see_the_events_of_their_section_or_none(role: Role, own: bool, other: bool) -> None:
    staff = StaffRow(1, "名", "a@b.jp", role, "市民活動推進課")
    window = {"event_id": 7, "starts_at": None, "ends_at": None, "now": NOW}
    assert rules.may_see_event(staff, section="市民活動推進課", **window) is own
    assert rules.may_see_event(staff, section="生涯学習課", **window) is other


def test_an_administrator_has_no_permission_that_shows_personal_data() -> None:
    personal = {Permission.SEE_REGISTRATIONS, Permission.SEE_CONTACTS, Permission.EXPORT, Permission.CHECK_IN}
    assert not PERMISSIONS[Role.ADMIN] & personal
    assert not PERMISSIONS[Role.AUDITOR] & personal


def test_a_helper_checks_in_and_does_nothing_else() -> None:
    assert PERMISSIONS[Role.HELPER] == {Permission.SEE_REGISTRATIONS, Permission.CHECK_IN}
