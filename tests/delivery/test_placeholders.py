"""Placeholders: what is refused at save, and that what is put in is never read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.delivery.errors import PersonalLink, WrongPlaceholder
from app.delivery.placeholders import check, fill, wrong

ALLOWED = ("name", "reference")
HOSTILE = (
    "{event.__class__}", "{{event.__init__.__code__.co_filename}}", "{name!r}", "{name:>999999999}", "{name.upper}",
    "{name[0]}", "{{7*7}}", "${7*7}", "${name}", "<%= 7*7 %>", "<%=", "{0}", "{}", "{config}", "{url}", "{ name }",
    "{NAME}", "{% for x in y %}", "{# x #}", "%(name)s", "<?php echo 1 ?>", "{{name}}", "{name", "}", "｛name｝",
    "｛ｎａｍｅ｝",
)  # fmt: skip


@pytest.mark.parametrize("token", HOSTILE)
def test_what_is_no_placeholder_is_refused_by_its_name_and_what_can_be_used_is_listed(token):
    with pytest.raises(WrongPlaceholder) as refused:
        check(f"こんにちは、{{name}}様。{token} よろしく", ALLOWED, field="opening")
    assert wrong(f"{{name}} {token}", ALLOWED)[0] in token
    assert token.strip("{}")[:20] in refused.value.message or token in "{}"
    assert "{name}、{reference}" in refused.value.message
    assert refused.value.field == "opening"


def test_ordinary_signs_are_no_placeholders():
    for text in ("100%", "$5", "<b>太字</b>", "［名前］", "｛注意｝", "{name} {reference}", "a < b > c", "50%(半額)"):
        check(text, ALLOWED, field="opening")


def test_the_address_of_one_persons_page_cannot_stand_in_a_text_for_many():
    with pytest.raises(PersonalLink):
        check("https://tsudoi.example.jp/r/AbCdEfGhIjKlMnOpQrStUv/", ALLOWED, field="opening")


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_value_is_put_in_on_one_line_and_is_never_read_again(name, reference):
    filled = fill("[{name}][{reference}]", {"name": f"{{reference}}{name}", "reference": f"{{name}}{reference}"})
    assert filled.startswith("[{reference}")
    assert "{name}" in filled
    assert not set("\r\n\v\f\x85\u2028\u202e\0") & set(filled)


@given(st.text(alphabet="{}name.!:%<$", max_size=60))
def test_whatever_passes_can_be_filled_and_leaves_no_brace(text):
    if not wrong(text, ALLOWED):
        filled = fill(text, {"name": "甲", "reference": "乙"})
        assert "{" not in filled
        assert "}" not in filled
