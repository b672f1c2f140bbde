"""Whether a budget holds: pure sums in whole yen over the answers of the shipped form.

Income rows have `source` (`grant`: what the city is asked for) and `amount`; rows of costs have `unit_price`,
`quantity`, `amount` and `eligible`. What is no whole number yet counts as nothing: the question itself complains.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.proposals.types import Budget, CourseRow
from app.questions.carrying import Row, rows_of
from app.questions.types import Answers, Definition, Problem

INCOME, EXPENSES, AMOUNT, GRANT = "income", "expenses", "amount", "grant"


def sums(definition: Definition, answers: Answers, course: CourseRow) -> Budget:
    """The sums of both sides, and how much the course would bear at most; parts of a yen are dropped."""
    income, expenses = _rows(definition, answers, INCOME), _rows(definition, answers, EXPENSES)
    eligible = sum(_yen(row) for row in expenses if row.get("eligible") is True)
    return Budget(
        income=sum(map(_yen, income)),
        expenses=sum(map(_yen, expenses)),
        eligible=eligible,
        grant=sum(_yen(row) for row in income if row.get("source") == GRANT),
        most=min(course.ceiling, eligible * course.rate // 100),
    )


def row_problems(definition: Definition, answers: Answers, course: CourseRow) -> tuple[Problem, ...]:
    """What is wrong with single rows: a product that is not its amount, a grant beyond the course's bounds."""
    return (*_products(definition, answers), *_bounds(definition, answers, course))


def problems(definition: Definition, answers: Answers, course: CourseRow) -> tuple[Problem, ...]:
    """The same, and what concerns a whole side: nothing asked for, or two sides that differ."""
    found = sums(definition, answers, course)
    whole = []
    if not any(row.get("source") == GRANT for row in _rows(definition, answers, INCOME)):
        whole.append(Problem(INCOME, None, None, "収入に、「市の負担」の行を1行以上記入してください。"))
    if found.income != found.expenses:
        said = f"収入の合計（{found.income:,}円）と支出の合計（{found.expenses:,}円）を、同じにしてください。"
        whole.append(Problem(INCOME, None, None, said))
    return (*row_problems(definition, answers, course), *whole)


def _products(definition: Definition, answers: Answers) -> Iterator[Problem]:
    for row in _rows(definition, answers, EXPENSES):
        price, quantity, amount = (_number(row, key) for key in ("unit_price", "quantity", AMOUNT))
        if price is not None and quantity is not None and amount is not None and price * quantity != amount:
            said = f"「金額」が、単価×数量の{price * quantity:,}円と違います。いまは{amount:,}円です。"
            yield Problem(EXPENSES, str(row["row"]), AMOUNT, said)


def _bounds(definition: Definition, answers: Answers, course: CourseRow) -> Iterator[Problem]:
    """The row at which what is asked for goes beyond the ceiling, or beyond the share of what is eligible."""
    found, asked = sums(definition, answers, course), 0
    over = (
        (course.ceiling, f"{course.name}の上限の{course.ceiling:,}円"),
        (
            found.eligible * course.rate // 100,
            f"対象となる費用{found.eligible:,}円の{course.rate}%（{found.eligible * course.rate // 100:,}円）",
        ),
    )
    for row in _rows(definition, answers, INCOME):
        if row.get("source") != GRANT:
            continue
        before, asked = asked, asked + _yen(row)
        for bound, words in over:
            if before <= bound < asked:
                said = f"「市の負担」は、{words}までです。いまは合計{found.grant:,}円です。"
                yield Problem(INCOME, str(row["row"]), AMOUNT, said)


def _rows(definition: Definition, answers: Answers, key: str) -> list[Row]:
    return rows_of(definition.section(key), answers)


def _yen(row: Row) -> int:
    return _number(row, AMOUNT) or 0


def _number(row: Row, key: str) -> int | None:
    value = row.get(key)
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None
