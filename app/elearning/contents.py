"""What a draft holds: its units with their files, and the questions of its check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.documents import sniffing
from app.elearning import media, queries, rules, steps
from app.elearning.errors import ContentsChanged
from app.elearning.models import CourseUnit, CourseVersion
from app.elearning.types import Check, Kept, Solution, UnitDraft, UnitKind
from app.infra import audit
from app.infra.db import db, transaction
from app.infra.storage import storage
from app.infra.tokens import random_id
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.questions import codec, editing
from app.questions.types import Definition, Question, Section


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was put into the storage for a unit; None where nothing was sent."""

    file: Kept | None
    captions: str | None
    keys: tuple[str, ...]


def add_unit(course_id: int, draft: UnitDraft, *, by: Actor, now: datetime) -> int:
    """Put a unit behind the others; its id. Raises NotFound, Frozen, Incomplete, WrongFile.

    Files are stored before the transaction begins, so that a slow store holds no lock, and taken away again when it
    fails.
    """
    rules.check_unit(draft, has_file=draft.file is not None, has_captions=draft.captions is not None)
    sent = _store(draft)
    try:
        return _add(course_id, draft, sent, by=by, now=now)
    except BaseException:
        _take_back(sent)
        raise


def change_unit(course_id: int, unit_id: int, draft: UnitDraft, *, by: Actor, now: datetime) -> None:
    """Change a unit of the draft; its kind stays. Raises NotFound, Frozen, Incomplete, WrongFile."""
    sent = _store(draft)
    try:
        _change(course_id, unit_id, draft, sent, by=by, now=now)
    except BaseException:
        _take_back(sent)
        raise


@transaction
def move_unit(course_id: int, unit_id: int, places: int, *, by: Actor, now: datetime) -> None:
    """Move a unit of the draft `places` further down; at an edge it stays. Raises NotFound, Frozen."""
    units = steps.units_of(steps.locked_draft(course_id).id)
    at = next((place for place, unit in enumerate(units) if unit.id == unit_id), None)
    if at is None:
        raise NotFound
    moved = units.pop(at)
    units.insert(min(max(at + places, 0), len(units)), moved)
    for place, unit in enumerate(units, start=1):
        unit.position = place
    audit.record("course.unit_moved", "course", course_id, by=by, at=now)


@transaction
def remove_unit(course_id: int, unit_id: int, *, by: Actor, now: datetime) -> None:
    """Take a unit out of the draft. Raises NotFound, Frozen."""
    unit = _own(steps.locked_draft(course_id), unit_id)
    keys = (unit.file_key, unit.captions_key)
    db.session.delete(unit)
    steps.forget_files(keys)
    audit.record("course.unit_removed", "course", course_id, by=by, at=now)


@transaction
def set_rules(course_id: int, pass_percent: int, most_tries: int | None, *, by: Actor, now: datetime) -> None:
    """How much must be right (1 to 100 %), and how often one may try; None: any number. Raises NotFound, Frozen."""
    row = steps.locked_draft(course_id)
    row.pass_percent, row.most_tries = pass_percent, most_tries
    audit.record("course.check_changed", "course", course_id, by=by, at=now)


@transaction
def put_question(  # noqa: PLR0913 a question, its solution, its place
    course_id: int, place: int | None, asked: Question, solution: Solution, *, seen: str, by: Actor, now: datetime
) -> None:
    """Put a question in `place` of the draft's check, or behind the others; whoever takes the check must answer it.

    `seen`: seen_of() what was looked at. Raises NotFound, Frozen, BrokenDefinition, ContentsChanged.
    """
    rules.check_solution(asked, solution)
    asked = replace(asked, required=True)
    row, check = _checked(course_id, seen)
    definition = check.definition or Definition("確認テスト", (Section(rules.CHECK, "確認テスト", ()),))
    _keep(row, editing.with_question(definition, 0, place, asked), {**check.solutions, asked.key: solution})
    audit.record("course.check_changed", "course", course_id, by=by, at=now)


@transaction
def move_question(course_id: int, place: int, places: int, *, seen: str, by: Actor, now: datetime) -> None:
    """Move a question of the draft's check. Raises NotFound, Frozen, ContentsChanged."""
    row, check = _checked(course_id, seen)
    if check.definition is None or place >= len(check.questions):
        raise NotFound
    _keep(row, editing.moved(check.definition, 0, place, by=places), dict(check.solutions))
    audit.record("course.check_changed", "course", course_id, by=by, at=now)


