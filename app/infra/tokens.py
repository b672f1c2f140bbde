"""Secrets: links that open one thing, and numbers people read over the phone.

A link token is never stored. It is derived from a random number of its row and a key of this installation, and
looked up by its SHA-256, so that a copy of the database opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

# Damm's quasigroup: catches every single wrong digit and every swap of neighbours.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def random_id(size: int = 12) -> str:
    """An unguessable public id of `size` random bytes, in URL-safe letters."""
    return base64.urlsafe_b64encode(secrets.token_bytes(size)).decode().rstrip("=")


def derive(key: str, purpose: str, nonce: str) -> str:
    """The link token of `nonce`: 22 URL-safe characters, 128 bits."""
    digest = hmac.new(key.encode(), f"{purpose}:{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def rederive(keys: Sequence[str], purpose: str, nonce: str, stored: str) -> str:
    """The token whose fingerprint is `stored`, also when the key was rotated since. Raises LookupError if none fits."""
    for key in keys:
        token = derive(key, purpose, nonce)
        if hmac.compare_digest(fingerprint(token), stored):
            return token
    raise LookupError("no key of this installation made that link")


def fingerprint(token: str) -> str:
    """SHA-256 of a token, as stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def reference_number() -> str:
    """Eight digits, the last a check digit: easy to read over the phone, opens nothing by itself."""
    digits = f"{secrets.randbelow(10**7):07}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """The Damm check digit of `digits`."""
    state = "0"
    for digit in digits:
        state = _DAMM[int(state)][int(digit)]
    return state


def is_reference(text: str) -> bool:
    """True when `text` is eight digits whose check digit fits."""
    return len(text) == 8 and text.isascii() and text.isdigit() and check_digit(text) == "0"
