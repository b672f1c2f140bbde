"""Japanese text at the door."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import text

RARE = "𠮷田　髙﨑　邊󠄀　\ufa19谷　犬\ufa10　㈱①"


@pytest.mark.parametrize("typed", ["ｸﾗｼｷ ﾊﾅｺﾞ", "くらしき　はなご", "クラシキ ハナコ\u3099", "  くらしき  ハナゴ "])
def test_kana_of_every_width_becomes_full_width_katakana(typed):
    assert text.clean_kana(typed) == "クラシキ　ハナゴ"


def test_rare_kanji_and_variation_selectors_stay_as_typed():
    assert text.clean_name(RARE) == RARE


def test_control_and_directional_characters_go():
    assert text.clean_name("倉敷\u202e\u0007花子\u200b") == "倉敷花子"


@pytest.mark.parametrize(
    "typed", ["０８６－４２６－３１０７", "086-426-3107", "(086)426 3107", "0864263107", "086ー426ー3107"]
)
def test_one_phone_number_has_one_key(typed):
    assert text.phone_key(typed) == "+81864263107"


@pytest.mark.parametrize("typed", ["", "086", "123-456-7", "電話なし", "99999999999999999999"])
def test_what_is_no_phone_number_has_no_key(typed):
    assert text.phone_key(typed) is None


@pytest.mark.parametrize("typed", ["7108565", "710-8565", "〒７１０－８５６５", " 710ー8565 "])
def test_one_postal_code_has_one_key(typed):
    assert text.postcode_text(text.postcode_key(typed)) == "710-8565"


@pytest.mark.parametrize("typed", ["", "710", "710-856", "71O-8565", "710-85650"])
def test_what_is_no_postal_code_has_no_key(typed):
    assert text.postcode_key(typed) is None


def test_a_variant_kanji_is_found_by_its_common_form():
    assert text.folded("髙﨑") == text.folded("高崎")


def test_readings_sort_in_the_order_of_the_fifty_sounds():
    names = ["カトウ", "ガトウ", "キョウコ", "キヨコ", "サトー", "サトウ", "アイ"]
    assert min(names, key=text.kana_order) == "アイ"
    assert text.kana_order("サトー").split("\u0001")[0] == text.kana_order("サトオ").split("\u0001")[0]
    assert text.kana_order("カトウ") < text.kana_order("ガトウ") < text.kana_order("キヨコ")


@given(st.text())
def test_cleaning_twice_is_cleaning_once(typed):
    for clean in (text.clean_text, text.clean_line, text.clean_name, text.clean_kana, text.clean_email):
        once = clean(typed)
        assert clean(once) == once


@given(st.text())
def test_a_line_never_breaks(typed):
    line = text.clean_line(typed)
    assert not any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for c in line)
