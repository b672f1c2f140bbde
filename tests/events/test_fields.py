"""What people type, and what is understood."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from wtforms import RadioField

from app.kernel.errors import Refusal
from app.kernel.japanese_dates import date_text
from app.kernel.typed_dates import parse_date
from app.web.parts.fields import (
    CompanionsField,
    EmailField,
    JapaneseDateField,
    KanaField,
    NameField,
    NumberField,
    PhoneField,
    TimeField,
    checked_address,
    parse_time,
)
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan, Printable


class EveryField(BaseForm):
    kana = KanaField("フリガナ", validators=[Needed(), NoLongerThan(10), Printable()])
    name_ = NameField("氏名", validators=[Printable()])
    phone = PhoneField("電話番号")
    email = EmailField("メールアドレス")
    companions = CompanionsField("同伴者の人数", most=3, unit="人")
    capacity = NumberField("定員", most=500)
    day = JapaneseDateField("日付")
    clock = TimeField("開始の時刻")
    where = RadioField("回", choices={"1": "午前の部"}, validators=[Chosen()])


@pytest.fixture
def filled(app: Flask):
    def fill(**typed: str) -> EveryField:
        sent = {"kana": "クラシキ", "where": "1", **typed}
        with app.test_request_context("/", method="POST", data=sent):
            form = EveryField(meta={"csrf": False})
            form.validate()
            return form

    return fill


@pytest.mark.parametrize(
    ("name", "typed", "understood"),
    [
        ("kana", "くらしき はなこ", "クラシキ　ハナコ"),
        ("kana", "ｸﾗｼｷ ﾊﾅｺﾞ", "クラシキ　ハナゴ"),
        ("kana", "Smith John", "Smith John"),
        ("phone", "０８６－４２６－３１０７", "+81864263107"),
        ("phone", "(086)426-3107", "+81864263107"),
        ("phone", "", None),
        ("email", "ｈａｎａｋｏ＠example.jp", "hanako@example.jp"),
        ("email", "a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ("companions", "２人", 2),
        ("companions", "", 0),
        ("capacity", "", None),
        ("capacity", "４８", 48),
        ("day", "Ｒ８．６．２", date(2026, 6, 2)),
        ("clock", "午後１時半", time(13, 30)),
    ],
)
def test_it_is_understood_however_it_is_typed(filled, name, typed, understood):
    form = filled(**{name: typed})
    assert (form[name].data, list(form[name].errors)) == (understood, [])


@pytest.mark.parametrize(
    ("name", "typed", "what_to_do"),
    [
        ("kana", "倉敷 花子", "「フリガナ」はカタカナで入力してください。例：クラシキ　ハナコ"),
        ("kana", "", "「フリガナ」を入力してください。"),
        ("kana", "ア" * 11, "「フリガナ」は10文字以内にしてください。いまは11文字です。"),
        ("phone", "12345", "「電話番号」は市外局番から入力してください。例：086-426-3107"),
        ("email", "hanako", "「メールアドレス」の形が正しくありません。"),
        ("email", "a@example.jp,b@example.jp", "「メールアドレス」の形が正しくありません。"),
        ("companions", "4", "「同伴者の人数」は0から3までの数字で入力してください。"),
        ("companions", "たくさん", "「同伴者の人数」は0から3までの数字で入力してください。"),
        ("capacity", "-1", "「定員」は0から500までの数字で入力してください。"),
        ("day", "6月2日", "「日付」は年から入力してください。"),
        ("day", "令和8年6月2日（月）", "「日付」の曜日が合いません。2026年6月2日は火曜日です。"),
        ("day", "令和8年2月30日", "「日付」は暦にある日付で入力してください。"),
        ("day", "令和元年4月1日", "「日付」の令和は2019年5月1日からです。"),
        ("clock", "夕方", "「開始の時刻」は時刻で入力してください。例：13:30"),
        ("where", "", "「回」を選んでください。"),
        ("where", "2", "一覧の中から選んでください。"),
    ],
)
def test_the_sentence_says_what_to_do_and_the_text_stays(filled, name, typed, what_to_do):
    form = filled(**{name: typed})
    assert [message for message in form[name].errors if message.startswith(what_to_do)], form[name].errors
    assert len(form[name].errors) == 1
    if name not in {"where", "kana"}:
        assert form[name]._value() == typed


def test_a_character_that_paper_cannot_show_is_named(filled):
    assert "「\ue000」は印刷できない文字です" in filled(name_="倉敷\ue000").name_.errors[-1]


def test_errors_are_summed_up_in_the_order_of_the_page(filled):
    form = filled(kana="", day="x", phone="1", where="")
    form.refuse(Refusal("全体のこと"))
    form.refuse(Refusal("席が足りません", "companions"))
    assert [problem.anchor for problem in form.summary()] == ["", "kana", "phone", "companions", "day", "where"]


def test_only_a_refusal_is_taken_by_the_form(filled):
    form = filled()
    with form.refusals():
        raise Refusal("だめです", "day")
    assert form.day.errors == ["だめです"]
    with pytest.raises(KeyError), form.refusals():
        raise KeyError("day")


@given(st.dates(date(1926, 12, 25), date(2200, 12, 31)))
def test_a_day_as_the_service_writes_it_is_read_back(day):
    assert parse_date(date_text(day)) == parse_date(day.isoformat()) == day


@given(st.times())
def test_a_time_is_read_back(clock):
    clock = clock.replace(second=0, microsecond=0)
    assert parse_time(f"{clock.hour}時{clock.minute}分") == parse_time(clock.strftime("%H:%M")) == clock


@given(st.text())
def test_no_address_carries_a_line_break_or_a_comma_into_a_mail(typed):
    address = checked_address(f"{typed}@docomo.ne.jp") or ""
    assert not set(address) & set("\r\n, ")
