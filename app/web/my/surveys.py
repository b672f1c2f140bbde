"""A section's answer to the yearly survey: its parts, projects to take over, handed in, confirmed by the head."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.kernel.japanese_dates import local_date
from app.kernel.text import clean_text
from app.kernel.types import Actor
from app.org.types import UnitRow
from app.questions.carrying import rows_of, single_of, text_of
from app.questions.types import Problem
from app.questions.validate import new_row
from app.surveys import answers, queries, services, taking
from app.surveys.errors import Incomplete
from app.surveys.types import AnswerView, Candidate, Reach, TaskFacts
from app.web.my import bp
from app.web.my.trainings import own_member_id
from app.web.parts.access import SIGNED_IN, allow, current_staff
from app.worksheets import overview
from app.worksheets import queries as worksheets
from app.worksheets.types import RowFilters

# What the worksheet 業務の棚卸シート calls 企画段階から.
FROM_PLANNING = {"stage": "planning"}


@bp.get("/my/surveys/<int:survey_id>/<int:unit_id>/")
@allow(SIGNED_IN)
def survey(survey_id: int, unit_id: int) -> ResponseReturnValue:
    """The parts with what is missing in each; afterwards what was handed in."""
    view, unit, reach = own_answer(survey_id, unit_id)
    return answer_page(view, unit, reach)


@bp.post("/my/surveys/<int:survey_id>/<int:unit_id>/<any(take,nothing,something,submit,withdraw,approve,return):step>/")
@allow(SIGNED_IN)
def survey_step(survey_id: int, unit_id: int, step: str) -> ResponseReturnValue:
    """What is done with the whole answer; only who answers for the section may, and only its head confirms."""
    view, unit, reach = own_answer(survey_id, unit_id)
    if not reach.whole or (step in {"approve", "return"} and not reach.leads):
        raise NotFound
    try:
        said = STEPS[step](view, current_staff().actor)
    except Incomplete as refusal:
        shown = answers.of_unit(survey_id, unit_id)
        return answer_page(shown, unit, reach, refusal.message, refusal.problems), 422
    except Refusal as refusal:
        return answer_page(answers.of_unit(survey_id, unit_id), unit, reach, refusal.message), 422
    flash(said, "success")
    return redirect(url_for("my.survey", survey_id=survey_id, unit_id=unit_id), 303)


@bp.get("/my/surveys/<int:survey_id>/<int:unit_id>/history/")
@allow(SIGNED_IN)
def survey_history(survey_id: int, unit_id: int) -> ResponseReturnValue:
    """Each step of the story with what changed since the one before."""
    view, unit, reach = own_answer(survey_id, unit_id)
    if not reach.whole:
        raise NotFound
    return render_template("my/surveys/history.html", view=view, unit=unit, story=answers.story(view))


def own_answer(survey_id: int, unit_id: int) -> tuple[AnswerView, UnitRow, Reach]:
    """The answer of a section, and what the signed-in person may do with it. Raises NotFound where nothing."""
    found = queries.survey(survey_id)
    unit = next((one for one in queries.who_must(found.fiscal_year) if one.id == unit_id), None)
    reach = answers.reach(own_member_id(), found, unit_id, on=local_date(clock.now()))
    if unit is None or reach is None or found.opened_at is None:
        raise NotFound
    return answers.of_unit(survey_id, unit_id), unit, reach


def answer_page(
    view: AnswerView, unit: UnitRow, reach: Reach, problem: str = "", missing: tuple[Problem, ...] = ()
) -> str:
    """The answer with its parts, or as it was handed in; `missing`: what stands against handing it in."""
    parts = [part for part in view.parts if reach.asked(part)]
    return render_template(
        "my/surveys/answer.html" if view.editable else "my/surveys/read.html",
        view=view,
        unit=unit,
        reach=reach,
        parts=parts,
        candidates=_candidates(view) if view.editable and reach.whole else [],
        fresh=new_row(),
        problem=problem,
        remark=request.form.get("remark", ""),
        wrong={(part.section.key, part.row) for part in parts if part.problems} if missing else set(),
        rows_of=rows_of,
        single_of=single_of,
        text_of=text_of,
    )


def _candidates(view: AnswerView) -> list[Candidate]:
    """Last year's projects, and the tasks of this year's inventory that work with citizens from the planning on."""
    offered = answers.last_years(view)
    for template in worksheets.open_templates(view.survey.fiscal_year):
        filters = RowFilters(options=FROM_PLANNING, unit_ids=frozenset({view.unit_id}))
        rows = overview.every_row(template.id, filters)
        tasks = [TaskFacts(f"{template.code}:{row.section}:{row.row}", row.answers) for row in rows]
        offered += taking.from_tasks(view.survey.definition, template.title, tasks)
    return taking.still_offered(offered, view)


def _take(view: AnswerView, by: Actor) -> str:
    """The projects that were ticked; all of them with `all`."""
    chosen = set(request.form.getlist("row"))
    offered = [one for one in _candidates(view) if "all" in request.form or one.row in chosen]
    taken = services.take(view.survey.id, view.unit_id, offered, by=by, now=clock.now())
    return (
        f"{taken}事業を取り込みました。今年度のことを書き足してください。"
        if taken
        else "取り込む事業はありませんでした。"
    )


def _nothing(view: AnswerView, by: Actor) -> str:
    services.declare_nothing(view.survey.id, view.unit_id, nothing=True, by=by, now=clock.now())
    return "「該当なし」にしました。所属についての質問に答えてから、提出してください。"


def _something(view: AnswerView, by: Actor) -> str:
    services.declare_nothing(view.survey.id, view.unit_id, nothing=False, by=by, now=clock.now())
    return "「該当なし」を取り消しました。"


def _submit(view: AnswerView, by: Actor) -> str:
    services.submit(view.survey.id, view.unit_id, by=by, now=clock.now(), member_id=own_member_id())
    return "提出しました。所属長の確認をお待ちください。"


def _withdraw(view: AnswerView, by: Actor) -> str:
    services.withdraw(_begun(view), by=by, now=clock.now())
    return "提出を取り下げました。直してから、もう一度提出してください。"


def _approve(view: AnswerView, by: Actor) -> str:
    services.approve(_begun(view), by=by, now=clock.now())
    return "内容を確認しました。"


def _return(view: AnswerView, by: Actor) -> str:
    services.send_back(_begun(view), clean_text(request.form.get("remark", "")), by=by, now=clock.now())
    return "差し戻しました。"


def _begun(view: AnswerView) -> int:
    """Raises NotFound where nobody has begun."""
    if view.id is None:
        raise NotFound
    return view.id


STEPS: dict[str, Callable[[AnswerView, Actor], str]] = {
    "take": _take,
    "nothing": _nothing,
    "something": _something,
    "submit": _submit,
    "withdraw": _withdraw,
    "approve": _approve,
    "return": _return,
}
