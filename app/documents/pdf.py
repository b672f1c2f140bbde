"""PDF from plain data, set by Typst. The only module here that loads the typesetter."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unicodedata import east_asian_width

import typst

from app.documents.article import Article
from app.documents.article_sheet import sheet_data, sheet_files
from app.documents.errors import ColumnsTooWide
from app.documents.glyphs import unprintable
from app.documents.types import (
    CARE_SYMBOL,
    BoardSheet,
    CertificateSheet,
    Column,
    Extract,
    FormPart,
    FormSheet,
    LetterSheet,
    PostcardSheet,
    PosterSheet,
    Roster,
    RosterRow,
)

_HERE = Path(__file__).parent
_LAYOUTS = _HERE / "layouts"
# The order in which fonts are asked for a character; fonts/README.md says what each is for.
_FONT_CHAIN = json.dumps(
    ["BIZ UDPGothic", "Tsudoi Gothic JP", "Tsudoi Gothic CJK", "Tsudoi Mincho A", "Tsudoi Mincho B"]
)
GETA = "〓"
_BYTE_ORDER_MARK = "\ufeff"  # PDF/UA forbids it in text

# Millimetres of A4 between the margins of layouts/roster.typ.
_PAGE_WIDTH = 186.0
# Least width of each column in mm. A signature needs 35 mm.
_WIDTHS = {
    Column.NUMBER: 10.0,
    Column.CHECK: 10.0,
    Column.REFERENCE: 21.0,
    Column.NAME: 36.0,
    Column.KANA: 28.0,
    Column.PARTY: 10.0,
    Column.AFFILIATION: 26.0,
    Column.DISTRICT: 18.0,
    Column.CATEGORY: 16.0,
    Column.PHONE: 31.0,
    Column.NOTE: 17.0,
    Column.SIGNATURE: 36.0,
}
# How columns share what is left.
_GROWTH = {
    Column.NAME: 3,
    Column.KANA: 2,
    Column.AFFILIATION: 4,
    Column.DISTRICT: 1,
    Column.SIGNATURE: 1,
}
_ANSWER_WIDTH, _ANSWER_GROWTH = 22.0, 3
_CENTRED = {Column.NUMBER, Column.CHECK, Column.REFERENCE, Column.PARTY, Column.CATEGORY, Column.NOTE}
_CACHED_DOCUMENTS = 10
_compiling = threading.Lock()


def roster_pdf(roster: Roster) -> bytes:
    """The roster of one sitting on A4, tagged for assistive technology (PDF/UA-1, ISO 14289-1).

    A character that no font can draw is printed as 〓 rather than keeping the sheet from the reception desk.
    Raises ColumnsTooWide when the chosen columns leave no room for the widths that handwriting needs.
    """
    return _typeset("roster.typ", {"roster": json.dumps(_roster_data(roster), ensure_ascii=False)})


def certificates_pdf(certificates: Sequence[CertificateSheet]) -> bytes:
    """Certificates on A4, one a page, with the space for the seal; tagged (PDF/UA-1, ISO 14289-1)."""
    data = [{**{name: _printable(text) for name, text in asdict(one).items()}, "qr": one.qr} for one in certificates]
    return _typeset("certificate.typ", {"certificates": json.dumps(data, ensure_ascii=False)})


def letters_pdf(letters: Sequence[LetterSheet]) -> bytes:
    """Letters on A4 for window envelopes of 長形3号, each from a new page; tagged (PDF/UA-1, ISO 14289-1)."""
    data = [
        {
            **{
                name: _printable(getattr(one, name))
                for name in ("postcode", "name", "contact", "date", "number", "title")
            },
            **{name: [_printable(text) for text in getattr(one, name)] for name in ("address", "sender", "paragraphs")},
            "facts": [[_printable(label), _printable(text)] for label, text in one.facts],
            "qr": one.qr,
        }
        for one in letters
    ]
    return _typeset("letter.typ", {"letters": json.dumps(data, ensure_ascii=False)})


def postcards_pdf(cards: Sequence[PostcardSheet]) -> bytes:
    """Postcards of 100 × 148 mm, each with the side of the address before that of the message; tagged (PDF/UA-1)."""
    data = [
        {
            **{name: _printable(getattr(one, name)) for name in ("postcode", "name", "title", "contact")},
            **{name: [_printable(text) for text in getattr(one, name)] for name in ("address", "sender")},
            "facts": [[_printable(label), _printable(text)] for label, text in one.facts],
        }
        for one in cards
    ]
    return _typeset("postcard.typ", {"cards": json.dumps(data, ensure_ascii=False)})


def poster_pdf(poster: PosterSheet) -> bytes:
    """A poster on A4, made smaller until it fits the page, tagged (PDF/UA-1, ISO 14289-1)."""
    names = ("series", "publisher", "title", "summary", "how", "contact", "page")
    data = {
        **{name: _printable(getattr(poster, name)) for name in names},
        "dates": [[_printable(text) for text in line] for line in poster.dates],
        "rows": [[_printable(text) for text in row] for row in poster.rows],
        "qr": poster.qr,
    }
    return _typeset("poster.typ", {"poster": json.dumps(data, ensure_ascii=False)})


def board_pdf(board: BoardSheet) -> bytes:
    """A mandated training's departments and those who still owe on A4, tagged (PDF/UA-1, ISO 14289-1)."""
    data = {
        "document_title": _printable(f"受講状況　{board.title}"),
        **{name: _printable(getattr(board, name)) for name in ("title", "lead", "summary", "vacant", "printed")},
        "departments": [[_printable(text) for text in row] for row in board.departments],
        "missing": [[_printable(text) for text in row] for row in board.missing],
    }
    return _typeset("board.typ", {"board": json.dumps(data, ensure_ascii=False)})


