"""How feeds answer: with ETag and Last-Modified, 304 where nothing changed, a short life in shared caches."""

from __future__ import annotations

import hashlib
from datetime import datetime

from flask import Response, request

LIFETIME = "public, max-age=300"


def feed_answer(content: bytes, media_type: str, changed_at: datetime | None) -> Response:
    """`content` as a conditional answer (RFC 9110, 13)."""
    response = Response(content, content_type=media_type)
    response.set_etag(hashlib.sha256(content).hexdigest()[:20])
    if changed_at is not None:
        response.last_modified = changed_at
    response.headers["Cache-Control"] = LIFETIME
    response.make_conditional(request)
    return response
