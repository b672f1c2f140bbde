"""What an organizer says otherwise in the messages of an event: shapes and the placeholders that can be used. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# What can be put into a text, and what it stands for.
PLACEHOLDERS: Mapping[str, str] = {
    "name": "お名前",
    "reference": "受付番号",
    "event": "研修会・講座の名称",
    "sitting": "回の名称",
    "date": "日時",
    "venue": "会場",
    "seats": "人数",
    "contact": "問合せ先",
}
LONGEST_SUBJECT = 80
LONGEST_TEXT = 2000
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Wording:
    """An event's own words in one kind of message. Empty: as in the standard text.

    `opening` stands after the greeting, `closing` at the end, before the contact. `standard`: the standard sentences
    stay, after the opening; facts, link and contact always do.
    """

    subject: str = ""
    opening: str = ""
    closing: str = ""
    standard: bool = True

    def __bool__(self) -> bool:
        return bool(self.subject or self.opening or self.closing)


@dataclass(frozen=True, slots=True)
class MailSender:
    """Who writes the messages of an event, and where answers go. Empty: the section, and the contact's address."""

    name: str = ""
    reply_to: str = ""


STANDARD = Wording()
