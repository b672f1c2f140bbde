"""Forms of a message to many: its text, whom it goes to, a file beside it, and the confirmed number."""

from __future__ import annotations

from typing import Any, Self

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField

from app.documents.sniffing import LARGEST
from app.events.drafts import Upload
from app.events.types import EventRow
from app.events.wordings import LONGEST_SUBJECT
from app.kernel.japanese_dates import period_text
from app.registrations.bulk import BulkRow
from app.registrations.recipients import Came, Group, answers_of
from app.registrations.types import Status
from app.registrations.writing import BulkDraft
from app.web.parts.fields import LineField, MultiLineField
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of
from app.web.parts.validators import Chosen, Needed, NoLongerThan

LONGEST_BODY = 4000
# Nobody who was turned down is written to by mistake: every other status is one of these.
STATUSES = (Status.CONFIRMED, Status.WAITLISTED, Status.PENDING, Status.OFFERED, Status.DECLINED, Status.CANCELLED)


class BulkForm(BaseForm):
    """Subject, text, and the group. No sitting ticked: those of all."""

    statuses = SelectMultipleField(
        "申込みの状態",
        choices={one.value: one.word for one in STATUSES},
        default=[Status.CONFIRMED.value],
        validators=[Chosen()],
    )
    sittings = SelectMultipleField("回", coerce=int, choices={})
    came = RadioField("出欠", choices={one.value: one.word for one in Came}, default=Came.ANY.value)
    answers = SelectMultipleField("質問への答え", choices={})
    subject = LineField("件名", validators=[Needed(), NoLongerThan(LONGEST_SUBJECT)])
    body = MultiLineField("本文", validators=[Needed(), NoLongerThan(LONGEST_BODY)])
    version = HiddenField(default="1")

    @classmethod
    def of(cls, event: EventRow, row: BulkRow | None) -> Self:
        """The form of a draft (None: of a new one), with the sittings to choose from where there are several."""
        data: dict[str, Any] = {}
        if row is not None:
            data = {"subject": row.subject, "body": row.body, "version": str(row.version)}
            data |= {"statuses": [one.value for one in row.group.statuses], "sittings": list(row.group.sittings)}
            data |= {"came": row.group.came.value, "answers": list(row.group.answers)}
        form = cls(data=data)
        if len(event.offered) > 1:
            form.sittings.choices = {
                str(s.id): "　".join(filter(None, (s.label, period_text(s.starts_at, s.ends_at))))
                for s in event.offered
            }
        else:
            del form.sittings
        form.answers.choices = answers_of(event.asked)
        if not form.answers.choices:
            del form.answers
        return form

    def group_is_chosen(self) -> bool:
        """True when the group alone can be read, whatever else is still missing."""
        fields = [self[name] for name in ("statuses", "sittings", "came", "answers") if name in self]
        return all(field.validate(self) for field in fields)

    def to_group(self) -> Group:
        """Who is chosen."""
        sittings = tuple(self.sittings.data or ()) if "sittings" in self else ()
        answers = tuple(self.answers.data or ()) if "answers" in self else ()
        return Group(tuple(Status(word) for word in self.statuses.data or ()), sittings, Came(self.came.data), answers)

    def to_draft(self) -> BulkDraft:
        """The parsed shape that goes inside."""
        return BulkDraft(self.subject.data or "", self.body.data or "", self.to_group())

    @property
    def seen_version(self) -> int:
        """The version that the organizer had before them, 0 for anything that is no number."""
        return id_of(str(self.version.data or ""))


class FileForm(BaseForm):
    """A file from one's own computer."""

    file = FileField("ファイル", validators=[Needed("ファイルを選んでください。")])

    def to_upload(self) -> Upload:
        """At most one byte more than is taken is read, so that the verb can refuse the rest."""
        sent = self.file.data
        return Upload("", sent.filename or "", sent.stream.read(LARGEST + 1))


class HandoutChoiceForm(BaseForm):
    """A file that stands among the event's handouts already."""

    handout = SelectField("資料", coerce=int, choices={})

    @classmethod
    def of(cls, event: EventRow) -> Self:
        """The event's handouts to choose from."""
        form = cls()
        form.handout.choices = {str(one.id): one.title for one in event.handouts}
        return form


class SendForm(BaseForm):
    """What was confirmed: which text, to how many."""

    version = HiddenField()
    expected = HiddenField()

    @property
    def confirmed(self) -> tuple[int, int]:
        """Version and number; 0 for anything that is no number."""
        return id_of(str(self.version.data or "")), id_of(str(self.expected.data or ""))
