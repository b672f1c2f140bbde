"""Chapters are numbered as official documents are, typed text becomes paragraphs and lists, four eyes see a report."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.documents.article import Heading
from app.reports import rules
from app.reports.chapters import CHAPTERS, WRITTEN
from app.reports.definitions import BY_KEY, DEFINITIONS
from app.reports.figures import COUNTS
from app.reports.types import Definition, Difference, Figure, FrozenFigure, TypedRow

LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1), min_size=1)


def test_numbers_go_down_as_in_official_documents():
    assert [rules.number(level, 2) for level in range(1, 7)] == ["2", "（2）", "イ", "（イ）", "b", "（b）"]
    assert rules.number(3, len(rules.KATAKANA) + 1) == "47"


def test_text_becomes_paragraphs_and_lists():
    typed = "一行目\n続き\n\n次の段落\n・一つ\n- 二つ\n終わり"
    assert rules.parts_of(typed) == ["一行目続き", "次の段落", ("一つ", "二つ"), "終わり"]


@given(LINES)
def test_no_word_is_lost_between_typing_and_reading(lines):
    told = rules.parts_of("\n".join(lines))
    words = "".join(part if isinstance(part, str) else "".join(part) for part in told)
    marks = "・-* "
    assert [c for c in words if c not in marks] == [c for c in "".join(lines) if c not in marks]


def test_whoever_wrote_last_does_not_review():
    assert not rules.may_review("1", "1")
    assert rules.may_review("1", "2")


def test_every_figure_that_chapters_name_is_defined_once():
    named = [key for chapter in CHAPTERS for key in (*chapter.figures, *filter(None, [chapter.trend]))]
    assert set(named) <= set(BY_KEY)
    assert len(BY_KEY) == len(DEFINITIONS)
    assert set(COUNTS) <= set(BY_KEY)
    assert len({chapter.key for chapter in WRITTEN}) == len(WRITTEN)
    assert Heading(3, "ア", "研修", "x").full == "ア　研修"


def test_what_is_known_otherwise_since_is_a_difference():
    what = Definition("a", "回数", "回", "", "記録")
    now = {
        (2026, "same"): Figure(what, 2026, 3, None),
        (2026, "more"): Figure(what, 2026, 5, None),
        (2026, "new"): Figure(what, 2026, None, TypedRow(2026, "new", 7, "本")),
        (2026, "unknown"): Figure(what, 2026, None, None),
    }
    then = [FrozenFigure(2026, key, "回数", "回", 3) for key in ("same", "more", "gone")]
    assert rules.differences(then, now) == [
        Difference("回数", "回", 3, 5),
        Difference("回数", "回", 3, None),
        Difference("回数", "回", None, 7),
    ]


def test_records_win_over_what_was_typed_and_the_difference_shows():
    figure = Figure(Definition("a", "回数", "回", "", "記録"), 2026, 3, TypedRow(2026, "a", 4, "本"))
    assert (figure.value, figure.source, figure.deviates) == (3, "記録", True)
