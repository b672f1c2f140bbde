"""What the organizer does to the survey of a year: from the first draft to the published totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel import text
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import Actor
from app.questions import codec
from app.questions.types import Definition
from app.surveys import queries, rules, steps
from app.surveys.errors import FormFixed, NotReported, WrongDay, WrongFigures, WrongState, YearTaken
from app.surveys.models import Survey, SurveyAnswer, SurveyFigure, SurveyPair, SurveyReminder
from app.surveys.types import REMINDER_DAYS, SurveyDetails, SurveyDraft

MOST_FIGURES = 100
# 平成元年度: no survey of the kind is older.
FIRST_YEAR = 1989


@transaction
def draft(wanted: SurveyDraft, *, by: Actor, now: datetime) -> int:
    """A new survey, not yet seen by the sections; its id.

    Raises YearTaken, WrongDay, BrokenDefinition, NotCountable.
    """
    codec.verify(wanted.definition)
    rules.check_countable(wanted.definition)
    _check_day(wanted.due_on, wanted.fiscal_year)
    if queries.of_year(wanted.fiscal_year) is not None:
        raise YearTaken(f"{wanted.fiscal_year}年度の調査は、すでにあります。")
    row = Survey(
        fiscal_year=wanted.fiscal_year,
        title=wanted.title,
        section=wanted.section,
        due_on=wanted.due_on,
        definition=codec.to_json(wanted.definition),
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()  # its id is part of the rows below
    _plan(row.id, REMINDER_DAYS)
    audit.record("survey.made", "survey", row.id, by=by, at=now)
    return row.id


@transaction
def edit(survey_id: int, wanted: SurveyDetails, *, by: Actor, now: datetime) -> None:
    """Another title or due date, other days of reminding. Raises NotFound, WrongDay."""
    row = steps.locked_survey(survey_id)
    _check_day(wanted.due_on, row.fiscal_year)
    row.title, row.due_on = wanted.title, wanted.due_on
    _plan(survey_id, wanted.reminders)
    audit.record("survey.edited", "survey", survey_id, by=by, at=now)


@transaction
def ask(survey_id: int, definition: Definition, *, seen: str, by: Actor, now: datetime) -> None:
    """Change what is asked, until the first section has begun to answer.

    `seen`: codec.digest() of the form that the change was made to. Raises NotFound, BrokenDefinition, NotCountable,
    FormFixed.
    """
    row = steps.locked_survey(survey_id)
    codec.verify(definition)
    rules.check_countable(definition)
    begun = sa.select(SurveyAnswer.id).filter_by(survey_id=survey_id).limit(1)
    if db.session.scalar(begun) is not None:
        raise FormFixed("回答が始まっているため、設問は変えられません。集計が途中で変わらないようにするためです。")
    if codec.digest(codec.from_json(row.definition)) != seen:
        raise FormFixed("別の職員が先に設問を変えています。画面を読み込み直して、もう一度変更してください。")
    row.definition = codec.to_json(definition)
    audit.record("survey.asked", "survey", survey_id, by=by, at=now)


@transaction
def open_(survey_id: int, *, by: Actor, now: datetime) -> None:
    """The sections see it and can answer, also again after it was closed. Raises NotFound."""
    row = steps.locked_survey(survey_id)
    row.opened_at, row.closed_at = row.opened_at or now, None
    audit.record("survey.opened", "survey", survey_id, by=by, at=now)


@transaction
def close(survey_id: int, *, by: Actor, now: datetime) -> None:
    """Nobody writes any more; what was handed in can still be accepted or given back. Raises NotFound, WrongState."""
    row = steps.locked_survey(survey_id)
    _check_opened(row)
    if row.closed_at is None:
        row.closed_at = now
        audit.record("survey.closed", "survey", survey_id, by=by, at=now)


@transaction
def publish(survey_id: int, *, shown: bool, by: Actor, now: datetime) -> None:
    """Let everybody see the totals and the rows that may be listed, or nobody. Raises NotFound, WrongState."""
    row = steps.locked_survey(survey_id)
    _check_opened(row)
    row.published_at = (row.published_at or now) if shown else None
    audit.record("survey.published" if shown else "survey.hidden", "survey", survey_id, by=by, at=now)


@transaction
def decide(survey_id: int, pair: tuple[int, int], *, same: bool, by: Actor, now: datetime) -> None:
    """Two rows that look alike are one project, or are not; decided again, the newer word holds. Raises NotReported."""
    survey = queries.survey(survey_id)
    low, high = sorted(pair)
    if not {low, high} <= {row.id for row in queries.projects(survey)} or low == high:
        raise NotReported("どちらかの回答が、取下げや差戻しで提出前に戻っています。画面を読み込み直してください。")
    db.session.merge(SurveyPair(one_id=low, other_id=high, same=same, at=now, by=by.label))
    audit.record("survey.same" if same else "survey.different", "survey", survey_id, by=by, at=now)


@transaction
def set_figures(wanted: Iterable[tuple[int, int, str]], *, by: Actor, now: datetime) -> int:
    """Add figures of years before Tsudoi, or put others in their place; returns how many. (year, projects, source)."""
    rows = list(wanted)
    for year, projects, source in rows:
        db.session.merge(SurveyFigure(fiscal_year=year, projects=projects, source=source))
    audit.record("survey.figures_set", "survey_figure", "all", by=by, at=now, fields=[f"rows={len(rows)}"])
    return len(rows)


@transaction
def drop_figure(year: int, *, by: Actor, now: datetime) -> None:
    """Take a typed figure away. Raises NotFound."""
    row = db.session.get(SurveyFigure, year)
    if row is None:
        raise NotFound
    db.session.delete(row)
    audit.record("survey.figure_dropped", "survey_figure", year, by=by, at=now)


def read_figures(pasted: str, *, this_year: int) -> list[tuple[int, int, str]]:
    """Lines of year, number and source with commas between. Raises WrongFigures."""
    lines = [line for line in text.clean_text(pasted).replace("、", ",").split("\n") if line]
    if not 1 <= len(lines) <= MOST_FIGURES:
        raise WrongFigures(f"1行から{MOST_FIGURES}行までを入力してください。")
    return [_figure(number, line, this_year) for number, line in enumerate(lines, start=1)]


def _figure(number: int, line: str, this_year: int) -> tuple[int, int, str]:
    year, projects, source = ([text.clean_line(cell) for cell in line.split(",", 2)] + ["", ""])[:3]
    if not (_is_number(year, 4) and _is_number(projects, 6)):
        raise WrongFigures(f"{number}行目：年度（西暦）と件数は、数字で入力してください。例：2016,205,協働推進レポート")
    if not FIRST_YEAR <= int(year) <= this_year:
        raise WrongFigures(f"{number}行目：年度は、西暦{FIRST_YEAR}年から{this_year}年までにしてください。")
    if not 1 <= len(source) <= 120:
        raise WrongFigures(f"{number}行目：件数の出典を、120文字以内で入力してください。例：協働推進レポート")
    return int(year), int(projects), source


def _is_number(cell: str, most: int) -> bool:
    return cell.isdecimal() and 1 <= len(cell) <= most


def _plan(survey_id: int, days: Sequence[int]) -> None:
    db.session.execute(sa.delete(SurveyReminder).filter_by(survey_id=survey_id))
    db.session.add_all(SurveyReminder(survey_id=survey_id, days=one) for one in sorted(set(days)))


def _check_opened(row: Survey) -> None:
    if row.opened_at is None:
        raise WrongState("この調査は、まだ始まっていません。")


def _check_day(due_on: date, year: int) -> None:
    if fiscal_year(due_on) != year:
        raise WrongDay(f"回答期限は、{year}年度の日付にしてください。")
