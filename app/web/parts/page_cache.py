"""Rendered public pages, kept by each process for as long as nothing they show has changed.

A page is asked for far more often than it changes. Before any session or user is looked at, one small query gives the
page's fingerprint; while it is the same, the bytes rendered before are sent again with a fresh CSP nonce, or 304.

A page with a form is kept too, with gaps for the visitor's own keys and for what changes all the time; they are filled
in for each answer.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug.http import quote_etag

from app.infra import clock
from app.web.parts.guards import csp_nonce, forget_nonce, use_nonce

SIZE = 512
# Browsers ask again each time (and mostly get 304); a proxy in front may answer for a few seconds.
LIFETIME = "public, max-age=0, s-maxage=5"
# Nobody outside may write it into a page and have a nonce or a key put in its place.
_PLACEHOLDER = f"gap-{secrets.token_hex(16)}-"
_NONCE = f"{_PLACEHOLDER}nonce"

Fingerprint = Callable[..., Hashable | None]
# The visitor's own values by the name of their gap; asked with the view's arguments, it may look at the session.
Filling = Callable[..., Mapping[str, str]]
Variant = Callable[..., Hashable]


@dataclass(frozen=True, slots=True)
class _Keeping:
    """What a view says of its page."""

    fingerprint: Fingerprint
    filling: Filling | None
    variant: Variant | None


@dataclass(frozen=True, slots=True)
class _Kept:
    fingerprint: Hashable
    until: datetime | None
    body: bytes
    media_type: str
    etag: str


class PageCache:
    """The kept pages of one process, the least recently asked for dropped first."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._pages: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, fingerprint: Hashable, now: datetime) -> _Kept | None:
        """The kept page of `key`, unless something it shows has changed or its time is over."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept.fingerprint != fingerprint or (kept.until and kept.until <= now):
                return None
            self._pages.move_to_end(key)
            return kept

    def put(self, key: Hashable, kept: _Kept) -> None:
        """Keep a page."""
        with self._lock:
            self._pages[key] = kept
            self._pages.move_to_end(key)
            while len(self._pages) > self._size:
                self._pages.popitem(last=False)


def init_app(app: Flask) -> None:
    """Answer from the cache before anything else looks at the request."""
    app.extensions["page_cache"] = PageCache()
    app.before_request(_answer)


def kept_while(
    fingerprint: Fingerprint, filling: Filling | None = None, variant: Variant | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a view whose page stays the same while `fingerprint(**url_arguments)` does (None: do not keep).

    The view returns (html, until): the page and the instant at which it would read otherwise by itself, or None.
    For what differs by visitor or changes too often it writes a gap(), and `filling(**url_arguments)` gives the values.
    A page whose address has a query is not kept, unless `variant(**url_arguments)` tells the few pages apart that the
    query can ask for.
    """

    def mark(view: Callable[..., tuple[str, datetime | None]]) -> Callable[..., Response]:
        @functools.wraps(view)
        def render(**arguments: Any) -> Response:
            page, until = view(**arguments)
            return _keep_and_send(page, until)

        render.keeping = _Keeping(fingerprint, filling, variant)  # type: ignore[attr-defined]  # read by _keeping
        return render

    return mark


def gap(name: str) -> str:
    """What a view that has a filling writes where a value belongs that is filled in for each visitor, safe as HTML."""
    return f"{_PLACEHOLDER}{name}."


def _answer() -> Response | None:
    keeping, arguments = _keeping(), request.view_args or {}
    if keeping is None or request.method not in {"GET", "HEAD"} or (request.args and keeping.variant is None):
        return None
    current = keeping.fingerprint(**arguments)
    if current is None:
        return None
    cache: PageCache = current_app.extensions["page_cache"]
    key = request.path, keeping.variant(**arguments) if keeping.variant else None
    kept = cache.get(key, current, clock.now())
    if kept is None:
        g.page_to_keep = key, current
        use_nonce(_NONCE)
        return None
    return _send(kept)


def _keep_and_send(page: str, until: datetime | None) -> Response:
    key, current = g.pop("page_to_keep", (None, None))
    body = page.encode()
    etag = hashlib.sha256(body).hexdigest()[:20]
    kept = _Kept(current, until, body, "text/html; charset=utf-8", etag)
    if current is not None:
        forget_nonce()
        current_app.extensions["page_cache"].put(key, kept)
    return _send(kept)


def _keeping() -> _Keeping | None:
    return getattr(current_app.view_functions.get(request.endpoint or ""), "keeping", None)


def _send(kept: _Kept) -> Response:
    keeping, body = _keeping(), kept.body
    if keeping and keeping.filling:
        for name, value in keeping.filling(**(request.view_args or {})).items():
            body = body.replace(gap(name).encode(), value.encode())
        return _with_nonce(body, kept)
    if "HTTP_IF_NONE_MATCH" in request.environ and request.if_none_match.contains_weak(kept.etag):
        return _shared(Response(status=304), kept)
    return _shared(_with_nonce(body, kept), kept)


def _with_nonce(body: bytes, kept: _Kept) -> Response:
    return Response(body.replace(_NONCE.encode(), csp_nonce().encode()), content_type=kept.media_type)


def _shared(response: Response, kept: _Kept) -> Response:
    """An answer that is the same for everybody."""
    response.headers["ETag"] = quote_etag(kept.etag, weak=True)
    response.headers["Cache-Control"] = LIFETIME
    return response
