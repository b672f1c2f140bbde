"""What a document is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

# A cell of a table: text stays text whatever it looks like; only typed numbers become numbers.
Cell = str | int | float | None


class Column(StrEnum):
    """A column that an organizer may choose for the printed roster, in the order in which they are offered."""

    NUMBER = "number"
    CHECK = "check"
    REFERENCE = "reference"
    NAME = "name"
    KANA = "kana"
    PARTY = "party"
    AFFILIATION = "affiliation"
    DISTRICT = "district"
    CATEGORY = "category"
    PHONE = "phone"
    NOTE = "note"
    SIGNATURE = "signature"

    @property
    def label(self) -> str:
        """The column's heading on paper and on the screen where columns are chosen."""
        return _LABELS[self]


_LABELS = {
    Column.NUMBER: "番号",
    Column.CHECK: "出席",
    Column.REFERENCE: "受付番号",
    Column.NAME: "氏名",
    Column.KANA: "フリガナ",
    Column.PARTY: "人数",
    Column.AFFILIATION: "所属",
    Column.DISTRICT: "地区",
    Column.CATEGORY: "区分",
    Column.PHONE: "電話番号",
    Column.NOTE: "備考",
    Column.SIGNATURE: "署名",
}

# フリガナ stands small above the name unless its own column is chosen.
DEFAULT_COLUMNS = (
    Column.NUMBER,
    Column.CHECK,
    Column.NAME,
    Column.PARTY,
    Column.AFFILIATION,
    Column.DISTRICT,
    Column.NOTE,
    Column.SIGNATURE,
)

CARE_SYMBOL = "●"
_AT_THE_EDGE = frozenset({Column.NOTE, Column.SIGNATURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One line of the roster: one registration, or somebody who comes along with the one above.

    `number` is the line's number on this sheet (0: none, the line belongs to the one above), `party` how many people
    come (companions included), `status` a short word printed under the note only where it is not the usual one
    (キャンセル待ち). `note_symbol` is one character at most, so that no word about a disability can reach a paper that
    lies on a desk. `group` names the block that the row belongs to (あ行, 市民活動推進課, 1班); rows of a group must be
    neighbours.
    """

    number: int
    name: str
    reference: str = ""
    kana: str = ""
    party: int = 1
    affiliation: str = ""
    district: str = ""
    category: str = ""
    status: str = ""
    phone: str = ""
    email: str = ""
    note_symbol: str = ""
    group: str = ""
    answers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.note_symbol) > 1:
            raise ValueError("note_symbol is one character: needs are never printed in words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A roster of one sitting, its texts ready to print (dates in 和暦).

    `subtitle` is 第2回 or the theme, `sort_label` says the order (フリガナ順), `contact` whom to ask, `blank_rows` how
    many lines for 当日受付 follow. `totals` are printed at the end; None leaves a space to write by hand.
    `questions` are the headings of columns with each row's `answers`.
    `page_per_group` begins a page with each group, so that reception desks can share the sheets.
    """

    title: str
    when: str
    venue: str
    rows: tuple[RosterRow, ...]
    printed_at_text: str
    printed_by: str
    subtitle: str = ""
    fiscal_year_text: str = ""
    sitting_label: str = ""
    sort_label: str = ""
    contact: str = ""
    columns: tuple[Column, ...] = DEFAULT_COLUMNS
    blank_rows: int = 5
    totals: tuple[tuple[str, int | None], ...] = ()
    page_per_group: bool = False
    questions: tuple[str, ...] = ()

    @property
    def before_answers(self) -> tuple[Column, ...]:
        """The columns in front of the answers: note and signature stay at the edge, where people write."""
        return tuple(column for column in self.columns if column not in _AT_THE_EDGE)

    @property
    def after_answers(self) -> tuple[Column, ...]:
        """The columns behind the answers."""
        return tuple(column for column in self.columns if column in _AT_THE_EDGE)


@dataclass(frozen=True, slots=True)
class ExtractTask:
    """One task of the inventory of work: its name, and what was answered as (label, words)."""

    name: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ExtractGroup:
    """The tasks of one section of the city hall."""

    heading: str
    tasks: tuple[ExtractTask, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """What is public of a year's inventory of work, its texts ready to print."""

    title: str
    fiscal_year_text: str
    groups: tuple[ExtractGroup, ...]


class Encoding(StrEnum):
    """How a CSV file is written. Excel opens both; UTF-8 keeps every character."""

    UTF8 = "utf-8"
    CP932 = "cp932"


class Replaced(NamedTuple):
    """A character that the encoding lacks: in which line of the file (the heading is line 1), in which column."""

    row: int
    column: str
    char: str


class CsvFile(NamedTuple):
    """A CSV file and what could not be written into it as it stands."""

    content: bytes
    replaced: tuple[Replaced, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSheet:
    """A certificate (修了証), its texts ready to print.

    `verify`: the address of the page that says what it proves, `qr` the same as an SVG; both empty where it has none.
    """

    number: str
    name: str
    title: str
    attended: str
    issued: str
    issuer: str
    verify: str = ""
    qr: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSheet:
    """A letter for a window envelope, its texts ready to print. `qr` is an SVG, or empty."""

    postcode: str
    address: tuple[str, ...]
    name: str
    sender: tuple[str, ...]
    contact: str
    date: str
    number: str
    title: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    qr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcardSheet:
    """A postcard, its texts ready to print. `postcode` is seven digits or empty.

    Whoever carries it can read it: it has no room for the words of the message, nor for a link.
    """

    postcode: str
    address: tuple[str, ...]
    name: str
    sender: tuple[str, ...]
    title: str
    facts: tuple[tuple[str, str], ...]
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterSheet:
    """A poster of one event, its texts ready to print. `dates`: label, date. `rows`: heading, words. `qr`: SVG."""

    series: str
    publisher: str
    title: str
    summary: str
    dates: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...]
    how: str
    contact: str
    page: str
    qr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSheet:
    """A mandated training on paper, its texts ready to print.

    `departments`: name, bound, done, missing, share. `missing`: department, section, name, standing. `vacant` names
    the sections for which nobody is named.
    """

    title: str
    lead: str
    summary: str
    departments: tuple[tuple[str, ...], ...]
    missing: tuple[tuple[str, ...], ...]
    vacant: str
    printed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPart:
    """A part of a filled-in form: either answers (label, words), or a table of `rows` under `headers`.

    `numbers`: the places of the columns that are set to the right.
    """

    heading: str
    answers: tuple[tuple[str, str], ...] = ()
    headers: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSheet:
    """A filled-in form, its texts ready to print. `footer` stands below each page."""

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[FormPart, ...]
    footer: str
