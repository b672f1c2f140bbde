"""How each kind of message reads: rooms register a renderer a kind and keep their texts in `mails/<message>/`."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.delivery.headers import flat
from app.delivery.types import Rendered
from app.kernel import japanese_dates, text
from app.kernel.types import JSON

Payload = Mapping[str, JSON]
Renderer = Callable[[Payload], Rendered]
Check = Callable[[Payload], bool]

APP = Path(__file__).resolve().parents[1]
# 40 full-width characters: longer subjects are cut by mail programs on phones.
SUBJECT_COLUMNS = 80

_renderers: dict[str, Renderer] = {}
_titles: dict[str, str] = {}
_checks: dict[str, Check] = {}


def renders(kind: str, title: str | None = None) -> Callable[[Renderer], Renderer]:
    """Mark the function that turns a payload of `kind` into a message; `title` is what lists call it."""

    def register(renderer: Renderer) -> Renderer:
        _renderers[kind] = renderer
        _titles[kind] = title or kind
        return renderer

    return register


def still_wanted(kind: str) -> Callable[[Check], Check]:
    """Mark the function that says, just before a message of `kind` goes out, whether it still makes sense."""

    def register(check: Check) -> Check:
        _checks[kind] = check
        return check

    return register


def render(kind: str, payload: Payload) -> Rendered:
    """The message of `kind` as it reads now. Raises LookupError for a kind that nobody renders."""
    return _renderers[kind](payload)


def is_wanted(kind: str, payload: Payload) -> bool:
    """False when the room that wrote the message says it came too late; kinds without a check are always wanted."""
    check = _checks.get(kind)
    return check is None or check(payload)


def title(kind: str) -> str:
    """What lists call messages of `kind`."""
    return _titles.get(kind, kind)


def mail_text(room: str, message: str, context: Mapping[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML from `app/<room>/mails/<message>/{subject.txt,body.txt,body.html}`.

    A name missing in `context` raises jinja2.UndefinedError. Values are never read as templates themselves.
    """
    folder = f"{room}/mails/{message}"
    subject, plain, html = (
        _templates().get_template(f"{folder}/{name}").render(context)
        for name in ("subject.txt", "body.txt", "body.html")
    )
    return one_line_subject(subject), plain.strip() + "\n", html


def plain_text(room: str, message: str, context: Mapping[str, Any]) -> str:
    """The text of `app/<room>/mails/<message>/body.txt` alone, for paper and for the telephone."""
    return _templates().get_template(f"{room}/mails/{message}/body.txt").render(context).strip()


def one_line_subject(subject: str) -> str:
    """One clean line of at most 40 full-width characters."""
    line = flat(subject)
    if columns(line) <= SUBJECT_COLUMNS:
        return line
    while columns(line) > SUBJECT_COLUMNS - 2:
        line = line[:-1]
    return line.rstrip() + "…"


def columns(line: str) -> int:
    """Width of `line` in half-width columns (UAX #11; ambiguous ones count as wide, as Japanese fonts draw them)."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 0 if unicodedata.combining(c) else 1 for c in line)


@functools.cache
def _templates() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(APP / "delivery" / "templates"), FileSystemLoader(APP)]),
        autoescape=select_autoescape(enabled_extensions=("html",), disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        period=japanese_dates.period_text,
        stamp=japanese_dates.stamp_text,
        date=japanese_dates.date_text,
        phone=text.phone_text,
        one_line=text.clean_line,
    )
    return environment
