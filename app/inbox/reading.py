"""A mail from its bytes to what the program understands of it. Nothing here fails: mail comes from strangers."""

from __future__ import annotations

import hashlib
import logging
import re
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses

from app.inbox import returning, scheduling
from app.inbox.parts import header, text_of, walk
from app.inbox.types import MOST_BYTES, Incoming, Outcome, Scheduling

log = logging.getLogger("tsudoi.inbox")

CALENDARS = ("text/calendar", "application/ics")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
# What says which mail it is. Received and Return-Path say only which way it came this time.
_NAMING = ("Message-ID", "From", "Date", "Subject")
# What List-Unsubscribe asks mail programs to write (app/subscriptions/renderings.py).
_UNSUBSCRIBE = re.compile(r"unsubscribe ([A-Za-z0-9_-]{22})")


def read(raw: bytes) -> Incoming:
    """One whole mail; what is too large is only named by its headers."""
    if len(raw) > MOST_BYTES:
        return read_headers(raw, len(raw))
    head, _gap, body = _split(raw)
    key = _key(head, hashlib.sha256(body.replace(b"\r\n", b"\n")).hexdigest())
    try:
        return _understood(BytesParser().parsebytes(raw), key, len(raw))
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        # The parser forgives nearly everything; what it still trips over is left to people.
        log.warning("mail cannot be parsed", extra={"error": type(error).__name__, "size": len(raw)})
        return Incoming(key, len(raw), trouble=Outcome.UNREADABLE)


def read_headers(raw: bytes, size: int) -> Incoming:
    """A mail of `size` bytes that is too large: only its headers, at the beginning of `raw`, are looked at."""
    return Incoming(_key(_split(raw)[0], str(size)), size, trouble=Outcome.TOO_LARGE)


def _split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    gap = _BLANK_LINE.search(raw)
    return (raw[: gap.start()], gap[0], raw[gap.end() :]) if gap else (raw, b"", b"")


def _key(head: bytes, body: str) -> str:
    """Names a mail whichever way it comes, and however often. Nobody can use up another mail's key beforehand."""
    headers = BytesHeaderParser().parsebytes(head)
    # Without a Message-ID the whole head must do.
    names = [header(headers, name) for name in _NAMING] if headers["Message-ID"] else [head.decode("latin-1")]
    return hashlib.sha256("\0".join([*names, body]).encode()).hexdigest()


def _understood(message: Message, key: str, size: int) -> Incoming:
    parts = walk(message)
    if not any(part.items() or part.get_payload() for part in parts) or not message.items():
        return Incoming(key, size, trouble=Outcome.UNREADABLE)
    unanswerable = header(message, "Return-Path") == "<>"
    sender = _sender(message)
    returned = returning.read(message, parts, automatic_sender=unanswerable)
    if returned is not None:
        return Incoming(key, size, sender, automatic=True, returned=returned)
    found = _calendar(parts)
    automatic = unanswerable or _is_automatic(message, by_calendar=found is not None)
    ending = _UNSUBSCRIBE.fullmatch(header(message, "Subject"))
    return Incoming(key, size, sender, automatic, scheduling=found, unsubscribe=ending[1] if ending else "")


def _sender(message: Message) -> str:
    """The one address in From; empty where there is none or where there are several."""
    addresses = getaddresses([header(message, "From")]) if len(message.get_all("From", [])) == 1 else []
    return addresses[0][1] if len(addresses) == 1 else ""


def _calendar(parts: list[Message]) -> Scheduling | None:
    """The calendar object, in the alternative or in the attachment, which Google sends both of."""
    candidates = (part for kind in CALENDARS for part in parts if part.get_content_type() == kind)
    return next((found for part in candidates if (found := scheduling.read(text_of(part)))), None)


def _is_automatic(message: Message, *, by_calendar: bool) -> bool:
    """True for what no person sent (RFC 3834, 2 and 5).

    A calendar's server writes for the person who pressed the button, and may call that auto-generated; a responder that
    stands in for somebody who is away says auto-replied.
    """
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    by_itself = submitted not in ({"", "no", "auto-generated"} if by_calendar else {"", "no"})
    precedence = header(message, "Precedence").lower()
    others = ("List-Id", "X-Autoreply", "X-Autorespond")
    return by_itself or precedence in {"bulk", "junk", "list", "auto_reply"} or any(message[one] for one in others)
