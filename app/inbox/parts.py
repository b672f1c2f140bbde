"""Headers and parts of a mail as text, whatever state they are in: bad encodings cost characters, never the mail."""

from __future__ import annotations

from email.message import Message

MOST_PARTS = 100


def walk(message: Message) -> list[Message]:
    """The parts of `message` from the outside in, at most MOST_PARTS; not what is inside a message it encloses."""
    found: list[Message] = []
    waiting = [message]
    while waiting and len(found) < MOST_PARTS:
        part = waiting.pop(0)
        found.append(part)
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting[:0] = [one for one in inner if isinstance(one, Message)]
    return found


def header(message: Message, name: str) -> str:
    """A header's text on one line, empty where there is none; bytes that are no text become signs for that."""
    value = message[name]
    return " ".join(str(value).encode("utf-8", "replace").decode().split()) if value is not None else ""


def text_of(part: Message) -> str:
    """The content of a text part; empty where it has none."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):  # an encoding that nobody knows, or that is none for text
        return content.decode("utf-8", "replace")
