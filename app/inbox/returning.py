"""Mail servers' reports about what they could not deliver: RFC 3464, and the many that keep to no standard."""

from __future__ import annotations

import re
from email.message import Message
from email.parser import Parser

from app.delivery.smtp import without_addresses
from app.delivery.types import Report, ReportKind
from app.inbox.parts import header, text_of
from app.inbox.types import Returned

POSTMASTERS = {"mailer-daemon", "postmaster", "mail-daemon", "mdaemon"}
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY = re.compile(r"\b([45])\d\d[ -]")
_LATE = re.compile(r"delay|warning|遅延|遅れ", re.IGNORECASE)
_QUOTED_ID = re.compile(r"^[>\s]*message-id:\s*(<[!-~]{3,290}>)", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(r"<[!-~]{3,290}>")
# What a text part may be searched for; a report's own words and the original's headers stand at its beginning.
_LOOKED_AT = 64 * 1024
_MOST_IDS = 10


def read(message: Message, parts: list[Message], *, automatic_sender: bool) -> Returned | None:
    """The report that `message` is, or None. `automatic_sender`: its envelope is empty, as that of a report must be."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            return Returned(_originals(parts), _by_the_standard(part))
    if not (automatic_sender or _from_a_postmaster(message) or message["X-Failed-Recipients"]):
        return None
    ids = _originals(parts)
    return Returned(ids, _by_its_words(message, parts)) if ids else None


def _by_the_standard(part: Message) -> Report | None:
    blocks = part.get_payload()
    recipients = [one for one in blocks if isinstance(one, Message)] if isinstance(blocks, list) else []
    for kind, action in ((ReportKind.RETURNED, "failed"), (ReportKind.DELAYED, "delayed")):
        for one in recipients:
            if header(one, "Action").strip().lower() == action:
                status = _STATUS.search(header(one, "Status"))
                said = header(one, "Diagnostic-Code").partition(";")[2].strip() or header(one, "Diagnostic-Code")
                return Report(kind, status[1] if status else "", without_addresses(said)[:160])
    return None


def _by_its_words(message: Message, parts: list[Message]) -> Report:
    words = "\n".join(text_of(part)[:_LOOKED_AT] for part in parts if part.get_content_type() == "text/plain")
    status, reply = _STATUS.search(words), _REPLY.search(words)
    if status or reply:
        late = (status or reply or [""])[0].startswith("4")
    else:
        late = bool(_LATE.search(header(message, "Subject")))
    line = next((one for one in words.splitlines() if _REPLY.search(one) or _STATUS.search(one)), "")
    kind = ReportKind.DELAYED if late and not message["X-Failed-Recipients"] else ReportKind.RETURNED
    return Report(kind, status[1] if status else "", without_addresses(line)[:160])


def _originals(parts: list[Message]) -> tuple[str, ...]:
    """Message-IDs of what was sent, from the returned part or, where there is none, from the text."""
    found: list[str] = []
    for part in parts:
        kind = part.get_content_type()
        if kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            found.append(header(Parser().parsestr(text_of(part)[:_LOOKED_AT], headersonly=True), "Message-ID"))
        elif kind == "message/rfc822":
            enclosed = part.get_payload()
            found += [header(one, "Message-ID") for one in enclosed if isinstance(one, Message)]
    if not any(found):
        texts = (text_of(part)[:_LOOKED_AT] for part in parts if part.get_content_maintype() == "text")
        found = [one for text in texts for one in _QUOTED_ID.findall(text)]
    return tuple(one for one in found if _ID.fullmatch(one))[:_MOST_IDS]


def _from_a_postmaster(message: Message) -> bool:
    local = header(message, "From").rpartition("<")[2].partition("@")[0].strip().lower()
    return local in POSTMASTERS