@lru_cache(maxsize=4)
def extract_pdf(extract: Extract) -> bytes:
    """The extract on A4, tagged (PDF/UA-1). Kept: everybody may ask for it, and it changes a few times a year."""
    data = {
        "title": _printable(extract.title),
        "fiscal_year_text": _printable(extract.fiscal_year_text),
        "groups": [
            {
                "heading": _printable(group.heading),
                "tasks": [
                    {
                        "name": _printable(task.name),
                        "answers": [[_printable(text) for text in one] for one in task.answers],
                    }
                    for task in group.tasks
                ],
            }
            for group in extract.groups
        ],
    }
    return _typeset("extract.typ", {"extract": json.dumps(data, ensure_ascii=False)})


def form_pdf(sheet: FormSheet) -> bytes:
    """A filled-in form on A4, tagged (PDF/UA-1, ISO 14289-1)."""
    data = {
        **{name: _printable(getattr(sheet, name)) for name in ("title", "lead", "footer")},
        "facts": [[_printable(text) for text in fact] for fact in sheet.facts],
        "parts": [_part(part) for part in sheet.parts],
    }
    return _typeset("form.typ", {"form": json.dumps(data, ensure_ascii=False)})


def _part(part: FormPart) -> dict[str, object]:
    return {
        "heading": _printable(part.heading),
        "answers": [[_printable(text) for text in one] for one in part.answers],
        "headers": [_printable(text) for text in part.headers],
        "numbers": list(part.numbers),
        "rows": [[_printable(text) for text in row] for row in part.rows],
    }


def article_pdf(article: Article) -> bytes:
    """An article on A4 with its charts and photos, tagged (PDF/UA-1, ISO 14289-1)."""
    data = _all_printable(sheet_data(article))
    return _typeset("article.typ", {"article": json.dumps(data, ensure_ascii=False)}, sheet_files(article))


def svg_png(svg: str, *, ppi: int = 192) -> bytes:
    """A drawing as pixels, for programs that take no SVG; its letters in our own fonts."""
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg")'
    with _laid_out({"main.typ": page, "drawing.svg": svg.encode()}) as compiler:
        return _bytes(compiler.compile(format="png", ppi=ppi))


def can_be_shown(picture: bytes, ending: str) -> bool:
    """Whether a photo can be set: every pixel of it is looked at."""
    name = f"picture.{ending}"
    page = f'#set page(width: 40pt, height: 40pt, margin: 0pt)\n#image("{name}", width: 100%)'.encode()
    with _laid_out({"main.typ": page, name: picture}) as compiler:
        try:
            compiler.compile(format="png", ppi=36)
        except typst.TypstError:
            return False
    return True


