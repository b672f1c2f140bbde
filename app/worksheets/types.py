"""Shapes that enter and leave the worksheets room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.kernel.types import JSON
from app.org.types import UnitRow
from app.questions.states import State, Step
from app.questions.types import Definition, Problem


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """What the organizer says of a worksheet. `code` joins the same worksheet of several years, `section` owns it."""

    fiscal_year: int
    code: str
    title: str
    section: str
    due_on: date
    definition: Definition
    needs_approval: bool = True
    most_attachments: int = 0


@dataclass(frozen=True, slots=True)
class TemplateDetails:
    """What can be changed of a worksheet besides its questions. `most_attachments` 0: it takes no files."""

    title: str
    due_on: date
    needs_approval: bool
    most_attachments: int


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A worksheet of a year as its sections see it. `form`: the number of its present definition."""

    id: int
    fiscal_year: int
    code: str
    title: str
    section: str
    due_on: date
    needs_approval: bool
    most_attachments: int
    opened_at: datetime | None
    closed_at: datetime | None
    extract_published_at: datetime | None
    form: int
    definition: Definition

    @property
    def writable(self) -> bool:
        """Open to the sections: published and not closed."""
        return self.opened_at is not None and self.closed_at is None


@dataclass(frozen=True, slots=True)
class CommentRow:
    """What was said of a row, a question or the whole (both None)."""

    id: int
    section: str | None
    row: str | None
    question: str | None
    text: str
    by: str
    at: datetime
    resolved: bool


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """What the organizer or the head says of a row or of the whole."""

    text: str
    section: str | None = None
    row: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file beside a section's answers; `size` in bytes."""

    id: int
    file_name: str
    media_type: str
    size: int
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class WorksheetView:
    """One section's worksheet. `id` None and `version` 0: nobody has begun.

    While it can be edited `definition` is the newest form and `answers` are taken along into it; afterwards both are
    those of the moment when it was handed in.
    """

    id: int | None
    template: TemplateRow
    unit_id: int
    state: State
    definition: Definition
    answers: dict[str, JSON]
    version: int
    updated_at: datetime | None = None
    updated_by: str = ""
    submitted_at: datetime | None = None
    submitted_by: str = ""
    approved_at: datetime | None = None
    approved_by: str = ""
    accepted_at: datetime | None = None
    comments: tuple[CommentRow, ...] = ()
    attachments: tuple[AttachmentRow, ...] = ()

    @property
    def editable(self) -> bool:
        """Whether the section may write into it now."""
        return self.state.editable and self.template.writable

    @property
    def awaits_approval(self) -> bool:
        """Handed in, and the section's head has not confirmed it."""
        return self.state is State.SUBMITTED and self.template.needs_approval and self.approved_at is None


@dataclass(frozen=True, slots=True)
class Saved:
    """The version that was stored, and what still stands against handing it in."""

    version: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A worksheet at one moment of its story."""

    number: int
    step: Step
    by: str
    at: datetime
    definition: Definition
    answers: dict[str, JSON]
    attachments: tuple[AttachmentRow, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardRow:
    """How far one section has come. `state` None: nobody has begun. `rows`: tasks that were handed in."""

    unit: UnitRow
    promoter: str
    state: State | None
    worksheet_id: int | None = None
    awaits_approval: bool = False
    rows: int = 0
    updated_at: datetime | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None

    @property
    def department(self) -> str:
        """The unit above, as the organisation chart names it."""
        return self.unit.path[-2] if len(self.unit.path) > 1 else self.unit.name


@dataclass(frozen=True, slots=True)
class OwedRow:
    """A worksheet that one of the own sections fills in. `state` None: nobody has begun."""

    template: TemplateRow
    unit: UnitRow
    state: State | None
    awaits_approval: bool


@dataclass(frozen=True, slots=True)
class RowFilters:
    """Which rows an overview shows. `options`: question key → option key, all of which must hold."""

    options: Mapping[str, str] = field(default_factory=dict)
    unit_ids: frozenset[int] | None = None
    word: str = ""
    chosen: bool = False
    agreed: bool = False
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A row that a section handed in, on the form with the id `form_id`.

    `agreed`: it may be published; `chosen`: it is in the public extract.
    """

    id: int
    worksheet_id: int
    form_id: int
    unit: UnitRow
    state: State
    section: str
    row: str
    answers: dict[str, JSON]
    agreed: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How often an option was chosen: in how many rows, by how many sections."""

    key: str
    label: str
    rows: int
    sections: int
