"""A file of 161 people: 21 departments with a coordinator each, 140 sections with a promoter each."""

from __future__ import annotations

from app.imports.rows import COLUMNS

HEADING = list(COLUMNS)
DEPARTMENTS, SECTIONS = 21, 140


def row(code: str, path: tuple[str, str, str], number: int, role: str, **changes: str) -> list[str | None]:
    """One person; `changes` by the name of the column."""
    values = dict(
        zip(
            COLUMNS,
            (code, *path, f"{number:06}", f"髙橋　{number}", "タカハシ　タロウ", f"p{number}@city.example.jp",
             "主任", "2016", role, "2026-04-01" if role else "", ""),
            strict=True,
        )
    )  # fmt: skip
    return [(values | changes)[name] for name in COLUMNS]


def everybody() -> list[list[str | None]]:
    """Heading and 161 rows."""
    rows: list[list[str | None]] = [
        HEADING,
        *(row(f"{n:02}00", (f"第{n // 5}局", f"第{n}部", ""), n + 1, "協働調整員") for n in range(DEPARTMENTS)),
    ]
    for n in range(SECTIONS):
        above = n % DEPARTMENTS
        name = f"第{n}室" if n % 10 == 0 else f"第{n}課"
        rows.append(row(f"{above:02}{n:03}", (f"第{above // 5}局", f"第{above}部", name), 100 + n, "協働推進員"))
    return rows


def changed(rows: list[list[str | None]], line: int, **changes: str | None) -> None:
    """Say the row in that line of the file otherwise; 課 stands for 課・室, which is no Python name."""
    for name, value in changes.items():
        rows[line - 1][COLUMNS.index("課・室" if name == "課" else name)] = value
