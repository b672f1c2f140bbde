"""Rendered public pages, kept by each process for as long as nothing they show has changed.

A page is asked for far more often than it changes. Before any session or user is looked at, one small query gives the
page's fingerprint; while it is the same, the bytes rendered before are sent again with a fresh CSP nonce, or 304.

A page with a form is kept too, with gaps for the visitor's own keys and for what changes all the time; they are filled
in for each answer.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Response, current_app, g, request
from werkzeug.http import parse_etags, quote_etag
from werkzeug.sansio.utils import host_is_trusted

from app.infra import clock
from app.web.parts.guards import csp_nonce, forget_nonce, use_nonce

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SIZE = 512
log = logging.getLogger("tsudoi.pages")

READING = frozenset({"GET", "HEAD"})
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
    """A page as it was rendered. `again` gives its fingerprint as it is now; None where it has gaps."""

    fingerprint: Hashable
    again: Callable[[], Hashable | None] | None
    until: datetime | None
    body: bytes
    etag: str

    def stands(self, fingerprint: Hashable | None) -> bool:
        """True while nothing that the page shows has changed, by data or by time."""
        return self.fingerprint == fingerprint and (self.until is None or clock.now() < self.until)


class PageCache:
    """The kept pages of one process, the least recently asked for dropped first."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._pages: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> _Kept | None:
        """The page kept under `key`, whether it still stands or not."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is not None:
                self._pages.move_to_end(key)
            return kept

    def put(self, key: Hashable, kept: _Kept) -> None:
        """Keep a page."""
        with self._lock:
            self._pages[key] = kept
            self._pages.move_to_end(key)
            while len(self._pages) > self._size:
                self._pages.popitem(last=False)


class Doorstep:
    """Answers for kept pages without gaps before Flask looks at the request: all it would find out is known already."""

    def __init__(self, app: Flask, application: WSGIApplication, pages: PageCache) -> None:
        self._app = app
        self._application = application
        self._pages = pages

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """WSGI."""
        kept = self._standing(environ)
        application = self._application if kept is None else _shared(kept, environ)
        return application(environ, start_response)

    def _standing(self, environ: WSGIEnvironment) -> _Kept | None:
        if environ["REQUEST_METHOD"] not in READING or environ.get("QUERY_STRING") or environ.get("SCRIPT_NAME"):
            return None
        kept = self._pages.get((environ["PATH_INFO"], None))
        host = environ.get("HTTP_HOST")
        if kept is None or kept.again is None or not host_is_trusted(host, self._app.config["TRUSTED_HOSTS"]):
            return None
        try:
            with self._app.app_context():
                return kept if kept.stands(kept.again()) else None
        except Exception:
            # It is asked once more inside, where an error becomes a page with an id.
            log.exception("a kept page could not be compared")
            return None


def init_app(app: Flask) -> None:
    """Answer from the cache before anything else looks at the request; the envelope goes around it."""
    pages = app.extensions["page_cache"] = PageCache()
    app.wsgi_app = Doorstep(app, app.wsgi_app, pages)  # type: ignore[method-assign]  # Flask's documented way to wrap
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
    if keeping is None or request.method not in READING or (request.args and keeping.variant is None):
        return None
    current = keeping.fingerprint(**arguments)
    if current is None:
        return None
    key = request.environ["PATH_INFO"], keeping.variant(**arguments) if keeping.variant else None
    kept = current_app.extensions["page_cache"].get(key)
    if kept is None or not kept.stands(current):
        g.page_to_keep = key, current
        use_nonce(request.environ, _NONCE)
        return None
    return _send(kept, keeping)


def _keep_and_send(page: str, until: datetime | None) -> Response:
    key, current = g.pop("page_to_keep", (None, None))
    keeping, body = cast(_Keeping, _keeping()), page.encode()
    again = None if keeping.filling else functools.partial(keeping.fingerprint, **(request.view_args or {}))
    kept = _Kept(current, again, until, body, hashlib.sha256(body).hexdigest()[:20])
    if current is not None:
        forget_nonce()
        current_app.extensions["page_cache"].put(key, kept)
    return _send(kept, keeping)


def _keeping() -> _Keeping | None:
    return getattr(current_app.view_functions.get(request.endpoint or ""), "keeping", None)


def _send(kept: _Kept, keeping: _Keeping) -> Response:
    if keeping.filling is None:
        return _shared(kept, request.environ)
    body = kept.body
    for name, value in keeping.filling(**(request.view_args or {})).items():
        body = body.replace(gap(name).encode(), value.encode())
    return _with_nonce(body, request.environ)


def _shared(kept: _Kept, environ: WSGIEnvironment) -> Response:
    """An answer that is the same for everybody."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    unchanged = known is not None and parse_etags(known).contains_weak(kept.etag)
    response = Response(status=304) if unchanged else _with_nonce(kept.body, environ)
    response.headers["ETag"] = quote_etag(kept.etag, weak=True)
    response.headers["Cache-Control"] = LIFETIME
    return response


def _with_nonce(body: bytes, environ: WSGIEnvironment) -> Response:
    return Response(body.replace(_NONCE.encode(), csp_nonce(environ).encode()), content_type="text/html; charset=utf-8")
