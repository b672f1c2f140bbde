"""What is due of one's mandated trainings, in words: until when, what is still missing, where to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from app.compliance import mine
from app.compliance.mine import Task
from app.compliance.types import SheetStanding, Standing
from app.elearning.types import Progress
from app.events import queries as events
from app.events import rules
from app.events.types import EventRow, EventStatus, Phase
from app.kernel.japanese_dates import local_date, period_text, stamp_text
from app.registrations.types import RegistrationRow
from app.worksheets.types import OwedRow

SHEET_STEPS: Mapping[SheetStanding, str] = {
    SheetStanding.NOT_BEGUN: "棚卸シートを記入する",
    SheetStanding.DRAFT: "続きを記入する",
    SheetStanding.RETURNED: "直して提出する",
    SheetStanding.SUBMITTED: "提出した内容を見る",
    SheetStanding.ACCEPTED: "受理された内容を見る",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things that a requirement can ask for: what it is, where it stands, what to do next and where."""

    kind: str
    title: str
    word: str
    done: bool
    note: str = ""
    step: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A requirement with its parts. `left`: how long there is still time; `words`: how it ended, where it did."""

    task: Task
    left: str
    words: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Standings:
    """Everything that binds somebody this year. `events`, `sheets`, `courses`: what need not be told again."""

    open: tuple[Due, ...] = ()
    closed: tuple[Due, ...] = ()
    events: frozenset[int] = frozenset()
    sheets: frozenset[tuple[int, int]] = frozenset()
    courses: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody's page knows already: trainings of the requirements, places by event, worksheets, courses."""

    trainings: Mapping[int, EventRow]
    places: Mapping[int, RegistrationRow]
    forms: Mapping[tuple[int, int], OwedRow]
    courses: Mapping[int, Progress]


def standings(
    member_id: int,
    places: Mapping[int, RegistrationRow],
    sheets: Sequence[OwedRow],
    courses: Sequence[Progress],
    *,
    now: datetime,
) -> Standings:
    """What binds a member of staff who holds these places, by event, and whose sections fill in these worksheets.

    `courses`: those of the year that were published, with how far the person has come.
    """
    tasks = mine.tasks(member_id, today=local_date(now))
    wanted = sorted({number for task in tasks if (number := task.requirement.event_id) is not None})
    known = Known(
        {event.id: event for event in events.assemble(wanted, programme=False)},
        places,
        {(one.template.id, one.unit.id): one for one in sheets},
        {one.course.id: one for one in courses},
    )
    found = [_due(task, known, now) for task in tasks]
    shown = [one.task for one in found if one.task.open]
    quiet = {_event_of(task) for task in tasks if not task.open} - set(places)
    return Standings(
        tuple(one for one in found if one.task.open),
        tuple(one for one in found if not one.task.open),
        frozenset(quiet | {_event_of(task) for task in shown}),
        frozenset((t.requirement.template_id, t.line.unit_id or 0) for t in shown if t.requirement.template_id),
        frozenset(t.requirement.course_id for t in shown if t.requirement.course_id and not t.trained),
    )


def _event_of(task: Task) -> int:
    """The training's id; 0, which none has, where there is none."""
    return task.requirement.event_id or 0


def _due(task: Task, known: Known, now: datetime) -> Due:
    parts = []
    event = known.trainings.get(_event_of(task))
    if event is not None:
        parts.append(_training(task, event, known.places.get(event.id), now))
    if task.requirement.course_id is not None and not (event is not None and task.trained):
        parts.append(_course(task, known.courses.get(task.requirement.course_id), besides=event is not None))
    if task.line.sheet is not None:
        key = (task.requirement.template_id or 0, task.line.unit_id or 0)
        parts.append(_sheet(task, task.line.sheet, known.forms.get(key)))
    words = task.line.words if task.line.done else f"終了（{task.line.words}）"
    return Due(task, _left(task.requirement.due_on, local_date(now)), words, tuple(parts))


def _left(due_on: date, today: date) -> str:
    days = (due_on - today).days
    if days < 0:
        return f"期限を{-days}日過ぎています"
    return f"あと{days}日" if days else "今日まで"


def _training(task: Task, event: EventRow, place: RegistrationRow | None, now: datetime) -> Part:
    standing = task.line.standing
    note, step = _next(standing, event, place, now)
    href = "" if event.status is EventStatus.DRAFT else url_for("my.training", slug=event.slug)
    return Part("研修", event.full_title, standing.word, task.trained, note, step if href else "", href)


def _next(standing: Standing, event: EventRow, place: RegistrationRow | None, now: datetime) -> tuple[str, str]:
    """A sentence about the training and the words of the link, by where somebody stands."""
    if place is not None and standing in {Standing.REGISTERED, Standing.WAITING}:
        return (
            f"{place.sitting_label}　{period_text(place.starts_at, place.ends_at)}".strip(),
            "申込みを確かめる・変える",
        )
    if standing is Standing.SUBSTITUTED:
        return "代理の方が出席しました。本人の受講は、まだ済んでいません。", "研修の内容を見る"
    if standing is Standing.ABSENT:
        return f"欠席と記録されています。{event.section}に連絡してください。", "研修の内容を見る"
    return _before(event, now) if standing is Standing.NOT_REGISTERED else ("", "研修の内容を見る")


def _before(event: EventRow, now: datetime) -> tuple[str, str]:
    phase = rules.phase(event, now)
    if phase.takes_applications:
        return "", "参加する回を選ぶ"
    if event.status is EventStatus.DRAFT or (phase is Phase.SOON and event.opens_at is None):
        return "日程は、決まり次第お知らせします。", "研修の内容を見る"
    if phase is Phase.SOON and event.opens_at is not None:
        return f"受付は{stamp_text(event.opens_at)}からです。", "研修の内容を見る"
    return f"{phase.word}です。{event.section}に連絡してください。", "研修の内容を見る"


def _course(task: Task, own: Progress | None, *, besides: bool) -> Part:
    """The course; `besides`: it may be completed instead of coming to the training."""
    if own is None:
        return Part("Eラーニング", "", "準備中", task.trained, "講座は、まだ公開されていません。")
    note = "修了すると、研修を受講したことになります。" if besides else ""
    step = "" if own.completion else "続きから受講する" if own.read else "受講する"
    href = url_for("my.course", course_id=own.course.id)
    return Part("Eラーニング", own.course.title, own.standing.word, own.completion is not None, note, step, href)


def _sheet(task: Task, standing: SheetStanding, form: OwedRow | None) -> Part:
    if form is None:
        return Part("棚卸シート", "", standing.word, task.handed_in, "様式は、まだ公開されていません。")
    href = url_for("my.worksheet", template_id=form.template.id, unit_id=form.unit.id)
    waits_for = "所属長" if form.awaits_approval else "担当課"
    note = f"{waits_for}の確認を待っています。" if standing is SheetStanding.SUBMITTED else ""
    title = f"{form.template.title}（{form.unit.name}）"
    return Part("棚卸シート", title, standing.word, task.handed_in, note, SHEET_STEPS[standing], href)
