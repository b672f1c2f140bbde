"""Pure decisions about worksheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from app.kernel import text
from app.kernel.types import JSON
from app.questions.carrying import Row, carry, rows_of, single_of, text_of
from app.questions.internal import for_everybody, internal_problems, seen_by_everybody
from app.questions.states import State
from app.questions.types import Answers, Definition, Kind, Section
from app.questions.validate import check
from app.worksheets.errors import NoRoom, NotWritable, WrongState
from app.worksheets.types import RevisionRow, TemplateRow, WorksheetView

# The question whose yes lets a row be published.
PUBLISH = "publish"
# Bytes of the files that a worksheet has, and of those together with what it had when it was handed in before.
MOST_ATTACHED, MOST_KEPT = 30 << 20, 120 << 20
# Answers that hold for one year only: consent is asked for anew.
OF_ONE_YEAR = frozenset({PUBLISH})


def check_writable(template: TemplateRow, state: State) -> None:
    """Raises NotWritable."""
    if template.opened_at is None:
        raise NotWritable("この様式は、まだ公開されていません。")
    if template.closed_at is not None:
        raise NotWritable("この様式の受付は終了しました。直すときは、担当課へご連絡ください。")
    if not state.editable:
        raise NotWritable(f"{state.word}のため、直せません。直すときは、取り下げるか、担当課へご連絡ください。")


def check_room(view: WorksheetView, size: int, *, kept: int) -> None:
    """Raises NoRoom for a file of `size` bytes; `kept`: bytes of all files, those that only the story has included."""
    most, there = view.template.most_attachments, view.attachments
    if not most:
        raise NoRoom("この様式では、ファイルを添付できません。")
    if len(there) >= most:
        raise NoRoom(f"添付できるファイルは{most}個までです。先に、要らないファイルを外してください。")
    if sum(one.size for one in there) + size > MOST_ATTACHED:
        raise NoRoom(f"添付できるファイルは、全部で{MOST_ATTACHED >> 20}MBまでです。画像を小さくするなどしてください。")
    if kept + size > MOST_KEPT:
        raise NoRoom("これまでに提出したファイルと合わせて大きすぎるため、添付できません。担当課へご連絡ください。")


def check_step(state: State, *, among: Iterable[State], doing: str) -> None:
    """Raises WrongState where `doing` does not follow from `state`."""
    if state not in set(among):
        raise WrongState(f"{state.word}のため、{doing}ができません。画面を読み込み直して、状態を確かめてください。")


def check_accept(view: WorksheetView) -> None:
    """Raises WrongState for a sheet that was not handed in, or that its head has not confirmed."""
    check_step(view.state, among=[State.SUBMITTED], doing="受理")
    if view.awaits_approval:
        raise WrongState("所属長の確認がまだのため、受理できません。")
    if internal_problems(view.definition, check(view.definition, view.answers, complete=True).problems):
        raise WrongState("事務局だけの質問に、必須の記入が残っています。記入してから受理してください。")


def as_the_section_sees(view: WorksheetView) -> WorksheetView:
    """The worksheet without what only the organizer asks and answers."""
    return replace(
        view,
        template=replace(view.template, definition=for_everybody(view.template.definition)),
        definition=for_everybody(view.definition),
        answers=seen_by_everybody(view.definition, view.answers),
    )


def step_as_the_section_sees(step: RevisionRow) -> RevisionRow:
    """A step of the story without what only the organizer asks and answers."""
    answers = seen_by_everybody(step.definition, step.answers)
    return replace(step, definition=for_everybody(step.definition), answers=answers)


def agreed(section: Section, row: Row) -> bool:
    """Whether the section lets this row be published; where the form does not ask, it does not."""
    return any(q.key == PUBLISH and not q.internal for q in section.questions) and row.get(PUBLISH) is True


def has_row(section: Section, key: str, answers: Answers) -> bool:
    """Whether there is such a row."""
    return any(row["row"] == key for row in rows_of(section, answers))


def choices(section: Section, row: Row) -> Iterator[tuple[str, str]]:
    """What a row can be found by: (question key, option key)."""
    for question in section.questions:
        value = row.get(question.key)
        if question.kind is Kind.MULTIPLE and isinstance(value, list):
            yield from ((question.key, str(one)) for one in value)
        elif question.kind is Kind.SINGLE and isinstance(value, str):
            yield question.key, value
        elif question.kind is Kind.YES_NO and isinstance(value, bool):
            yield question.key, "yes" if value else "no"


def search_text(section: Section, row: Row) -> str:
    """Everything that was answered in a row, folded, for the search by words."""
    return " ".join(text.folded(text_of(question, row)) for question in section.questions if not question.internal)


def joined(answers: Answers, earlier: Iterable[Answers], definition: Definition) -> dict[str, JSON]:
    """`answers` with what the years before gave: rows that are not there yet, single answers that are still open.

    Doing it twice changes nothing.
    """
    found = dict(answers)
    for old in earlier:
        taken = carry(_without_consent(old, definition), definition)
        for section in definition.sections:
            merge = _more_rows if section.repeats else _open_answers
            if added := merge(section, found, taken):
                found[section.key] = added
    return carry(found, definition)


def _more_rows(section: Section, answers: Answers, taken: Answers) -> JSON:
    present = rows_of(section, answers)
    known = {row["row"] for row in present}
    return [dict(row) for row in [*present, *(row for row in rows_of(section, taken) if row["row"] not in known)]]


def _open_answers(section: Section, answers: Answers, taken: Answers) -> JSON:
    return {**single_of(section, taken), **single_of(section, answers)}


def _without_consent(answers: Answers, definition: Definition) -> dict[str, JSON]:
    found: dict[str, JSON] = {}
    for section in definition.sections:
        if section.repeats:
            found[section.key] = [_kept(row) for row in rows_of(section, answers)]
        else:
            found[section.key] = _kept(single_of(section, answers))
    return found


def _kept(row: Mapping[str, JSON]) -> dict[str, JSON]:
    return {key: value for key, value in row.items() if key not in OF_ONE_YEAR}
