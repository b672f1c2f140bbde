"""Forms of an event's own words in its messages, and of who sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from wtforms import RadioField, SelectField

from app.events.wordings import LONGEST_NAME, LONGEST_SUBJECT, LONGEST_TEXT, MailSender, Wording
from app.web.parts.fields import EmailField, LineField, MultiLineField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import NoLongerThan

SPECIMEN = {"0": "見本の人"}


class SenderForm(BaseForm):
    """Who writes, and where answers go."""

    name = LineField("差出人の名前", validators=[NoLongerThan(LONGEST_NAME)])
    reply_to = EmailField("返信先のメールアドレス", validators=[NoLongerThan(254)])

    def to_sender(self) -> MailSender:
        """The parsed shape that goes inside."""
        return MailSender(self.name.data or "", self.reply_to.data or "")


class PersonForm(BaseForm):
    """With whom a text is tried."""

    person = SelectField("プレビューに使う人", coerce=int, choices=SPECIMEN, default=0)

    @classmethod
    def among(cls, people: Mapping[int, str], chosen: int) -> Self:
        """The invented person and some of the event's."""
        form = cls(formdata=None, data={"person": chosen if chosen in people else 0})
        form.person.choices = with_specimen(people)
        return form


class WordingForm(BaseForm):
    """An event's own words in one kind of message, and with whom they are tried."""

    subject = LineField("件名", validators=[NoLongerThan(LONGEST_SUBJECT)])
    opening = MultiLineField("書き出し", validators=[NoLongerThan(LONGEST_TEXT)])
    standard = RadioField(
        "標準の文", choices={"yes": "書き出しのあとに、標準の文も入れる", "no": "標準の文は入れない"}, default="yes"
    )
    closing = MultiLineField("結び", validators=[NoLongerThan(LONGEST_TEXT)])
    person = SelectField("プレビューに使う人", coerce=int, choices=SPECIMEN, default=0)

    @classmethod
    def of(cls, wording: Wording, people: Mapping[int, str], *, replaceable: bool) -> Self:
        """The form with what is saved; whether the standard text stays is asked only where it may go."""
        data = {"subject": wording.subject, "opening": wording.opening, "closing": wording.closing}
        form = cls(data=data | {"standard": "yes" if wording.standard else "no"})
        form.person.choices = with_specimen(people)
        if not replaceable:
            del form.standard
        return form

    def to_wording(self) -> Wording:
        """The parsed shape that goes inside."""
        keeps = "standard" not in self or self.standard.data != "no"
        return Wording(self.subject.data or "", self.opening.data or "", self.closing.data or "", keeps)


def with_specimen(people: Mapping[int, str]) -> dict[str, str]:
    """The invented person first, then those of the event."""
    return SPECIMEN | {str(number): name for number, name in people.items()}
