"""An article as layouts/article.typ wants it: plain data, and the files that it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.documents.article import Article, Block, Chart, Facts, Heading, Item, Listing, Paragraph, Picture, Table
from app.documents.charts import bars_svg

Data = dict[str, object]


def sheet_data(article: Article) -> Data:
    """The article as JSON; pictures and charts by the names that sheet_files() gives them."""
    charts = iter(_chart_names(article))
    blocks = []
    for block in article.blocks:
        data = _SHAPES[type(block)](block)
        if isinstance(block, Chart):
            data["file"] = next(charts)
        blocks.append(data)
    return {"title": article.title, "publisher": article.publisher, "lead": article.lead, "blocks": blocks}


def sheet_files(article: Article) -> dict[str, bytes]:
    """What the layout shows beside text, by name."""
    drawn = zip(_chart_names(article), article.charts, strict=True)
    return {
        **{name: bars_svg(chart).encode() for name, chart in drawn},
        **{picture.file: picture.content for picture in article.pictures},
    }


def _chart_names(article: Article) -> list[str]:
    return [f"chart-{place}.svg" for place in range(len(article.charts))]


def _item(one: Item) -> Data:
    return {"text": one.full, "marked": bool(one.mark), "items": [_item(below) for below in one.items]}


def _table(one: Table) -> Data:
    return {
        "kind": "table",
        "caption": one.caption,
        "header": list(one.header),
        "rows": [list(row) for row in one.rows],
        "numbers": sorted(one.numbers),
    }


def _facts(one: Facts) -> Data:
    return {"kind": "facts", "rows": [{"label": row.label, "lines": list(row.lines)} for row in one.rows]}


_SHAPES: dict[type[Block], Callable[[Any], Data]] = {
    Heading: lambda one: {"kind": "heading", "level": one.level, "text": one.full},
    Paragraph: lambda one: {"kind": "paragraph", "text": one.text},
    Listing: lambda one: {"kind": "listing", "items": [_item(item) for item in one.items]},
    Facts: _facts,
    Table: _table,
    Chart: lambda one: {"kind": "chart", "alt": one.spoken, "table": _table(one.table)},
    Picture: lambda one: {"kind": "picture", "file": one.file, "alt": one.alt, "caption": one.caption},
}
