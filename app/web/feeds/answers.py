"""How feeds answer: with ETag and Last-Modified, 304 where nothing changed, a short life in shared caches."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Response, current_app, request
from flask.ctx import AppContext

from app.events.streaming import Extent
from app.infra.links import links

LIFETIME = "public, max-age=300"
PIECE = 32 * 1024
_ROOMS = Path(__file__).parents[2]
# What decides how a feed's bytes follow from the data: a new version of one of these is a new version of each feed.
_WRITERS = ("delivery/ics.py", "documents/csv_text.py", "events/calendar.py", "events/opendata.py")


def feed_answer(content: bytes, media_type: str, changed_at: datetime | None) -> Response:
    """`content` as a conditional answer (RFC 9110, 13)."""
    response = Response(content, content_type=media_type)
    response.set_etag(hashlib.sha256(content).hexdigest()[:20])
    return _conditional(response, changed_at)


def streamed_answer(pieces: Iterable[bytes], media_type: str, extent: Extent, *, told_apart_by: object) -> Response:
    """`pieces` as a conditional answer that is made while it is sent, and not at all for HEAD or where it is known.

    Its ETag comes from the extent of the data, so nothing has to be put together to compare it. `told_apart_by`: what
    else the bytes depend on, such as the feed's name.
    """
    response = Response(content_type=media_type)
    mark = repr((extent, told_apart_by, links.base_url, _writers()))
    response.set_etag(hashlib.sha256(mark.encode()).hexdigest()[:20], weak=True)
    response = _conditional(response, extent.changed_at)
    if response.status_code == HTTPStatus.OK and request.method != "HEAD":
        response.response = _made_when_sent(_gathered(pieces), current_app.app_context)
        del response.content_length
    return response


def _conditional(response: Response, changed_at: datetime | None) -> Response:
    if changed_at is not None:
        response.last_modified = changed_at
    response.headers["Cache-Control"] = LIFETIME
    response.make_conditional(request)
    return response


def _made_when_sent(pieces: Iterator[bytes], context: Callable[[], AppContext]) -> Iterator[bytes]:
    """The same bytes, each piece made in a context of its own: a stream that nobody reads to its end holds none."""
    while True:
        with context():
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in larger pieces: each costs the server a turn."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= PIECE:
            yield bytes(held)
            held.clear()
    yield bytes(held)


@cache
def _writers() -> str:
    return hashlib.sha256(b"".join((_ROOMS / name).read_bytes() for name in _WRITERS)).hexdigest()