def _typeset(layout: str, inputs: dict[str, str], files: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of a layout. Data goes in as strings that the layout parses as JSON; none of it is ever Typst code.

    `files` are what the layout shows, by name.
    """
    inputs = {**inputs, "fonts": _FONT_CHAIN}
    if files:
        with _laid_out({"main.typ": (_LAYOUTS / layout).read_bytes(), **files}) as own:
            return _bytes(own.compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"]))
    with _compiling:  # one compiler, whose inputs are set per call
        pdf = _compiler().compile(_LAYOUTS / layout, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
        _age_cache()
    return _bytes(pdf)


@contextmanager
def _laid_out(files: Mapping[str, bytes]) -> Iterator[typst.Compiler]:
    """A compiler of main.typ in a folder of its own, where nothing else is to be read."""
    with TemporaryDirectory(prefix="tsudoi-") as folder, _compiling:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        yield typst.Compiler(Path(folder) / "main.typ", root=folder, font_paths=_fonts(), ignore_system_fonts=True)
        _age_cache()


def _bytes(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError(f"the typesetter returned {type(made).__name__}")
    return made


def _age_cache() -> None:
    """Let the engine forget what it has just set.

    It drops a result that the last ten documents did not use; different rosters share little, and keeping ten of them
    costs 180 MB. Eleven empty pages take about 55 ms.
    """
    for _ in range(_CACHED_DOCUMENTS + 1):
        _compiler().compile(b"", format="pdf", sys_inputs={})


@cache
def _compiler() -> typst.Compiler:
    """One compiler a process: it keeps the fonts open and remembers what it has set before."""
    return typst.Compiler(root=_LAYOUTS, font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_HERE / "fonts"])


def _roster_data(roster: Roster) -> dict[str, object]:
    """The roster as layouts/roster.typ wants it."""
    title = _printable(roster.title)
    subtitle = _printable(roster.subtitle)
    parts = (title, subtitle, _printable(roster.sitting_label))
    return {
        "document_title": "　".join(["受付名簿", *filter(None, parts)]),
        "title": title,
        "subtitle": subtitle,
        "title_width": _width(title) + _width(subtitle),
        "fiscal_year_text": _printable(roster.fiscal_year_text),
        "when": _printable(roster.when),
        "venue": _printable(roster.venue),
        "sitting_label": _printable(roster.sitting_label),
        "sort_label": _printable(roster.sort_label),
        "printed_at_text": _printable(roster.printed_at_text),
        "printed_by": _printable(roster.printed_by),
        "contact": _printable(roster.contact),
        "columns": _columns(roster),
        "kana_above": Column.KANA not in roster.columns,
        "has_symbols": any(row.note_symbol == CARE_SYMBOL for row in roster.rows),
        "groups": [
            {"label": _printable(label), "rows": [_row_data(row) for row in rows]}
            for label, rows in groupby(roster.rows, key=lambda row: row.group)
        ],
        "page_per_group": roster.page_per_group,
        "blank_rows": roster.blank_rows,
        "totals": [{"label": _printable(label), "number": number} for label, number in roster.totals],
    }


def _row_data(row: RosterRow) -> dict[str, object]:
    name = _printable(row.name)
    return {
        Column.NUMBER: str(row.number or ""),
        Column.REFERENCE: _printable(row.reference),
        Column.NAME: name,
        "name_width": _width(name),
        Column.KANA: _printable(row.kana),
        Column.PARTY: str(row.party),
        Column.AFFILIATION: _printable(row.affiliation),
        Column.DISTRICT: _printable(row.district),
        Column.CATEGORY: _printable(row.category),
        Column.PHONE: _printable(row.phone),
        "note_symbol": _printable(row.note_symbol),
        "status": _printable(row.status),
        **{f"answer-{place}": _printable(answer) for place, answer in enumerate(row.answers)},
    }


def _columns(roster: Roster) -> list[dict[str, object]]:
    """The columns with their widths in mm, which together fill the page. Raises ColumnsTooWide."""
    before, after = (tuple(dict.fromkeys(part)) for part in (roster.before_answers, roster.after_answers))
    spare = _PAGE_WIDTH - sum(_WIDTHS[column] for column in (*before, *after)) - _ANSWER_WIDTH * len(roster.questions)
    if spare < 0:
        raise ColumnsTooWide(
            f"選んだ列はA4縦の用紙に収まりません（{-spare:.0f}ミリメートル超過）。列を減らしてください。"
        )
    shares = sum(_GROWTH.get(column, 0) for column in (*before, *after)) + _ANSWER_GROWTH * len(roster.questions) or 1
    answers = [
        {
            "name": f"answer-{place}",
            "label": _printable(label),
            "centred": False,
            "width": _ANSWER_WIDTH + spare * _ANSWER_GROWTH / shares,
        }
        for place, label in enumerate(roster.questions)
    ]

    def printed(columns: Iterable[Column]) -> list[dict[str, object]]:
        return [
            {
                "name": column.value,
                "label": column.label,
                "centred": column in _CENTRED,
                "width": _WIDTHS[column] + spare * _GROWTH.get(column, 0) / shares,
            }
            for column in columns
        ]

    return [*printed(before), *answers, *printed(after)]


def _printable(text: str) -> str:
    """The text with 〓 for what no font can draw: PDF/UA refuses a missing glyph, and people must still get in."""
    text = text.replace(_BYTE_ORDER_MARK, "")
    missing = unprintable(text)
    return text.translate({ord(char): GETA for char in missing}) if missing else text


def _all_printable(data: Any) -> Any:
    """The same for every text in a structure of lists and dictionaries."""
    if isinstance(data, str):
        return _printable(data)
    if isinstance(data, dict):
        return {name: _all_printable(value) for name, value in data.items()}
    return [_all_printable(value) for value in data] if isinstance(data, list) else data


def _width(text: str) -> float:
    """Length in full-width characters."""
    return sum(1.0 if east_asian_width(char) in "WFA" else 0.5 for char in text)
