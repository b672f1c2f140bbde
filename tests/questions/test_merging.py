from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.questions.merging import marks, merged
from app.questions.types import Kind, Option, Question

ASKED = (
    Question("name", Kind.LINE, "事業名"),
    Question("forms", Kind.MULTIPLE, "形態", options=(Option("a", "委託"), Option("x", "その他", free=True))),
    Question("note", Kind.TEXT, "課題"),
)
LINES = st.one_of(st.none(), st.sampled_from(["ア", "イ", "ウ"]))


@st.composite
def said(draw):
    found = {
        "name": draw(LINES),
        "note": draw(LINES),
        "forms": draw(st.sampled_from([None, ["a"], ["x"], ["a", "x"]])),
        "forms/x": draw(LINES),
    }
    return {key: value for key, value in found.items() if value is not None}


def parts(answers):
    """What belongs together of each question."""
    return {
        "name": answers.get("name"),
        "note": answers.get("note"),
        "forms": (answers.get("forms"), answers.get("forms/x")),
    }


@given(read=said(), mine=said(), stored=said())
def test_what_only_one_of_two_changed_is_taken_and_what_both_did_is_told(read, mine, stored):
    found = merged(ASKED, marks(ASKED, read), mine, stored)
    was, own, now, got = parts(read), parts(mine), parts(stored), parts(found.answers)
    for key in was:
        if own[key] == was[key]:
            assert got[key] == now[key]
        elif now[key] in (was[key], own[key]):
            assert got[key] == own[key]
            assert key not in found.both
        else:
            assert key in found.both


def test_other_questions_of_the_same_part_are_left_alone():
    found = merged(ASKED[2:], marks(ASKED[2:], {}), {"note": "高齢化"}, {"name": "花壇"})
    assert found.answers == {"name": "花壇", "note": "高齢化"}


def test_whoever_read_nothing_overwrites_nothing():
    assert merged(ASKED, "", {"name": "花壇"}, {"name": "菜園"}).both == ("name",)
