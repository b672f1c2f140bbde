"""A document to be read: one model, from which a web page, a PDF and a Word file are written.

Texts are plain; whoever writes them out escapes them. A chart brings its table along in each of the three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

About = tuple[str, int]


class Told(str):
    """A text that tells what it stands for: `about` a record, as (kind, number). A plain text to all who do not ask."""

    __slots__ = ("about",)
    about: About

    def __new__(cls, text: str, about: About) -> Told:
        """The text, and what it is about."""
        told = super().__new__(cls, text)
        told.about = about
        return told


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. `level` 1 is the highest below the title, 4 the lowest; `number` reads (1) or ア and may be empty."""

    level: int
    number: str
    text: str
    anchor: str

    @property
    def full(self) -> str:
        """ア　協働推進員研修"""
        return f"{self.number}　{self.text}" if self.number else self.text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list with what stands below it. `mark` reads (ア) or a, and is empty for a plain bullet."""

    text: str
    mark: str = ""
    items: tuple[Item, ...] = ()

    @property
    def full(self) -> str:
        """（ア）助け合いゲーム"""
        return f"{self.mark}　{self.text}" if self.mark else self.text


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: tuple[Item, ...]


class Fact(NamedTuple):
    """What something is called and what is said of it, a line each."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Things that are said of one subject: 日時, 会場, 参加者."""

    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row says what the row is about. `numbers` are the columns set to the right."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


class Bar(NamedTuple):
    """One bar of a chart, and what its value stands for."""

    label: str
    value: int
    about: About | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, and the same as a table: `header` names the columns of labels and of values."""

    caption: str
    unit: str
    header: tuple[str, str]
    bars: tuple[Bar, ...]

    @property
    def table(self) -> Table:
        """What the bars say, in figures."""
        return Table(self.caption, self.header, tuple(map(self._row, self.bars)), frozenset({1}))

    @property
    def spoken(self) -> str:
        """What the picture shows, for those who do not see it."""
        return f"{self.caption}。" + "、".join(f"{bar.label}は{bar.value:,}{self.unit}" for bar in self.bars)

    def _row(self, bar: Bar) -> tuple[str, str]:
        value = f"{bar.value:,}{self.unit}"
        return bar.label, Told(value, bar.about) if bar.about else value


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo. `file` is its name beside the page, `alt` says what is to be seen."""

    file: str
    content: bytes
    alt: str
    caption: str


Block = Heading | Paragraph | Listing | Facts | Table | Chart | Picture


@dataclass(frozen=True, slots=True)
class Article:
    """The whole document. `publisher` and `lead` stand below the title."""

    title: str
    publisher: str
    lead: str
    blocks: tuple[Block, ...]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The photos in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Picture))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Chart))
