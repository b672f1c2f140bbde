"""Pure decisions about programmes and themes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, timedelta
from itertools import pairwise

from app.proposals import budget
from app.proposals.errors import NoRoom, NotOpen, NotWritable, TooManyYears, WrongDates, WrongState, WrongTheme
from app.proposals.types import (
    Applicant,
    AttachmentRow,
    CourseKind,
    CourseRow,
    Phase,
    ProgrammeDates,
    ProgrammeRow,
    ProposalRow,
    ProposalState,
    ThemeState,
)
from app.questions.types import Answers, Checked, Problem
from app.questions.validate import check

MOST_FILES, MOST_BYTES = 5, 30 << 20
# How long names and ways to be reached are kept after the day of the final reports; the form says so.
CONTACTS_KEPT = timedelta(days=365)

# What each day is called, in the order in which the days must follow.
DAYS = {
    "themes_due_on": "テーマの提出期限",
    "opens_on": "申請の受付開始",
    "closes_on": "申請の締切",
    "correct_by": "補正の期限",
    "papers_on": "書類審査（1次）",
    "presentation_on": "公開プレゼンテーション（2次）",
    "decide_on": "採否の決定",
    "interim_due_on": "中間報告の期限",
    "final_due_on": "実績報告の期限",
}


def check_dates(dates: ProgrammeDates) -> None:
    """Raises WrongDates at the first day that lies before the one it follows."""
    names = [field.name for field in fields(dates)]
    for before, after in pairwise(names):
        if getattr(dates, after) < getattr(dates, before):
            raise WrongDates(f"「{DAYS[after]}」は、「{DAYS[before]}」以後の日にしてください。", after)


def phase(dates: ProgrammeDates, today: date) -> Phase:
    """Whether groups can apply on that day; first and last day included."""
    if today < dates.opens_on:
        return Phase.SOON
    return Phase.OPEN if today <= dates.closes_on else Phase.CLOSED


def takes_themes(programme: ProgrammeRow, today: date) -> bool:
    """Whether sections can hand in themes."""
    return programme.themes_published_at is None and today <= programme.dates.themes_due_on


def check_theme(state: ThemeState, *, among: Iterable[ThemeState], doing: str) -> None:
    """Raises WrongState where `doing` does not follow from `state`."""
    if state not in set(among):
        raise WrongState(f"{state.word}のため、{doing}ができません。画面を読み込み直して、状態を確かめてください。")


def check_open(programme: ProgrammeRow, today: date) -> None:
    """Raises NotOpen where no application can begin on that day."""
    if phase(programme.dates, today) is not Phase.OPEN or programme.published_at is None:
        raise NotOpen("申請の受付期間ではありません。")


def check_choice(course: CourseRow, applicant: Applicant, themes: Iterable[int]) -> None:
    """Raises WrongTheme, TooManyYears for what does not fit the course; `themes`: those that can be chosen."""
    if course.kind is CourseKind.CITY_THEME and applicant.theme_id not in set(themes):
        raise WrongTheme("このコースでは、市が示すテーマを一つ選んでください。")
    if course.kind is not CourseKind.CITY_THEME and applicant.theme_id is not None:
        raise WrongTheme("市が示すテーマで申請するときは、行政提案のコースを選んでください。")
    if applicant.support_year > course.years:
        raise TooManyYears(f"{course.name}で続けられるのは、{course.years}年までです。")


def writable(programme: ProgrammeRow, state: ProposalState, today: date) -> bool:
    """A draft can be written until the last day of applications, one that came back until the day of corrections."""
    if state is ProposalState.RETURNED:
        return today <= programme.dates.correct_by
    return state is ProposalState.DRAFT and phase(programme.dates, today) is Phase.OPEN


def check_writable(row: ProposalRow, today: date) -> None:
    """Raises NotWritable."""
    if not writable(row.programme, row.state, today):
        late = row.state in {ProposalState.DRAFT, ProposalState.RETURNED}
        why = "期限が過ぎているため" if late else f"{row.state.word}のため"
        raise NotWritable(f"{why}、変更できません。直したいことがあるときは、担当課へご連絡ください。")


def check_proposal(state: ProposalState, *, among: Iterable[ProposalState], doing: str) -> None:
    """Raises WrongState where `doing` does not follow from `state`."""
    if state not in set(among):
        raise WrongState(f"{state.word}のため、{doing}ができません。画面を読み込み直して、状態を確かめてください。")


def checked(row: ProposalRow, answers: Answers) -> Checked:
    """The answers to be handed in, with everything that is wrong: the questions' complaints, then the budget's."""
    found = check(row.programme.definition, answers, complete=True)
    return Checked(found.answers, (*found.problems, *budget.problems(row.programme.definition, answers, row.course)))


def seen_early(row: ProposalRow) -> tuple[Problem, ...]:
    """What is wrong with rows that are written already, said before anything is handed in."""
    return budget.row_problems(row.programme.definition, row.answers, row.course)


def check_room(there: Iterable[AttachmentRow], size: int) -> None:
    """Raises NoRoom for one more file of `size` bytes."""
    sizes = [one.size for one in there]
    if len(sizes) >= MOST_FILES:
        raise NoRoom(f"添付できるファイルは{MOST_FILES}個までです。先に、要らないファイルを外してください。")
    if sum(sizes) + size > MOST_BYTES:
        raise NoRoom(f"添付できるファイルは、全部で{MOST_BYTES >> 20}MBまでです。画像を小さくするなどしてください。")
