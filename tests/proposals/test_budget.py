"""Sums of a budget, its rows against ceiling and rate."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.proposals import budget
from app.proposals.shipped import definition
from app.proposals.types import CourseKind, CourseRow
from app.questions.validate import check

FORM = definition("application")
YEN = st.integers(min_value=0, max_value=2_000_000)


def a_course(ceiling: int = 500_000, rate: int = 90) -> CourseRow:
    return CourseRow(id=1, kind=CourseKind.CITIZEN_THEME, name="市民提案コース", ceiling=ceiling, rate=rate, years=3)


def answers(income, expenses) -> dict:
    rows = [{"row": f"i{n}", "source": source, "amount": str(amount)} for n, (source, amount) in enumerate(income)]
    costs = [
        {"row": f"e{n}", "item": "費用", "amount": str(amount), "eligible": eligible}
        for n, (amount, eligible) in enumerate(expenses)
    ]
    return check(FORM, {"income": rows, "expenses": costs}, complete=False).answers


def places(found) -> list[tuple]:
    return [(one.section, one.row, one.question) for one in found]


@given(
    st.lists(st.tuples(st.sampled_from(["grant", "own", "fees"]), YEN), max_size=5),
    st.lists(st.tuples(YEN, st.booleans()), max_size=5),
    st.integers(1, 600_000),
    st.integers(1, 100),
)
def test_a_budget_holds_exactly_when_sides_are_equal_and_the_grant_is_within_ceiling_and_rate(
    income, expenses, ceiling, rate
):
    grant = sum(amount for source, amount in income if source == "grant")
    eligible = sum(amount for amount, counts in expenses if counts)
    equal = sum(amount for _, amount in income) == sum(amount for amount, _ in expenses)
    # In exact fractions of a yen: nothing is rounded in the group's favour.
    holds = (
        equal and grant <= ceiling and 100 * grant <= eligible * rate and any(source == "grant" for source, _ in income)
    )
    found = budget.problems(FORM, answers(income, expenses), a_course(ceiling, rate))
    assert (not found) is holds


def test_the_row_that_goes_beyond_the_ceiling_is_named():
    said = answers([("grant", 300_000), ("own", 0), ("grant", 250_000)], [(1_000_000, True)])
    (problem,) = budget.row_problems(FORM, said, a_course())
    assert places([problem]) == [("income", "i2", "amount")]
    assert problem.message == "「市の負担」は、市民提案コースの上限の500,000円までです。いまは合計550,000円です。"


def test_the_row_that_goes_beyond_the_share_of_eligible_costs_is_named():
    said = answers([("grant", 90_001)], [(100_000, True), (50_000, False)])
    (problem,) = budget.row_problems(FORM, said, a_course())
    assert places([problem]) == [("income", "i0", "amount")]
    assert "対象となる費用100,000円の90%（90,000円）までです。" in problem.message


def test_a_product_that_is_not_its_amount_is_named_at_its_row():
    row = {"row": "x", "item": "紙", "unit_price": "1,200", "quantity": "３", "amount": "3500", "eligible": "yes"}
    said = check(FORM, {"expenses": [row, {**row, "row": "y", "amount": "3,600円"}]}, complete=False).answers
    (problem,) = budget.row_problems(FORM, said, a_course())
    assert places([problem]) == [("expenses", "x", "amount")]
    assert problem.message == "「金額」が、単価×数量の3,600円と違います。いまは3,500円です。"


def test_what_is_no_number_yet_is_left_to_the_question():
    said = check(FORM, {"income": [{"row": "a", "source": "grant", "amount": "ひみつ"}]}, complete=False).answers
    assert budget.sums(FORM, said, a_course()).grant == 0
    assert budget.row_problems(FORM, said, a_course()) == ()