@transaction
def remove_question(course_id: int, place: int, *, seen: str, by: Actor, now: datetime) -> None:
    """Take a question out of the draft's check. Raises NotFound, Frozen, ContentsChanged."""
    row, check = _checked(course_id, seen)
    if check.definition is None or place >= len(check.questions):
        raise NotFound
    _keep(row, editing.without(check.definition, 0, place), dict(check.solutions))
    audit.record("course.check_changed", "course", course_id, by=by, at=now)


def seen_of(check: Check) -> str:
    """Differs where the questions do: says which ones somebody was looking at."""
    return codec.digest(check.definition) if check.definition else ""


def _checked(course_id: int, seen: str) -> tuple[CourseVersion, Check]:
    row = steps.locked_draft(course_id)
    check = queries.version(row.id).check
    if seen_of(check) != seen:
        raise ContentsChanged("別の職員が先に問題を変えています。画面を読み込み直して、もう一度変更してください。")
    return row, check


def _keep(row: CourseVersion, definition: Definition, solutions: dict[str, Solution]) -> None:
    asked = definition.sections[0].questions
    if asked:
        codec.verify(definition)
    row.definition = codec.to_json(definition) if asked else None
    row.solutions = rules.solutions_to_json(solutions, asked)


@transaction
def _add(course_id: int, draft: UnitDraft, sent: _Sent, *, by: Actor, now: datetime) -> int:
    version = steps.locked_draft(course_id)
    last = max((unit.position for unit in steps.units_of(version.id)), default=0)
    unit = CourseUnit(version_id=version.id, unit_key=random_id(), position=last + 1, kind=draft.kind)
    _write(unit, draft, sent)
    db.session.add(unit)
    db.session.flush()  # the caller wants the id
    audit.record("course.unit_added", "course", course_id, by=by, at=now)
    return unit.id


@transaction
def _change(course_id: int, unit_id: int, draft: UnitDraft, sent: _Sent, *, by: Actor, now: datetime) -> None:
    unit = _own(steps.locked_draft(course_id), unit_id)
    draft = replace(draft, kind=unit.kind)
    keeps_captions = unit.captions_key is not None and not draft.drop_captions
    rules.check_unit(draft, has_file=True, has_captions=sent.captions is not None or keeps_captions)
    before = (unit.file_key, unit.captions_key)
    _write(unit, draft, sent)
    steps.forget_files(set(before) - {unit.file_key, unit.captions_key})
    audit.record("course.unit_changed", "course", course_id, by=by, at=now)


def _write(unit: CourseUnit, draft: UnitDraft, sent: _Sent) -> None:
    unit.title, unit.body = draft.title, draft.body
    unit.url = draft.url if draft.kind is UnitKind.LINK else ""
    if draft.drop_captions:
        unit.captions_key = None
    if sent.file is not None:
        unit.file_key, unit.file_name = sent.file.key, sent.file.name
        unit.media_type, unit.file_size = sent.file.media_type, sent.file.size
    if sent.captions is not None:
        unit.captions_key = sent.captions
    unit.digest = rules.digest(unit.unit_key, unit.title, unit.body, unit.url, unit.file_key, unit.captions_key)


def _own(version: CourseVersion, unit_id: int) -> CourseUnit:
    unit = db.session.get(CourseUnit, unit_id)
    if unit is None or unit.version_id != version.id:
        raise NotFound
    return unit


def _store(draft: UnitDraft) -> _Sent:
    """Both are judged before either is stored. Raises WrongFile."""
    kind = media.kind_of(draft.kind, draft.file) if draft.file is not None and draft.kind.has_file else None
    wanted = draft.captions if draft.kind is UnitKind.VIDEO else None
    captions = media.captions(wanted) if wanted is not None else None
    kept = None
    if kind is not None and draft.file is not None:
        name = sniffing.safe_name(draft.file_name, kind)
        kept = Kept(storage.save(draft.file), name, kind.media_type, len(draft.file))
    words = storage.save(captions) if captions is not None else None
    return _Sent(kept, words, tuple(key for key in (kept.key if kept else None, words) if key))


def _take_back(sent: _Sent) -> None:
    for key in sent.keys:
        storage.delete(key)
