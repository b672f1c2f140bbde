"""A coordinator's page: who of the own department still owes a training. Other departments are not found."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.compliance import departments
from app.infra import audit, clock
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.web.my import bp
from app.web.my.trainings import own_member_id
from app.web.parts.access import SIGNED_IN, allow, current_staff


@bp.get("/my/department/")
@allow(SIGNED_IN)
def department() -> ResponseReturnValue:
    """The requirements of the year with the figures of the own department."""
    today = local_date(clock.now())
    own = departments.coordinated(own_member_id(), today=today)
    if not own:
        raise NotFound
    found = [(unit, departments.boards(unit.id, today=today)) for unit in own]
    return render_template("my/department/list.html", found=found, year=fiscal_year(today))


@bp.get("/my/department/<int:unit_id>/<int:requirement_id>/")
@allow(SIGNED_IN)
def department_board(unit_id: int, requirement_id: int) -> ResponseReturnValue:
    """One requirement with the department's people, those who still owe first."""
    now = clock.now()
    today = local_date(now)
    unit = next((u for u in departments.coordinated(own_member_id(), today=today) if u.id == unit_id), None)
    boards = departments.boards(unit_id, today=today) if unit else []
    board = next((one for one in boards if one.requirement.id == requirement_id), None)
    if board is None:
        raise NotFound
    fields = [f"rows={len(board.lines)}"]
    audit.note("requirement.listed", "requirement", requirement_id, by=current_staff().actor, at=now, fields=fields)
    lines = sorted(board.lines, key=lambda line: line.done)
    return render_template("my/department/board.html", board=board, lines=lines, unit=unit)
