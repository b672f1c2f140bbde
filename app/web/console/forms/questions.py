"""Forms about what a worksheet asks: a section of it, and one question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Self

from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, SelectField, SelectMultipleField

from app.questions.codec import MOST_OPTIONS
from app.questions.editing import new_key
from app.questions.errors import BrokenDefinition
from app.questions.kinds import labels_of
from app.questions.types import Condition, Kind, Option, Question, Section
from app.web.console.forms.rows import edited, with_spares
from app.web.parts.fields import LineField, MultiLineField, NumberField
from app.web.parts.forms import BaseForm, InnerForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan

ONCE, REPEATS = "once", "repeats"
SPARE_OPTIONS = 3
CHOOSING = {Kind.SINGLE, Kind.MULTIPLE}
TEXTS = {Kind.LINE, Kind.TEXT}
# Worksheets have files beside the answers, and nobody agrees to anything there.
ON_A_SHEET = tuple(kind for kind in Kind if kind not in {Kind.CONSENT, Kind.FILE})


class HintForm(BaseForm):
    """What stands above all questions; `seen` is the digest of the form that the page showed."""

    seen = HiddenField()
    hint = MultiLineField("記入する人への説明", [NoLongerThan(400)])


class SectionForm(BaseForm):
    """A part of the form: questions asked once, or a row a thing."""

    seen = HiddenField()
    title = LineField("区分の名称", [Needed(), NoLongerThan(60)])
    hint = LineField("説明", [NoLongerThan(200)])
    shape = RadioField(
        "記入のしかた",
        [Chosen()],
        choices={ONCE: "一度だけ記入する", REPEATS: "行を増やして、いくつでも記入する"},
        default=ONCE,
    )
    row_word = LineField("1行の呼び名", [NoLongerThan(20)], default="行")
    least_rows = NumberField("最低の行数", least=0, most=100, default=0)
    most_rows = NumberField("最大の行数", least=1, most=500, default=100)
    first = LineField("最初の質問", [NoLongerThan(100)])

    @classmethod
    def of(cls, section: Section | None, seen: str) -> Self:
        """What the section is now, or what was sent of it."""
        if section is None:
            return cls(data={"seen": seen})
        data = {name: getattr(section, name) for name in ("title", "hint", "row_word", "least_rows", "most_rows")}
        return cls(data={**data, "seen": seen, "shape": REPEATS if section.repeats else ONCE})

    def to_section(self, before: Section | None) -> Section:
        """The section that was described; a new one begins with its first question. Raises BrokenDefinition."""
        first = Question(new_key(), Kind.LINE, self.first.data or "")
        return Section(
            key=before.key if before else new_key(),
            title=self.title.data or "",
            questions=before.questions if before else (first,),
            hint=self.hint.data or "",
            repeats=self.shape.data == REPEATS,
            least_rows=self.least_rows.data or 0,
            most_rows=self.most_rows.data or 100,
            row_word=self.row_word.data or "行",
        )


class OptionForm(InnerForm):
    """One answer that can be chosen."""

    key = HiddenField()
    label = LineField("選択肢", validators=[NoLongerThan(60)])
    free = BooleanField("記入欄を付ける")


class QuestionForm(BaseForm):
    """One question with everything that belongs to its kind."""

    seen = HiddenField()
    label = LineField("質問", [Needed(), NoLongerThan(100)])
    hint = LineField("説明", [NoLongerThan(200)])
    kind = SelectField("答え方", [Chosen()], choices={kind.value: kind.word for kind in ON_A_SHEET})
    required = BooleanField("必ず答える")
    internal = BooleanField("事務局だけが記入・閲覧する")
    options = FieldList(FormField(OptionForm), max_entries=MOST_OPTIONS)
    least = LineField("下限", [NoLongerThan(12)])
    most = LineField("上限", [NoLongerThan(12)])
    step = LineField("刻み", [NoLongerThan(8)], default="1")
    unit = LineField("単位", [NoLongerThan(10)])
    when = SelectMultipleField("この答えのときだけ尋ねる")

    @classmethod
    def of(cls, question: Question | None, before: Sequence[Question], seen: str) -> Self:
        """What the question is now, or what was sent of it. `before`: those whose answers it may depend on."""
        form = cls(data=cls._data(question, seen))
        return form._offering(before)

    @classmethod
    def reordered(cls, sent: Self, before: Sequence[Question], button: str) -> Self:
        """What was sent, after the button `options-add`, `options-up-3`, `options-remove-0`, …"""
        rows = [row.data for row in sent.options]
        what = button.removeprefix("options-")
        data = {**sent.data, "options": edited(rows, what, spares=SPARE_OPTIONS, most=MOST_OPTIONS)}
        return cls(formdata=None, data=data)._offering(before)

    def to_question(self, was: Question | None) -> Question:
        """The question that was described. Raises BrokenDefinition."""
        kind = Kind(self.kind.data)
        # Another key leaves the old answers behind: what one side wrote is not shown to the other by a change here.
        stays = was is not None and was.internal == bool(self.internal.data)
        counted = kind in TEXTS | {Kind.NUMBER}
        return Question(
            key=was.key if was and stays else new_key(),
            kind=kind,
            label=self.label.data or "",
            hint=self.hint.data or "",
            required=bool(self.required.data),
            options=tuple(self._options()) if kind in CHOOSING else (),
            condition=self._condition(),
            least=(self.least.data or None) if kind is Kind.NUMBER else None,
            most=(self.most.data or None) if counted else None,
            step=(self.step.data or "1") if kind is Kind.NUMBER else "1",
            unit=(self.unit.data or "") if kind is Kind.NUMBER else "",
            internal=bool(self.internal.data),
        )

    def _offering(self, before: Sequence[Question]) -> Self:
        self.when.choices = [
            (f"{asked.key}={key}", f"「{asked.label}」が「{label}」")
            for asked in before
            for key, label in labels_of(asked)
        ]
        return self

    def _options(self) -> Iterable[Option]:
        for row in self.options:
            if row.data["label"]:
                yield Option(row.data["key"] or new_key(), row.data["label"], bool(row.data["free"]))

    def _condition(self) -> Condition | None:
        chosen = [one.partition("=")[::2] for one in self.when.data or []]
        if not chosen:
            return None
        asked = {question for question, _answer in chosen}
        if len(asked) > 1:
            raise BrokenDefinition("条件にする質問は、一つだけにしてください。")
        return Condition(asked.pop(), tuple(answer for _question, answer in chosen))

    @staticmethod
    def _data(question: Question | None, seen: str) -> dict[str, Any]:
        if question is None:
            return {"seen": seen, "options": with_spares([], SPARE_OPTIONS, most=MOST_OPTIONS)}
        options = [{"key": one.key, "label": one.label, "free": one.free} for one in question.offered]
        names = ("label", "hint", "required", "internal", "per_person", "least", "most", "step", "unit")
        condition = question.condition
        return {
            **{name: getattr(question, name) for name in names},
            "seen": seen,
            "kind": question.kind.value,
            "options": with_spares(options, SPARE_OPTIONS, most=MOST_OPTIONS),
            "when": [f"{condition.question}={answer}" for answer in condition.answers] if condition else [],
        }


class EventQuestionForm(QuestionForm):
    """One question that an event asks of whoever applies."""

    kind = SelectField("答え方", [Chosen()], choices={kind.value: kind.word for kind in Kind})
    internal = BooleanField("担当者だけが記入・閲覧する")
    per_person = BooleanField("同伴者にも、一人ずつ尋ねる")

    def to_question(self, was: Question | None) -> Question:
        """The question that was described. Raises BrokenDefinition."""
        return replace(super().to_question(was), per_person=bool(self.per_person.data))
