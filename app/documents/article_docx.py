"""An article as a Word file: real headings, lists and table headings, alternative texts, Japanese throughout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable

from app.documents.article import Article, Block, Chart, Facts, Heading, Item, Listing, Paragraph, Picture, Table
from app.documents.charts import bars_svg
from app.documents.pdf import svg_png
from app.documents.sheets import cell_text

FONT, LANGUAGE = "BIZ UDPゴシック", "ja-JP"
_SIZES = {"Title": 20, "Heading 1": 16, "Heading 2": 13, "Heading 3": 11.5, "Heading 4": 10.5, "Caption": 9}
_TEXT_SIZE = 10.5
_PAGE = (Mm(210), Mm(297))
_MARGIN = Mm(22)
_LABEL, _WHOLE = Mm(48), Mm(166)
_CHART, _PHOTO_WIDTH, _PHOTO_HEIGHT = Mm(110), Mm(130), Mm(95)
_INDENT = Mm(7)


def article_docx(article: Article, *, at: datetime) -> bytes:
    """The file (.docx) on A4; `at` is the time it says it was made."""
    word = Document()
    _lay_out(word)
    about = word.core_properties
    about.title, about.author, about.language = article.title, article.publisher, LANGUAGE
    about.comments, about.last_modified_by = "", article.publisher
    about.created = about.modified = at.astimezone(UTC).replace(tzinfo=None)
    word.add_heading(cell_text(article.title), level=0)
    for line in filter(None, (article.publisher, article.lead)):
        word.add_paragraph(cell_text(line))
    for block in article.blocks:
        _WRITERS[type(block)](word, block)
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _lay_out(word: Word) -> None:
    page = word.sections[0]
    page.page_width, page.page_height = _PAGE
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _MARGIN
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    foot._p.append(number)
    for name, size in [("Normal", _TEXT_SIZE), *_SIZES.items()]:
        style: Any = word.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.italic = False
        _all_scripts(style.element.get_or_add_rPr())
    _all_scripts(word.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}"))
    marked: Any = word.styles.add_style("Marked", WD_STYLE_TYPE.PARAGRAPH)
    marked.base_style = word.styles["Normal"]
    marked.paragraph_format.space_after = Pt(2)


def _all_scripts(look: Any) -> None:
    """Fonts by name instead of by theme, whatever script a letter is of, and the language of the text."""
    fonts = look.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    spoken = look.find(qn("w:lang"))
    if spoken is None:
        spoken = OxmlElement("w:lang")
        look.append(spoken)
    for script in ("val", "eastAsia"):
        spoken.set(qn(f"w:{script}"), LANGUAGE)


def _heading(word: Word, one: Heading) -> None:
    word.add_heading(cell_text(one.full), level=one.level)


def _paragraph(word: Word, one: Paragraph) -> None:
    word.add_paragraph(cell_text(one.text))


def _listing(word: Word, one: Listing) -> None:
    _items(word, one.items, depth=0)


def _items(word: Word, items: tuple[Item, ...], *, depth: int) -> None:
    for item in items:
        line = word.add_paragraph(cell_text(item.full), style="Marked" if item.mark else "List Bullet")
        if item.mark:
            line.paragraph_format.left_indent = _INDENT * (depth + 2)
            line.paragraph_format.first_line_indent = -_INDENT
        _items(word, item.items, depth=depth + 1)


def _facts(word: Word, one: Facts) -> None:
    table = _grid(word, rows=len(one.rows), columns=2, heads_rows=True)
    table.autofit = False
    for column, width in zip(table.columns, (_LABEL, _WHOLE - _LABEL), strict=True):
        column.width = width
    for line, row in zip(table.rows, one.rows, strict=True):
        line.cells[0].width, line.cells[1].width = _LABEL, _WHOLE - _LABEL
        line.cells[0].paragraphs[0].add_run(cell_text(row.label)).bold = True
        line.cells[1].text = cell_text("\n".join(row.lines))
    word.add_paragraph()


def _table(word: Word, one: Table) -> None:
    word.add_paragraph(cell_text(one.caption), style="Caption").paragraph_format.keep_with_next = True
    table = _grid(word, rows=len(one.rows) + 1, columns=len(one.header), heads_rows=False)
    for place, line in enumerate((one.header, *one.rows)):
        for column, text in enumerate(line):
            written = table.cell(place, column).paragraphs[0]
            written.add_run(cell_text(text)).bold = place == 0
            if column in one.numbers:
                written.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    word.add_paragraph()


def _grid(word: Word, *, rows: int, columns: int, heads_rows: bool) -> WordTable:
    """An empty table that says whether its first row or its first column names the others."""
    table: WordTable = word.add_table(rows=rows, cols=columns, style="Table Grid")
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:
        look.set(qn("w:firstRow"), "0" if heads_rows else "1")
        look.set(qn("w:firstColumn"), "1")
    for row in table.rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
    return table


def _chart(word: Word, one: Chart) -> None:
    shown = word.add_picture(BytesIO(svg_png(bars_svg(one))), width=_CHART)
    _say(shown, one.spoken)
    _table(word, one.table)


def _picture(word: Word, one: Picture) -> None:
    shown = word.add_picture(BytesIO(one.content), width=_PHOTO_WIDTH)
    if shown.height > _PHOTO_HEIGHT:
        shown.width, shown.height = int(shown.width * _PHOTO_HEIGHT / shown.height), _PHOTO_HEIGHT
    _say(shown, one.alt)
    if one.caption:
        word.add_paragraph(cell_text(one.caption), style="Caption")


def _say(shown: Any, text: str) -> None:
    """Give a picture its alternative text."""
    shown._inline.docPr.set("descr", cell_text(text))


_WRITERS: dict[type[Block], Callable[[Word, Any], None]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Listing: _listing,
    Facts: _facts,
    Table: _table,
    Chart: _chart,
    Picture: _picture,
}
