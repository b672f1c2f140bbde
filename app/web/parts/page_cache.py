"""Rendered public pages, kept by each process for as long as nothing they show has changed.

A page is asked for far more often than it changes. Before any session or user is looked at, one small query gives the
page's fingerprint; while it is the same, the bytes rendered before are sent again with a fresh CSP nonce, or 304.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
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
# Nobody outside may write it into a page and have a nonce put in its place.
_PLACEHOLDER = f"nonce-{secrets.token_hex(16)}"

Fingerprint = Callable[..., Hashable | None]


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
        self._pages: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, fingerprint: Hashable, now: datetime) -> _Kept | None:
        """The kept page of `key`, unless something it shows has changed or its time is over."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept.fingerprint != fingerprint or (kept.until and kept.until <= now):
                return None
            self._pages.move_to_end(key)
            return kept

    def put(self, key: str, kept: _Kept) -> None:
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


def kept_while(fingerprint: Fingerprint) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a view whose page stays the same while `fingerprint(**url_arguments)` does (None: do not keep).

    The view returns (html, until): the page and the instant at which it would read otherwise by itself, or None.
    """

    def mark(view: Callable[..., tuple[str, datetime | None]]) -> Callable[..., Response]:
        @functools.wraps(view)
        def render(**arguments: Any) -> Response:
            page, until = view(**arguments)
            return _keep_and_send(page, until)

        render.fingerprint = fingerprint  # type: ignore[attr-defined]  # read by _answer
        return render

    return mark


def _answer() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    fingerprint = getattr(view, "fingerprint", None)
    if fingerprint is None or request.method not in {"GET", "HEAD"} or request.args:
        return None
    current = fingerprint(**(request.view_args or {}))
    if current is None:
        return None
    cache: PageCache = current_app.extensions["page_cache"]
    kept = cache.get(request.path, current, clock.now())
    if kept is None:
        g.page_fingerprint = current
        use_nonce(_PLACEHOLDER)
        return None
    return _send(kept)


def _keep_and_send(page: str, until: datetime | None) -> Response:
    current = g.pop("page_fingerprint", None)
    body = page.encode()
    etag = hashlib.sha256(body).hexdigest()[:20]
    kept = _Kept(current, until, body, "text/html; charset=utf-8", etag)
    if current is not None:
        forget_nonce()
        current_app.extensions["page_cache"].put(request.path, kept)
    return _send(kept)


def _send(kept: _Kept) -> Response:
    if "HTTP_IF_NONE_MATCH" in request.environ and request.if_none_match.contains_weak(kept.etag):
        response = Response(status=304)
    else:
        response = Response(
            kept.body.replace(_PLACEHOLDER.encode(), csp_nonce().encode()), content_type=kept.media_type
        )
    response.headers["ETag"] = quote_etag(kept.etag, weak=True)
    response.headers["Cache-Control"] = LIFETIME
    return response
