"""An article as a piece of a web page, in the components of the design system."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup

from app.documents.article import (
    About,
    Article,
    Block,
    Chart,
    Facts,
    Heading,
    Item,
    Listing,
    Paragraph,
    Picture,
    Table,
    Told,
)  # fmt: skip
from app.documents.charts import bars_svg

_CELL = Markup('<td role="cell" data-label="{}"{}>{}</td>')
_HEAD_CELL = Markup('<th role="rowheader" scope="row" data-label="{}">{}</th>')
_COLUMN = Markup('<th role="columnheader" scope="col"{}>{}</th>')
_NUMBER = Markup(' class="ts-cell--number"')
_TABLE = Markup(
    '<div class="ts-table-frame"><table class="ts-table" role="table"><caption class="ts-table__caption">{}</caption>'
    '<thead role="rowgroup"><tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody></table></div>\n'
)

Address = Callable[[About], str | None]


def article_html(article: Article, address: Address = lambda _about: None) -> str:
    """The element of the article, title first (h1), headings h2 to h5; UTF-8 text without style or script.

    What is told of a record leads to its `address`, where it has one for the reader.
    """
    head = Markup('<h1 class="ts-page-header__title">{}</h1>\n').format(article.title)
    lines = (Markup('<p class="ts-soft">{}</p>\n').format(line) for line in (article.publisher, article.lead) if line)
    body = _joined(_WRITERS[type(block)](block, address) for block in article.blocks)
    return str(Markup('<article class="rp-article" lang="ja">\n{}{}{}</article>\n').format(head, _joined(lines), body))


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _linked(text: str, address: Address) -> str:
    to = address(text.about) if isinstance(text, Told) else None
    return Markup('<a href="{}">{}</a>').format(to, text) if to else text


def _heading(one: Heading, _address: Address) -> Markup:
    return Markup('<h{level} class="rp-h{level}" id="{anchor}">{text}</h{level}>\n').format(
        level=one.level + 1, anchor=one.anchor, text=one.full
    )


def _paragraph(one: Paragraph, _address: Address) -> Markup:
    return Markup("<p>{}</p>\n").format(one.text)


def _listing(one: Listing, _address: Address) -> Markup:
    return _list(one.items) + "\n"


def _list(items: tuple[Item, ...]) -> Markup:
    marked = any(item.mark for item in items)
    lines = (Markup("<li>{}{}</li>").format(item.full, _list(item.items) if item.items else "") for item in items)
    return Markup('<ul class="{}">{}</ul>').format("rp-marked" if marked else "ts-list", _joined(lines))


def _facts(one: Facts, address: Address) -> Markup:
    rows = (
        Markup('<div class="ts-summary__row"><dt class="ts-summary__term">{}</dt><dd>{}</dd></div>').format(
            row.label, Markup("<br>").join(_linked(line, address) for line in row.lines)
        )
        for row in one.rows
    )
    return Markup('<dl class="ts-summary">{}</dl>\n').format(_joined(rows))


def _table(one: Table, address: Address) -> Markup:
    def kind(place: int) -> Markup:
        return _NUMBER if place in one.numbers else Markup("")

    head = _joined(_COLUMN.format(kind(place), label) for place, label in enumerate(one.header))
    rows = (
        _HEAD_CELL.format(one.header[0], row[0])
        + _joined(_CELL.format(one.header[n], kind(n), _linked(cell, address)) for n, cell in enumerate(row) if n)
        for row in one.rows
    )
    return _TABLE.format(one.caption, head, _joined(Markup('<tr role="row">{}</tr>').format(row) for row in rows))


def _chart(one: Chart, address: Address) -> Markup:
    return Markup('<div class="rp-figure">{}</div>\n').format(bars_svg(one)) + _table(one.table, address)


def _picture(one: Picture, _address: Address) -> Markup:
    caption = Markup("<figcaption>{}</figcaption>").format(one.caption) if one.caption else ""
    shown = Markup('<img class="rp-photo__image" src="photos/{}" alt="{}" loading="lazy">').format(one.file, one.alt)
    return Markup('<figure class="rp-photo">{}{}</figure>\n').format(shown, caption)


_WRITERS: dict[type[Block], Callable[[Any, Address], Markup]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Listing: _listing,
    Facts: _facts,
    Table: _table,
    Chart: _chart,
    Picture: _picture,
}
