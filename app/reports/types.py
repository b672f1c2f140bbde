"""Shapes of the reports room: the yearly report, its texts and photos, and the figures it gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Where a report stands. draft → reviewed → frozen; whatever is changed after the review makes it a draft again."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    FROZEN = "frozen"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"draft": "作成中", "reviewed": "確認済", "frozen": "確定・公開"}[self.value]


class FileKind(StrEnum):
    """What a frozen report consists of."""

    PAGE = "page"
    PDF = "pdf"
    DOCX = "docx"
    CSV = "csv"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"page": "ウェブページの本文", "pdf": "PDF", "docx": "Word", "csv": "数字の一覧（CSV）"}[self.value]

    @property
    def media_type(self) -> str:
        """As HTTP names it."""
        return {
            "page": "text/html; charset=utf-8",
            "pdf": "application/pdf",
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "csv": "text/csv; charset=utf-8",
        }[self.value]


class Events(StrEnum):
    """Which events a chapter tells of; each belongs to one.

    `model`: residents and staff at the tables of a model project. Of the others, `staff`: those for staff alone.
    """

    STAFF = "staff"
    OPEN = "open"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report. `edited_by` is empty until somebody wrote; `carried_from`: the year whose texts it began with."""

    id: int
    fiscal_year: int
    section: str
    publisher: str
    status: Status
    carried_from: int | None
    edited_at: datetime
    edited_by: str
    edited_by_id: str | None
    reviewed_at: datetime | None
    reviewed_by: str
    reviewed_digest: str
    frozen_at: datetime | None
    frozen_by: str


@dataclass(frozen=True, slots=True)
class TextRow:
    """What people wrote in a chapter: paragraphs, and lists whose lines begin with ・. `version` 0: nothing yet.

    `carried`: it is last year's and nobody has looked at it.
    """

    chapter: str
    text: str
    version: int
    carried: bool
    edited_at: datetime | None = None
    edited_by: str = ""


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo in a chapter. `file` is its name beside the page."""

    id: int
    chapter: str
    alt: str
    caption: str
    media_type: str
    file_key: str

    @property
    def file(self) -> str:
        """12.jpg"""
        return f"{self.id}.{'png' if self.media_type == 'image/png' else 'jpg'}"


@dataclass(frozen=True, slots=True)
class PhotoDraft:
    """A photo that somebody adds."""

    alt: str
    caption: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is: `says` how it is counted, `counted_in` where the records stand."""

    key: str
    title: str
    unit: str
    says: str
    counted_in: str


@dataclass(frozen=True, slots=True)
class Line:
    """One of the records behind a figure. `about` is what it is a record of, as (kind, id); a figure is their sum.

    `source` is where it was read, for a record that was typed in the room that keeps such records.
    """

    label: str
    note: str
    amount: int
    about: tuple[str, int] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A figure that somebody typed, with where it was read."""

    fiscal_year: int
    key: str
    value: int
    source: str
    typed_at: datetime | None = None
    typed_by: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a year: what the records say, and what was typed. Where both are known, the records count.

    `read_in`: where the records themselves were read, empty for those that were made here.
    """

    definition: Definition
    fiscal_year: int
    counted: int | None
    typed: TypedRow | None
    read_in: str = ""

    @property
    def key(self) -> str:
        """The definition's key."""
        return self.definition.key

    @property
    def about(self) -> tuple[str, int]:
        """What the article says that it tells of: the key and the year."""
        return self.key, self.fiscal_year

    @property
    def value(self) -> int | None:
        """The figure, None while nobody knows it."""
        if self.counted is not None:
            return self.counted
        return self.typed.value if self.typed else None

    @property
    def text(self) -> str:
        """1,234人; empty while nobody knows it."""
        return "" if self.value is None else f"{self.value:,}{self.definition.unit}"

    @property
    def source(self) -> str:
        """Where it comes from."""
        if self.counted is None and self.typed:
            return self.typed.source
        return self.read_in or self.definition.counted_in

    @property
    def deviates(self) -> bool:
        """Whether what was typed differs from what the records say."""
        return self.counted is not None and self.typed is not None and self.typed.value != self.counted


@dataclass(frozen=True, slots=True)
class FrozenFigure:
    """A figure as a frozen report gives it."""

    fiscal_year: int
    key: str
    title: str
    unit: str
    value: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that reads otherwise now than in the frozen report; None: it was or is not known."""

    title: str
    unit: str
    then: int | None
    now: int | None


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a frozen report: its size in bytes and its SHA-256."""

    kind: FileKind
    size: int
    digest: str
    file_key: str


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What is wrong in a frozen report, published beside it."""

    id: int
    text: str
    published_at: datetime
    published_by: str
