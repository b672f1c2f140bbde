"""The pages on which a form made of data is changed piece by piece, whatever it belongs to: outline, section, question.

A door names its form as a Subject and hands each of its views' work here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.kernel.errors import NotFound
from app.questions import codec, editing
from app.questions.internal import for_everybody
from app.questions.types import Definition, Question
from app.web.console.forms.questions import HintForm, QuestionForm, SectionForm
from app.web.parts import question_fields as fields
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of

NEW = 0
MOVES: dict[str, Callable[[Definition, int, int | None], Definition]] = {
    "up": lambda definition, section, question: editing.moved(definition, section, question, by=-1),
    "down": lambda definition, section, question: editing.moved(definition, section, question, by=1),
    "remove": editing.without,
}
Answer = str | tuple[str, int] | Response


class Subject(ABC):
    """A form that is changed here, and the pages it belongs to.

    `frame`: the template around the outline. `internal`: whether it may ask what only the organizer answers.
    `once_begun`: what becomes of a change once sections have begun to answer.
    """

    frame: str
    internal: bool
    once_begun: str

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is called."""

    @property
    @abstractmethod
    def definition(self) -> Definition:
        """What it asks now."""

    @property
    @abstractmethod
    def crumbs(self) -> list[tuple[str, str]]:
        """The way to the outline: (label, address)."""

    @property
    @abstractmethod
    def begun(self) -> int:
        """How many sections have begun to answer."""

    @property
    @abstractmethod
    def may_manage(self) -> bool:
        """Whether who is signed in may change it at all."""

    @property
    def editable(self) -> bool:
        """Whether they may change it now."""
        return self.may_manage

    @property
    def context(self) -> dict[str, object]:
        """What the frame shows besides."""
        return {}

    @abstractmethod
    def url(self, page: str, **place: Any) -> str:
        """The address of one of its pages: questions, questions_post, section, …"""

    @abstractmethod
    def keep(self, wanted: Definition, *, seen: str) -> None:
        """Ask this from now on. Raises Refusal."""


def outline(subject: Subject) -> str:
    """The form as an outline."""
    seen = codec.digest(subject.definition)
    return _outline(subject, HintForm(formdata=None, data={"hint": subject.definition.hint, "seen": seen}))


def outline_post(subject: Subject) -> Answer:
    """Save the words above all; `do=up:<section>:<question>` also moves or removes a section or a question."""
    form = HintForm()
    if not form.validate():
        return _outline(subject, form), 422
    wanted = editing.with_hint(subject.definition, form.hint.data or "")
    doing, _, place = request.form.get("do", "").partition(":")
    if doing in MOVES:
        wanted = _rearranged(wanted, doing, place)
    return _kept(subject, wanted, form) or (_outline(subject, form), 422)


def section_page(subject: Subject, section: int) -> str:
    """A section by its place from 1; 0: a new one."""
    found = subject.definition.sections[_place(subject, section)] if section != NEW else None
    return _section_page(subject, section, SectionForm.of(found, codec.digest(subject.definition)))


def section_post(subject: Subject, section: int) -> Answer:
    """Save it."""
    form = SectionForm()
    place = _place(subject, section) if section != NEW else None
    if section == NEW and not form.first.data:
        form.first.errors = ["「最初の質問」を入力してください。"]
    elif form.validate():
        before = None if place is None else subject.definition.sections[place]
        wanted = editing.with_section(subject.definition, place, form.to_section(before))
        if saved := _kept(subject, wanted, form):
            return saved
    return _section_page(subject, section, form), 422


def question_page(subject: Subject, section: int, question: int) -> str:
    """A question by its place from 1 in its section; 0: a new one."""
    asked, at = _asked(subject, section, question)
    found = None if at is None else asked[at]
    return _question_page(
        subject, section, question, QuestionForm.of(found, asked[:at], codec.digest(subject.definition))
    )


def question_post(subject: Subject, section: int, question: int) -> Answer:
    """Save it; a button beside an option only rearranges what was typed."""
    asked, at = _asked(subject, section, question)
    form = QuestionForm.of(None, asked[:at], "")
    if "row" in request.form:
        return _question_page(subject, section, question, QuestionForm.reordered(form, asked[:at], request.form["row"]))
    if form.validate():
        with form.refusals():
            made = form.to_question(None if at is None else asked[at])
            wanted = editing.with_question(subject.definition, _place(subject, section), at, made)
            if saved := _kept(subject, wanted, form):
                return saved
    return _question_page(subject, section, question, form), 422


def preview_page(subject: Subject) -> str:
    """The empty form as the sections will see it."""
    return render_template(
        "console/form/preview.html",
        subject=subject,
        definition=for_everybody(subject.definition),
        name=fields.name_of,
        hint=fields.hint_of,
        choices=fields.choices_of,
    )


def _kept(subject: Subject, wanted: Definition, form: HintForm | SectionForm | QuestionForm) -> Response | None:
    """Ask this from now on and go back to the outline; None where it was refused, which stands on the form then."""
    with form.refusals():
        subject.keep(wanted, seen=form.seen.data or "")
        flash("設問を保存しました。", "success")
        return redirect(subject.url("questions"), 303)
    return None


def _rearranged(definition: Definition, doing: str, place: str) -> Definition:
    section, _, question = place.partition(":")
    at = _at(len(definition.sections), id_of(section))
    within = _at(len(definition.sections[at].questions), id_of(question)) if question else None
    return MOVES[doing](definition, at, within)


def _asked(subject: Subject, section: int, question: int) -> tuple[tuple[Question, ...], int | None]:
    """The questions of a section, and the place of one of them; None for a new one. Raises NotFound."""
    asked = subject.definition.sections[_place(subject, section)].questions
    return asked, _at(len(asked), question) if question != NEW else None


def _place(subject: Subject, section: int) -> int:
    return _at(len(subject.definition.sections), section)


def _at(size: int, number: int) -> int:
    """The index that a number from 1 stands for. Raises NotFound."""
    if not 1 <= number <= size:
        raise NotFound
    return number - 1


def _outline(subject: Subject, form: BaseForm) -> str:
    return render_template(
        "console/form/outline.html",
        subject=subject,
        form=form,
        begun=subject.begun,
        hint_of=fields.hint_of,
        choices_of=fields.choices_of,
        may_manage=subject.may_manage,
        editable=subject.editable,
        **subject.context,
    )


def _section_page(subject: Subject, section: int, form: SectionForm) -> str:
    return render_template("console/form/section.html", subject=subject, section=section, form=form)


def _question_page(subject: Subject, section: int, question: int, form: QuestionForm) -> str:
    return render_template("console/form/question.html", subject=subject, section=section, question=question, form=form)
