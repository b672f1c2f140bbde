"""The programme as rows of a form, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.events.errors import WrongOutline
from app.events.outline import DEEPEST, Line, to_items, to_lines
from app.events.types import AgendaRow, SpeakerRow

words = st.text(alphabet="講義事例ゴミ出し支援a1", min_size=1, max_size=8)
speakers = st.lists(st.builds(SpeakerRow, words, st.one_of(st.just(""), words), st.just("")), max_size=3).map(tuple)


def items(depth: int) -> st.SearchStrategy[tuple[AgendaRow, ...]]:
    below = items(depth - 1) if depth else st.just(())
    rows = st.builds(AgendaRow, st.one_of(st.just(""), words), words, speakers, below)
    return st.lists(rows, max_size=3).map(tuple)


@given(items(DEEPEST))
def test_rows_and_programme_are_two_views_of_the_same_thing(programme):
    assert to_items(to_lines(programme)) == programme


@given(items(DEEPEST), st.data())
def test_empty_rows_mean_nothing(programme, data):
    lines = to_lines(programme)
    lines.insert(data.draw(st.integers(0, len(lines))), Line(level=data.draw(st.integers(0, DEEPEST))))
    assert to_items(lines) == programme


def test_a_row_with_only_a_speaker_names_one_more_for_the_entry_above():
    found = to_items([Line(kind="講義", title="手法を学ぶ", name="石原"), Line(name="角田")])
    assert [speaker.name for speaker in found[0].speakers] == ["石原", "角田"]


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([Line(name="石原")], "rows-0-title"),
        ([Line(), Line(kind="講義")], "rows-1-title"),
        ([Line(level=1, title="事例")], "rows-0-level"),
        ([Line(title="講義"), Line(level=2, title="事例")], "rows-1-level"),
        ([Line(title="講義", post="副代表理事")], "rows-0-name"),
    ],
)
def test_what_makes_no_outline_is_refused_at_its_row(lines, field):
    with pytest.raises(WrongOutline) as refused:
        to_items(lines)
    assert refused.value.field == field
