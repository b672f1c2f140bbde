"""Forms about e-learning courses: the course, its units, its check."""

from __future__ import annotations

from typing import Any, Self

from flask_wtf.file import FileField
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField

from app.elearning import media
from app.elearning.types import Check, CourseDetails, CourseRow, Solution, UnitDraft, UnitKind, UnitRow
from app.questions.codec import MOST_OPTIONS
from app.questions.editing import new_key
from app.questions.types import Kind, Option, Question
from app.web.console.forms.rows import edited, with_spares
from app.web.parts.fields import JapaneseDateField, LineField, MultiLineField, NumberField
from app.web.parts.forms import BaseForm, InnerForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan

SPARE_OPTIONS = 4


class CourseForm(BaseForm):
    """What is said of a course besides its contents."""

    title = LineField("講座の名称", [Needed(), NoLongerThan(120)])
    about = MultiLineField("説明", [NoLongerThan(1000)])
    due_on = JapaneseDateField("受講期限", [Needed()])

    @classmethod
    def of(cls, course: CourseRow | None) -> Self:
        """What is stored, or what was sent of it."""
        return cls(obj=course)

    def to_details(self) -> CourseDetails:
        """The parsed shape that goes inside."""
        if self.due_on.data is None:
            raise ValueError("the form was not validated")
        return CourseDetails(self.title.data or "", self.about.data or "", self.due_on.data)


class UnitForm(BaseForm):
    """A unit; which of the fields are asked depends on its kind."""

    title = LineField("単元の名称", [Needed(), NoLongerThan(120)])
    body = MultiLineField("本文", [NoLongerThan(20_000)])
    url = LineField("リンク先のアドレス", [NoLongerThan(500)])
    file = FileField("ファイル")
    captions = FileField("字幕ファイル（WebVTT）")
    drop_captions = BooleanField("いまの字幕ファイルを外す")

    @classmethod
    def of(cls, unit: UnitRow | None) -> Self:
        """What is stored (None: a new one), or what was sent of it. A file field is never filled in."""
        return cls(data={"title": unit.title, "body": unit.body, "url": unit.url} if unit else None)

    def naming(self, kind: UnitKind) -> Self:
        """The same form, with its text called what it is in a unit of that kind."""
        words = {UnitKind.PAGE: "本文", UnitKind.VIDEO: "動画の内容（文字起こし）"}
        self.body.label.text = words.get(kind, "説明")
        return self

    def to_draft(self, kind: UnitKind) -> UnitDraft:
        """At most one byte more than is taken is read of a file, so that the verb can refuse the rest."""
        sent = self.file.data
        return UnitDraft(
            kind=kind,
            title=self.title.data or "",
            body=self.body.data or "",
            url=(self.url.data or "") if kind is UnitKind.LINK else "",
            file_name=(sent.filename or "") if sent else "",
            file=sent.stream.read(media.largest(kind) + 1) if sent else None,
            captions=self.captions.data.stream.read(media.LARGEST_CAPTIONS + 1) if self.captions.data else None,
            drop_captions=bool(self.drop_captions.data),
        )


class CheckRulesForm(BaseForm):
    """How much must be right, and how often one may try."""

    pass_percent = NumberField("合格とする正答率", [Needed()], least=1, most=100, unit="%")
    most_tries = NumberField("受けられる回数", least=1, most=20, unit="回")

    @classmethod
    def of(cls, check: Check) -> Self:
        """What is stored, or what was sent of it."""
        return cls(obj=check)


class AnswerForm(InnerForm):
    """One answer that can be chosen, and whether it is right."""

    key = HiddenField()
    label = LineField("選択肢", validators=[NoLongerThan(200)])
    right = BooleanField("正解")


class CheckQuestionForm(BaseForm):
    """One question of the check with its answers."""

    seen = HiddenField()
    label = LineField("問題", [Needed(), NoLongerThan(200)])
    kind = SelectField("答え方", [Chosen()], choices={kind.value: kind.word for kind in (Kind.SINGLE, Kind.MULTIPLE)})
    options = FieldList(FormField(AnswerForm), max_entries=MOST_OPTIONS)
    why = MultiLineField("解説", [NoLongerThan(1000)])

    @classmethod
    def of(cls, asked: Question | None, solution: Solution | None, seen: str) -> Self:
        """What is stored (None: a new one), or what was sent of it."""
        right = set(solution.right) if solution else set()
        offered = asked.offered if asked else ()
        rows: list[dict[str, Any]] = [
            {"key": one.key, "label": one.label, "right": one.key in right} for one in offered
        ]
        rows = with_spares(rows, SPARE_OPTIONS if asked is None else 1, most=MOST_OPTIONS)
        known = {"label": asked.label, "kind": asked.kind.value} if asked else {}
        return cls(data={**known, "seen": seen, "options": rows, "why": solution.why if solution else ""})

    @classmethod
    def reordered(cls, sent: Self, button: str) -> Self:
        """What was sent, after the button `options-add`, `options-up-3`, `options-remove-0`, …"""
        what = button.removeprefix("options-")
        rows = edited([row.data for row in sent.options], what, spares=1, most=MOST_OPTIONS)
        return cls(formdata=None, data={**sent.data, "options": rows})

    def to_question(self, was: Question | None) -> tuple[Question, Solution]:
        """The question that was described, and what is right. Whoever takes the check must answer it."""
        rows = [row.data for row in self.options if row.data["label"]]
        kept = [(row["key"] or new_key(), row) for row in rows]
        question = Question(
            key=was.key if was else new_key(),
            kind=Kind(self.kind.data),
            label=self.label.data or "",
            required=True,
            options=tuple(Option(key, row["label"]) for key, row in kept),
        )
        return question, Solution(tuple(key for key, row in kept if row["right"]), self.why.data or "")
