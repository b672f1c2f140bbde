"""A message as the bytes that leave the house (RFC 5322, 2045, 6047)."""

from __future__ import annotations

import re
from datetime import datetime
from email.charset import BASE64, Charset
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import Compat32
from email.utils import format_datetime
from urllib.parse import quote

import flask_mail

from app.delivery import ics
from app.delivery.headers import addr_spec, encoded, mailbox, parameter
from app.delivery.rendering import one_line_subject
from app.delivery.sender import sender
from app.delivery.types import Attachment, CalendarEntry, MailingList, Rendered
from app.infra.links import links


class _AsTheyAre(Compat32):
    """Headers are encoded and folded in headers.py, each in one known way: the generator leaves them alone."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}\r\n".encode("ascii")


_POLICY = _AsTheyAre(linesep="\r\n")
_REFERENCES = 10
_LINE_END = re.compile(r"\r\n|\r|\n")
# base64 whatever the content: no relay has to know 8BITMIME, no line is too long, no "From " is changed.
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = BASE64


class Letter(flask_mail.Message):
    """One message to one person, with the calendar part that Flask-Mail's own class cannot make.

    `message_id` was fixed when the message was written down (`written_at`); `earlier` are the Message-IDs it answers,
    oldest first; `at` is the time of this attempt.
    Raises BadAddress when `to_email` cannot stand in an envelope.
    """

    def __init__(  # noqa: PLR0913 what stands on an envelope, spelled out
        self,
        rendered: Rendered,
        *,
        to_name: str,
        to_email: str,
        message_id: str,
        earlier: list[str],
        written_at: datetime,
        at: datetime,
    ) -> None:
        self.recipient = addr_spec(to_email)
        self.envelope_from = addr_spec(sender.envelope)
        super().__init__(
            subject=one_line_subject(rendered.subject),
            recipients=[self.recipient],
            body=rendered.text,
            html=rendered.html,
            sender=self.envelope_from,
            date=at.timestamp(),
        )
        self.msgId = message_id
        self.written_at = written_at
        self._from = mailbox(rendered.from_name or sender.name, addr_spec(sender.address))
        self._to = mailbox(to_name, self.recipient)
        self._reply_to = addr_spec(rendered.reply_to) if rendered.reply_to else None
        self._earlier = earlier
        self._at = at
        self._calendar: CalendarEntry | None = rendered.calendar
        self._mailing_list: MailingList | None = rendered.mailing_list
        self._files = rendered.attachments

    def as_bytes(self) -> bytes:
        """The whole message, CRLF lines, ASCII only."""
        return self._message().as_bytes(policy=_POLICY)

    def _message(self) -> MIMEBase:
        # base64 never holds "=_": these boundaries cannot occur inside a part, and a retry gives the same bytes.
        alternatives = MIMEMultipart("alternative", boundary="=_alternatives")
        alternatives.attach(_text(self.body or "", "plain"))
        alternatives.attach(_text(self.html or "", "html"))
        message = alternatives
        if self._calendar is not None or self._files:
            message = MIMEMultipart("mixed", boundary="=_mixed")
            message.attach(alternatives)
        if self._calendar is not None:
            self._add_calendar(message, alternatives, self._calendar)
        for file in self._files:
            message.attach(_attached(file))
        for name, value in self._headers().items():
            message[name] = value
        return message

    def _add_calendar(self, mixed: MIMEBase, alternatives: MIMEBase, entry: CalendarEntry) -> None:
        content = ics.invitation(entry)
        part = _text(content.decode(), "calendar")
        # The METHOD of the part and of the object must be the same (RFC 6047, 2.4); no Content-Disposition here.
        part.replace_header("Content-Type", f"text/calendar; charset=utf-8; method={entry.method.value}")
        alternatives.attach(part)
        attached = MIMEApplication(content, "ics", name="invite.ics")
        attached.add_header("Content-Disposition", "attachment", filename="invite.ics")
        mixed.attach(attached)

    def _headers(self) -> dict[str, str]:
        headers = {
            "Date": format_datetime(self._at),
            "From": self._from,
            "To": self._to,
            "Message-ID": self.msgId,
            "Subject": encoded(self.subject),
            "Auto-Submitted": "auto-generated",
        }
        if self._reply_to:
            headers["Reply-To"] = self._reply_to
        if self._earlier:
            headers["In-Reply-To"] = self._earlier[-1]
            headers["References"] = "\r\n ".join(_shortened(self._earlier))
        if self._mailing_list:
            headers |= _list_headers(self._mailing_list)
        return headers


def _list_headers(mailing_list: MailingList) -> dict[str, str]:
    """List-Id (RFC 2919) and the ways out of the list (RFC 2369); with one press only over https (RFC 8058, 3.1)."""
    ways = [f"<{mailing_list.url}>"]
    if sender.reply_address:
        mailbox_of = quote(addr_spec(sender.reply_address), safe="@")
        ways.append(f"<mailto:{mailbox_of}?subject={quote(mailing_list.subject)}>")
    headers = {"List-Id": f"<{mailing_list.name}.{links.host}>", "List-Unsubscribe": ",\r\n ".join(ways)}
    if mailing_list.url.startswith("https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _text(content: str, subtype: str) -> MIMEText:
    """A text part in its canonical form: CRLF line ends under the base64 (RFC 2045, 6.8)."""
    part = MIMEText("", subtype, "utf-8")
    del part["Content-Transfer-Encoding"]
    part.set_payload(_LINE_END.sub("\r\n", content), _UTF8)
    return part


def _attached(file: Attachment) -> MIMEApplication:
    part = MIMEApplication(file.content)
    part.replace_header("Content-Type", file.media_type)
    part["Content-Disposition"] = f"attachment{parameter('filename', file.file_name)}"
    return part


def _shortened(earlier: list[str]) -> list[str]:
    """The first message and the latest ones, as RFC 5322 lets a long chain be cut."""
    return earlier if len(earlier) <= _REFERENCES else [earlier[0], *earlier[1 - _REFERENCES :]]
