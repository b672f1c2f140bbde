"""Forms made of data: what is understood, what is named as wrong, and that nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import text
from app.questions import codec
from app.questions.carrying import carry, differences
from app.questions.errors import BrokenDefinition
from app.questions.internal import for_everybody, seen_by_everybody, together
from app.questions.types import Condition, Definition, Kind, Option, Question, Section
from app.questions.validate import check
from tests.questions.forms import answers_of, definitions

TASK = Question("task", Kind.LINE, "業務名", required=True, most="20")
STAGE = Question("stage", Kind.SINGLE, "現状の協働", options=(Option("plan", "企画段階から"), Option("none", "なし")))
FORMS = Question(
    "forms", Kind.MULTIPLE, "協働の形態", required=True, condition=Condition("stage", ("plan",)),
    options=(Option("entrust", "委託"), Option("joint", "共催"), Option("other", "その他", free=True)),
)  # fmt: skip
EFFORT = Question("effort", Kind.NUMBER, "人工", step="0.1", least="0", most="99", unit="人")
NAMES = st.sampled_from(["tasks", "row", "task", "stage", "forms", "effort", "forms/other"])
FORM = Definition("棚卸シート", (Section("tasks", "業務", (TASK, STAGE, FORMS, EFFORT), repeats=True, least_rows=1),))


def one(complete: bool = True, **answers: object):
    return check(FORM, {"tasks": [{"row": "a", **answers}]}, complete=complete)


def said(**answers: object) -> list[str]:
    return [problem.message for problem in one(**answers).problems]


def test_answers_come_in_either_width_by_key_or_by_label():
    row = one(task=" ごみ\u3000減量 ", stage="企画段階から", forms=["joint", "委託"], effort="１，２．５人").answers[
        "tasks"
    ][0]
    assert row == {"row": "a", "task": "ごみ 減量", "stage": "plan", "forms": ["entrust", "joint"], "effort": "12.5"}


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"task": "", "effort": "1"}, "「業務名」を入力してください。"),
        ({"task": "長" * 21}, "「業務名」は20文字以内で入力してください。いまは21文字です。"),
        ({"task": "窓口", "effort": "約2"}, "「人工」は数字で入力してください。"),
        ({"task": "窓口", "effort": "0.25"}, "「人工」は0.1刻みの数で入力してください。"),
        ({"task": "窓口", "effort": "-1"}, "「人工」は0以上99以下の数で入力してください。"),
        ({"task": "窓口", "effort": "NaN"}, "「人工」は数字で入力してください。"),
        ({"task": "窓口", "stage": "plan"}, "「協働の形態」を選んでください。"),
        ({"task": "窓口", "stage": "夢"}, "「現状の協働」は選択肢から選んでください。"),
    ],
)
def test_what_is_wrong_is_named(answers, message):
    assert said(**answers) == [message]


def test_a_draft_demands_nothing_and_keeps_what_was_typed():
    checked = one(complete=False, task="長" * 30, effort="約2", stage="none", forms=["joint"])
    assert checked.answers["tasks"][0] == {
        "row": "a",
        "task": "長" * 30,
        "stage": "none",
        "forms": ["joint"],
        "effort": "約2",
    }
    assert len(checked.problems) == 2


def test_a_draft_keeps_the_options_it_knows_of_several():
    checked = one(complete=False, task="窓口", stage="plan", forms=["joint", "gone", "委託"])
    assert checked.answers["tasks"][0]["forms"] == ["entrust", "joint"]
    assert [problem.message for problem in checked.problems] == ["「協働の形態」は選択肢から選んでください。"]


def test_handing_in_leaves_out_what_a_condition_hides_and_rows_left_empty():
    checked = check(
        FORM,
        {"tasks": [{"row": "a", "task": "窓口", "stage": "none", "forms": ["joint"]}, {"row": "b", "stage": ""}]},
        complete=True,
    )
    assert checked.answers == {"tasks": [{"row": "a", "task": "窓口", "stage": "none"}]}
    assert checked.problems == ()


def test_the_line_beside_an_option_is_kept_with_it():
    row = {"task": "窓口", "stage": "plan", "forms": ["other"], "forms/other": "実行委員会"}
    assert one(**row).answers["tasks"][0]["forms/other"] == "実行委員会"
    changed = differences(FORM, {"tasks": [{"row": "a", **row}]}, {"tasks": [{"row": "a", **row, "forms": ["joint"]}]})
    assert [(d.question, d.before, d.after) for d in changed] == [
        ("forms", "その他（実行委員会）", "共催（実行委員会）")
    ]


@pytest.mark.parametrize("sent", [None, [], "x", {"tasks": {"row": 1}}, {"tasks": ["x", 3]}, {"other": [{"row": "a"}]}])
def test_whatever_is_sent_is_no_error(sent):
    assert check(FORM, sent, complete=False).answers in ({}, {"tasks": []})


@pytest.mark.parametrize("sent", [{"z": 1}, [{"z": 1}], [["x"]], 3.5, True])
@pytest.mark.parametrize("key", ["task", "stage", "forms", "effort", "forms/other"])
def test_no_shape_of_an_answer_is_an_error(key, sent):
    assert len(one(complete=False, **{key: sent}).answers["tasks"]) == 1


def test_two_rows_never_share_an_id():
    rows = check(FORM, {"tasks": [{"row": "a"}, {"row": "a"}, {"row": "<script>"}]}, complete=False).answers["tasks"]
    assert len({row["row"] for row in rows}) == 3
    assert rows[0]["row"] == "a"


def test_a_new_year_takes_along_what_it_still_asks_for():
    newer = Question("forms", Kind.MULTIPLE, "形態", options=(Option("joint", "共催"), Option("backing", "後援")))
    new = Definition("棚卸シート", (Section("tasks", "業務", (TASK, newer), repeats=True),))
    old = {"tasks": [{"row": "a", "task": "窓口", "stage": "plan", "forms": ["entrust", "joint"], "effort": "1"}]}
    assert carry(old, new) == {"tasks": [{"row": "a", "task": "窓口", "forms": ["joint"]}]}


OWN = Question("score", Kind.NUMBER, "評価", internal=True)
DESK = Section("desk", "事務局", (Question("note", Kind.LINE, "所見", internal=True),))
INTERNAL = Definition("棚卸シート", (Section("tasks", "業務", (TASK, OWN), repeats=True), DESK))


def test_what_only_the_organizer_answers_is_seen_by_nobody_else_and_meets_the_rest_again_by_row():
    theirs = {
        "tasks": [{"row": "b", "task": "緑化", "score": "99"}, {"row": "a", "task": "窓口"}],
        "desk": {"note": "9"},
    }
    stored = {
        "tasks": [{"row": "a", "task": "古い", "score": "3"}, {"row": "gone", "score": "4"}],
        "desk": {"note": "5"},
    }
    assert [section.key for section in for_everybody(INTERNAL).sections] == ["tasks"]
    assert seen_by_everybody(INTERNAL, stored) == {"tasks": [{"row": "a", "task": "古い"}, {"row": "gone"}]}
    assert together(INTERNAL, theirs, stored) == {
        "tasks": [{"row": "b", "task": "緑化"}, {"row": "a", "task": "窓口", "score": "3"}],
        "desk": {"note": "5"},
    }


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ((Section("desk", "事務局", (OWN,)),), "各課が記入する質問を1つ以上"),
        ((*FORM.sections, Section("desk", "事務局", (OWN,), repeats=True)), "各課が記入する質問を1つ以上"),
        ((Section("t", "業務", (replace(STAGE, internal=True), replace(FORMS, key="f"))),), "条件にはできません"),
    ],
)
def test_a_form_always_asks_the_sections_something_they_can_see(sections, message):
    with pytest.raises(BrokenDefinition, match=message):
        codec.verify(Definition("様式", sections))


@given(definitions())
def test_a_definition_survives_json(definition):
    assert codec.from_json(codec.to_json(definition)) == definition


@given(definitions().flatmap(lambda form: st.tuples(st.just(form), answers_of(form))))
def test_clean_answers_stay_as_they_are(pair):
    form, answers = pair
    assert check(form, answers, complete=False).answers == answers
    assert carry(answers, form) == answers
    assert differences(form, answers, answers) == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=12,
)


@given(ANYTHING)
def test_a_check_never_fails_and_checking_twice_changes_nothing(sent):
    for complete in (False, True):
        first = check(FORM, sent, complete=complete).answers
        assert check(FORM, first, complete=complete).answers == first
        assert all(text.clean_text(row.get("task", "")) == row.get("task", "") for row in first.get("tasks", []))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key": "row"}, "の記号「row」は使えません"),
        ({"label": ""}, "質問文を入力してください"),
        ({"kind": "single"}, "の選択肢を確かめてください"),
        ({"condition": {"question": "later", "answers": ["x"]}}, "同じ区分の前の質問"),
        ({"least": "5", "most": "1", "kind": "number"}, "の下限・上限・刻みを確かめてください"),
        ({"kind": "dream"}, "読み取れません"),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(change, message):
    question = {"key": "task", "kind": "line", "label": "業務名", **change}
    with pytest.raises(BrokenDefinition, match=message):
        codec.from_json({"title": "様式", "sections": [{"key": "a", "title": "業務", "questions": [question]}]})
