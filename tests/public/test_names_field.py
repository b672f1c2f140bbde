"""Names as people type or paste them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.registrations.types import Member
from app.web.parts.forms import BaseForm
from app.web.parts.names_field import NamesField


class Form(BaseForm):
    names = NamesField("お名前")


@pytest.mark.parametrize(
    ("typed", "name", "kana"),
    [
        ("倉敷　太郎\tクラシキ　タロウ", "倉敷　太郎", "クラシキ　タロウ"),
        ("倉敷 太郎, くらしき たろう", "倉敷　太郎", "クラシキ　タロウ"),
        ("倉敷 太郎 クラシキ タロウ", "倉敷　太郎", "クラシキ　タロウ"),
        ("倉敷太郎 クラシキタロウ", "倉敷太郎", "クラシキタロウ"),
        ("倉敷 さくら", "倉敷　さくら", ""),
        ("長谷川 さくら", "長谷川　さくら", ""),
        ("Maria Santos", "Maria Santos", ""),
    ],
)
def test_a_reading_is_told_from_the_name(quiet_site, typed, name, kana):
    with quiet_site.test_request_context(method="POST", data={"names": typed}):
        assert Form().names.people == (Member(name, kana),)


LETTERS = st.text("倉敷太郎花子さくらABC", min_size=1, max_size=8)
PEOPLE = st.lists(st.builds(Member, LETTERS, st.sampled_from(["", "クラシキ", "ハナコ"]), LETTERS), max_size=5)


@settings(max_examples=40)
@given(PEOPLE)
def test_what_is_shown_again_is_understood_as_it_was(quiet_site, people):
    with quiet_site.test_request_context():
        shown = Form(formdata=None, names=people).names.data
    with quiet_site.test_request_context(method="POST", data={"names": shown}):
        assert Form().names.people == tuple(people)
