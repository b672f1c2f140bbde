"""Films, sent in the pieces that a player asks for (RFC 9110, 14): who jumps ahead need not wait for what is before."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Response, request

PIECE = 256 * 1024
# What one answer to a player holds at most: a slow line must not keep a thread of the server for a whole film.
MOST = 2 * 1024 * 1024


def playable(part: Callable[[int, int], bytes], size: int, media_type: str) -> Response:
    """The whole of `size` bytes, or the range that was asked for; `part` gives those from one place to before another.

    Of a long range the beginning is sent, and the player asks again (RFC 9110, 15.3.7: a subset may be sent). Several
    ranges at once are answered with the whole, as the standard allows. Only for those who may see it now: never kept by
    a cache.
    """
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return _answer(_pieces(part, 0, size), size, media_type)
    span = wanted.range_for_length(size)
    if span is None:
        refused = Response(status=416)
        refused.headers["Content-Range"] = f"bytes */{size}"
        return refused
    start, end = span[0], min(span[1], span[0] + MOST)
    response = _answer(_pieces(part, start, end), end - start, media_type)
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _answer(pieces: Iterator[bytes], length: int, media_type: str) -> Response:
    response = Response(pieces, content_type=media_type)
    response.headers["Content-Length"] = str(length)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _pieces(part: Callable[[int, int], bytes], start: int, end: int) -> Iterator[bytes]:
    for at in range(start, end, PIECE):
        yield part(at, min(at + PIECE, end))
