"""Open data: イベント一覧 as CSV, under CC BY 4.0."""

from __future__ import annotations

from functools import cache

from flask import Response, current_app

from app.documents.csv_text import csv_lines
from app.events import opendata, streaming
from app.events.errors import WrongColumns
from app.events.opendata import Column, Publisher
from app.events.streaming import Reach
from app.web.feeds import bp
from app.web.feeds.answers import streamed_answer
from app.web.parts.access import ANYONE, allow
from config import WrongSetting

CSV = "text/csv; charset=utf-8; header=present"
LICENCE = "https://creativecommons.org/licenses/by/4.0/legalcode.ja"


@cache
def columns(chosen: str) -> tuple[Column, ...]:
    """The columns that OPENDATA_COLUMNS names, read once. Raises WrongSetting, which stops the start."""
    try:
        return opendata.load_columns(chosen)
    except WrongColumns as wrong:
        raise WrongSetting("OPENDATA_COLUMNS", str(wrong)) from wrong


@bp.get("/opendata/events.csv")
@allow(ANYONE)
def events_csv() -> Response:
    """Every public event, a row a sitting; UTF-8 with BOM, CRLF, no line break inside a cell."""
    config, everything = current_app.config["TSUDOI"], Reach()
    chosen = columns(config.opendata_columns)
    publisher = Publisher(config.municipality_code, config.prefecture_name, config.municipality_name)
    found = opendata.rows(chosen, publisher, streaming.rows(everything, programme=False))
    lines = csv_lines([column.heading for column in chosen], found)
    extent = streaming.extent(everything)
    response = streamed_answer(lines, CSV, extent, told_apart_by=(chosen, publisher))
    response.headers["Content-Disposition"] = 'attachment; filename="events.csv"'
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    return response
