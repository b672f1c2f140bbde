from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.errors import WrongFile
from app.elearning import media, rules
from app.elearning.rules import Block
from app.elearning.types import Check, Solution, UnitKind
from app.questions.errors import BrokenDefinition
from app.questions.types import Definition, Kind, Option, Question, Section
from tests.elearning.courses import MP4, VTT

OPTIONS = ("a", "b", "c", "d")
SETS = st.sets(st.sampled_from(OPTIONS))


def test_a_typed_page_has_headings_lists_and_paragraphs():
    typed = "■はじめに\n一行目\n二行目\n\n別の段落\n・甲\n・乙\n続き\n# 次に\n- 丙"
    assert rules.blocks(typed) == [
        Block("heading", ("はじめに",)),
        Block("text", ("一行目", "二行目")),
        Block("text", ("別の段落",)),
        Block("list", ("甲", "乙")),
        Block("text", ("続き",)),
        Block("heading", ("次に",)),
        Block("list", ("丙",)),
    ]


@given(st.text())
def test_no_letter_of_a_page_is_lost(typed):
    marks = set("■・#- \t\n\r\x0b\x0c")
    shown = "".join("".join(block.lines) for block in rules.blocks(typed))
    assert [c for c in shown if c not in marks and not c.isspace()] == [
        c for c in typed if c not in marks and not c.isspace()
    ]


def a_check(rights, percent=100):
    questions = tuple(
        Question(f"q{n}", Kind.MULTIPLE, f"問{n}", options=tuple(Option(key, key) for key in OPTIONS))
        for n, _right in enumerate(rights)
    )
    solutions = {f"q{n}": Solution(tuple(right)) for n, right in enumerate(rights)}
    definition = Definition("確認テスト", (Section(rules.CHECK, "確認テスト", questions),))
    return Check(definition, solutions, percent)


@given(st.lists(st.tuples(SETS.filter(bool), SETS), min_size=1, max_size=6), st.integers(1, 100))
def test_what_is_right_is_exactly_what_was_to_be_chosen_and_enough_is_counted_in_whole_questions(pairs, percent):
    check = a_check([right for right, _chosen in pairs], percent)
    answers = {rules.CHECK: {f"q{n}": sorted(chosen) for n, (_right, chosen) in enumerate(pairs) if chosen}}
    right = rules.right_answers(check, answers)
    assert right == {f"q{n}" for n, (wanted, chosen) in enumerate(pairs) if wanted == chosen}
    assert rules.passed(check, len(right)) is (len(right) / len(pairs) >= percent / 100)


@pytest.mark.parametrize(
    ("kind", "right"), [(Kind.SINGLE, ()), (Kind.SINGLE, ("a", "b")), (Kind.MULTIPLE, ("z",)), (Kind.LINE, ("a",))]
)
def test_a_question_nobody_could_answer_rightly_is_refused(kind, right):
    asked = Question("q", kind, "問", options=(Option("a", "甲"), Option("b", "乙")))
    with pytest.raises(BrokenDefinition):
        rules.check_solution(asked, Solution(right))


def test_a_code_is_read_however_it_is_typed():
    code = "34679ACDEFGH"
    assert rules.typed_code(" ３４６７－９acd−EFGH ") == code
    assert rules.code_text(code) == "3467-9ACD-EFGH"
    assert rules.typed_code(f"{code}34") != code


def test_videos_and_captions_are_known_by_their_content():
    assert media.kind_of(UnitKind.VIDEO, MP4).media_type == "video/mp4"
    assert media.kind_of(UnitKind.VIDEO, b"\x1a\x45\xdf\xa3webm").media_type == "video/webm"
    assert media.captions(b"\xef\xbb\xbf" + VTT.replace(b"\n", b"\r\n")) == VTT
    for wrong in (b"", b"%PDF-1.7", MP4.replace(b"isom", b"qt  "), b"<html>ftypisom"):
        with pytest.raises(WrongFile):
            media.kind_of(UnitKind.VIDEO, wrong)
    for wrong in (b"", "字幕".encode("cp932"), b"WEBVTT\n\nno times\n", b"1\n00:00:00,000 --> 00:00:02,000\nSRT\n"):
        with pytest.raises(WrongFile) as refused:
            media.captions(wrong)
        assert refused.value.field == "captions"
    with pytest.raises(WrongFile):
        media.kind_of(UnitKind.SLIDES, b"\x89PNG\r\n\x1a\n")
