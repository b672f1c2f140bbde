"""The card of a shared issue as a form, and the filters of its lists: for sections, organizers and the public."""

from __future__ import annotations

from enum import StrEnum
from typing import Self, TypeVar

from flask import request
from wtforms import HiddenField, SelectField

from app.kernel.text import clean_line
from app.shared_issues.errors import Incomplete
from app.shared_issues.types import District, Filters, IssueDraft, IssueRow, Progress, Stage, Subject
from app.web.parts.fields import LineField, MultiLineField
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of
from app.web.parts.validators import Chosen, Needed, NoLongerThan

CHOOSE = {"": "選んでください"}
E = TypeVar("E", bound=StrEnum)


class IssueForm(BaseForm):
    """What is written on a card. Only the title, the subject and the district are needed to keep it."""

    title = LineField("課題の題名", [Needed(), NoLongerThan(80)])
    subject = SelectField("分野", [Chosen()], choices=CHOOSE | {one.value: one.word for one in Subject})
    district = SelectField("地区", [Chosen()], choices=CHOOSE | {one.value: one.word for one in District})
    background = MultiLineField("背景・現状", [NoLongerThan(3000)])
    source = LineField("出典", [NoLongerThan(300)])
    affected = MultiLineField("困っている人", [NoLongerThan(1000)])
    existing = MultiLineField("既にある取組", [NoLongerThan(1000)])
    sections = LineField("関係する課・室", [NoLongerThan(300)])
    groups = LineField("関係する団体", [NoLongerThan(300)])
    progress = SelectField("状態", choices={one.value: one.word for one in Progress}, default=Progress.SEEKING.value)
    version = HiddenField()

    @classmethod
    def of(cls, issue: IssueRow) -> Self:
        """The form of a card, or what was sent of it."""
        preset = {name: getattr(issue, name) for name in IssueDraft.__slots__}
        for name in ("subject", "district", "progress"):
            preset[name] = preset[name].value
        return cls(data={**preset, "version": str(issue.version)})

    def to_draft(self) -> IssueDraft:
        """The parsed shape that goes inside."""
        texts = ("title", "background", "source", "affected", "existing", "sections", "groups")
        return IssueDraft(
            subject=Subject(self.subject.data),
            district=District(self.district.data),
            progress=Progress(self.progress.data),
            **{name: self[name].data or "" for name in texts},
        )

    @property
    def seen_version(self) -> int:
        """The version that the page was made of."""
        return id_of(self.version.data or "")

    def refuse_each(self, refusal: Incomplete) -> None:
        """Put everything that is missing at its field."""
        for one in refusal.each:
            self.refuse(one)


def issue_filters(*, stage: Stage | None = None, without: Stage | None = None) -> Filters:
    """What the address of a list asks for; `stage` and `without` are not for it to choose."""
    return Filters(
        subject=_asked(Subject, "subject"),
        district=_asked(District, "district"),
        progress=_asked(Progress, "progress"),
        stage=stage or _asked(Stage, "stage"),
        without=without,
        word=clean_line(request.args.get("q", ""))[:60],
    )


def _asked(kind: type[E], name: str) -> E | None:
    typed = request.args.get(name, "")
    return kind(typed) if typed in set(kind) else None
