"""The one-time key of a form: made by the server, good for one session and one event.

A key sent from another session is not accepted, so that nobody is shown what somebody else applied for.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import current_app, session
from flask_wtf.csrf import generate_csrf


def issue(slug: str) -> str:
    """A new key for this session and event."""
    generate_csrf()
    random = secrets.token_urlsafe(18)
    return f"{random}.{_signature(random, slug)}"


def is_ours(key: str, slug: str) -> bool:
    """True when this session was given `key` for this event."""
    random, _dot, signature = key.partition(".")
    return "csrf_token" in session and hmac.compare_digest(signature.encode(), _signature(random, slug).encode())


def _signature(random: str, slug: str) -> str:
    content = f"submission:{session['csrf_token']}:{slug}:{random}"
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()[:32]
