"""The board on paper, for the directors' meeting."""

from __future__ import annotations

from datetime import datetime

from app.compliance.types import Board
from app.documents.types import BoardSheet
from app.kernel.japanese_dates import date_text, fiscal_year_text, stamp_text


def sheet(board: Board, *, printed_by: str, now: datetime) -> BoardSheet:
    """How far each department has come, then everybody who still owes, in the order of the organisation chart."""
    one = board.requirement
    every = len(board.lines)
    return BoardSheet(
        title=one.title,
        lead=f"{fiscal_year_text(one.fiscal_year)}　対象　{one.audience.word}　期限　{date_text(one.due_on)}",
        summary=f"対象{every}人のうち{board.done}人が完了（{_share(board.done, every)}）、未受講者{len(board.open)}人",
        departments=tuple(
            (name or "―", str(whole), str(done), str(whole - done), _share(done, whole))
            for name, (done, whole) in board.departments.items()
        ),
        missing=tuple(
            (line.department or "―", line.section or "―", line.person.name, line.words) for line in board.open
        ),
        vacant="、".join(board.vacant),
        printed=f"{stamp_text(now)}　{printed_by}",
    )


def _share(done: int, whole: int) -> str:
    return f"{100 * done // whole}%" if whole else "―"
