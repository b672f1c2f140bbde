"""The order of a draw, without a database."""

from __future__ import annotations

import hashlib
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.registrations.lots import Entry, in_order, list_hash, tickets

SEED = bytes(range(32)).hex()
ORDER = [3, 2, 5, 4, 1]
ENTRIES = st.lists(
    st.tuples(st.integers(0, 99_999_999), st.integers(1, 3), st.integers(1, 4), st.integers(1, 9)),
    max_size=20,
    unique_by=lambda row: row[0],
).map(lambda rows: [Entry(n, f"{number:08}", *row) for n, (number, *row) in enumerate(rows)])


@given(ENTRIES, st.randoms(use_true_random=False))
def test_the_order_depends_on_the_entries_and_not_on_how_they_come(entries, chance):
    mixed = entries[:]
    chance.shuffle(mixed)
    hashed = list_hash(entries)
    assert list_hash(mixed) == hashed
    assert in_order(SEED, hashed, mixed) == in_order(SEED, hashed, entries)
    assert sorted(one.id for one in in_order(SEED, hashed, mixed)) == [one.id for one in entries]


def test_the_same_entries_come_in_the_same_order_for_ever():
    entries = [Entry(n, f"{n:08}", 1, 1, 1 + n % 2) for n in range(1, 6)]
    hashed = hashlib.sha256(
        b"00000001,1,1,2\n00000002,1,1,1\n00000003,1,1,2\n00000004,1,1,1\n00000005,1,1,2\n"
    ).hexdigest()
    assert list_hash(entries) == hashed
    assert [one.id for one in in_order(SEED, hashed, entries)] == ORDER


def test_whoever_has_three_tickets_comes_first_three_times_as_often():
    """4,000 draws of one against three: 3/4 each, with a standard deviation of 27."""
    pair = [Entry(1, "00000001", 1, 1, 1), Entry(2, "00000002", 1, 1, 3)]
    hashed = list_hash(pair)
    seeds = (hashlib.sha256(str(n).encode()).hexdigest() for n in range(4000))
    first = Counter(in_order(seed, hashed, pair)[0].id for seed in seeds)
    assert 2890 <= first[2] <= 3110


def test_tickets_are_multiplied():
    assert [tickets(3, 2, is_first_time=a, is_in_city=b) for a in (False, True) for b in (False, True)] == [1, 2, 3, 6]
