"""Pure decisions about attendance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attendance.errors import CountDiffers, SomeUnmarked
from app.attendance.rules import check_complete, in_order, kana_block, people_who_came, tally
from app.attendance.types import Order, Presence, Totals
from app.registrations.types import Category

categories = st.sampled_from(Category)
people = st.integers(1, 5)
marks = st.lists(
    st.tuples(categories, st.one_of(st.none(), st.sampled_from(Presence)), people).map(
        lambda mark: (mark[0], mark[1], mark[2] if mark[1] and mark[1].came else 0)
    )
)
walk_ins = st.lists(st.tuples(categories, people))
headcounts = st.dictionaries(categories, st.integers(1, 300))


@given(marks, walk_ins, headcounts)
def test_everybody_who_came_is_counted_once_and_under_one_category(marks, walk_ins, headcount):
    totals = tally(marks, walk_ins, headcount)
    came = sum(people for _category, _presence, people in marks)
    assert totals.people == came + sum(n for _category, n in walk_ins) + sum(headcount.values())
    assert totals.people == sum(totals.of(category) for category in Category)
    assert totals.walk_ins == sum(n for _category, n in walk_ins)


@given(marks, walk_ins)
def test_every_registration_is_either_there_or_absent_or_excused_or_unmarked(marks, walk_ins):
    totals = tally(marks, walk_ins, {})
    came = sum(1 for _category, presence, _people in marks if presence and presence.came)
    assert came + totals.absent + totals.excused + totals.unmarked == len(marks)


@given(marks, marks)
def test_totals_of_two_halves_add_up(one, two):
    both, first, second = tally(one + two, [], {}), tally(one, [], {}), tally(two, [], {})
    assert [both.of(c) for c in Category] == [first.of(c) + second.of(c) for c in Category]


@given(st.sampled_from(Presence), st.integers(1, 21))
def test_all_of_a_party_came_unless_told_otherwise(presence, seats):
    assert people_who_came(presence, None, seats) == (seats if presence.came else 0)


@given(st.integers(0, 3), st.integers(0, 50), st.one_of(st.none(), st.integers(0, 50)))
def test_closing_needs_every_mark_and_the_count_of_the_paper(unmarked, came, sheet_count):
    totals = Totals(by_category={Category.RESIDENT: came}, unmarked=unmarked)
    if unmarked:
        with pytest.raises(SomeUnmarked):
            check_complete(totals, sheet_count)
    elif sheet_count not in {None, came}:
        with pytest.raises(CountDiffers):
            check_complete(totals, sheet_count)
    else:
        check_complete(totals, sheet_count)


@given(st.lists(st.tuples(st.sampled_from(["", "児島", "玉島"]), st.integers())))
def test_ordering_by_affiliation_keeps_everybody_and_their_order_within_it(rows):
    ordered = in_order(rows, Order.AFFILIATION, lambda row: row[0])
    assert sorted(ordered) == sorted(rows)
    for place in ("", "児島", "玉島"):
        assert [row for row in ordered if row[0] == place] == [row for row in rows if row[0] == place]
    assert [row[0] == "" for row in ordered] == sorted(row[0] == "" for row in ordered)


@pytest.mark.parametrize(
    ("kana", "block"),
    [
        ("アオキ", "ア行"),
        ("ガトウ", "カ行"),
        ("パク", "ハ行"),
        ("ヤマダ", "ヤ行"),
        ("ンドイ", "ワ行"),
        ("Smith", "その他"),
        ("ヴァン", "ア行"),
    ],
)
def test_a_reading_belongs_to_a_block_of_the_kana_table(kana, block):
    assert kana_block(kana) == block
