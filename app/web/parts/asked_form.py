"""The questions of an event as a part of a form about a person: names of the controls, what was typed, what is wrong.

`q-<question key>`, for the first companion `q-<question key>-1`; the line beside an option `q-<question key>.<option>`.
`people` says for how many the page asked: where more come along now, the form is shown again with their questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from werkzeug.datastructures import FileStorage, MultiDict

from app.documents.errors import WrongFile
from app.documents.sniffing import LARGEST
from app.events.types import AskedRow
from app.infra import clock
from app.kernel.types import JSON
from app.questions.carrying import text_of
from app.questions.kinds import labels_of
from app.questions.party import NOTHING_ASKED, Answered, People, check_party
from app.questions.types import Kind, Question, free_key
from app.registrations import answer_files
from app.web.parts.forms import Problem
from app.web.parts.question_fields import choices_of

# The controls of a form with files: three of the largest files, and the words.
BODY = 3 * LARGEST + 256 * 1024
# As many companions as an event may allow.
MOST_PEOPLE = 20
MORE_PEOPLE = "同伴者の方への質問を表示しました。お一人ずつ入力してください。"


def name_of(person: int, key: str) -> str:
    """The name of a control, and its id."""
    return f"q-{key.replace('/', '.')}" + (f"-{person}" if person else "")


class QuestionSheet:
    """What is asked on one page. Before take(), nothing is wrong and nothing was answered."""

    def __init__(self, asked: Sequence[AskedRow], typed: MultiDict[str, str] | None, known: People) -> None:
        self._ids = {row.question.key: row.id for row in asked}
        self._typed = typed
        self._problems: list[tuple[str, str, str]] = []
        self._files: dict[str, answer_files.FileRow] = {}
        self.questions = tuple(_with_chosen(row.question, known) for row in asked)
        self.answered: Answered = NOTHING_ASKED
        self.values = _controls(self.questions, known) if typed is None else _sent(typed)
        self._find_files()

    def __bool__(self) -> bool:
        return bool(self.questions)

    @property
    def has_files(self) -> bool:
        """Whether the form has to be sent as one with files."""
        return any(question.kind is Kind.FILE for question in self.questions)

    @property
    def of_companions(self) -> tuple[Question, ...]:
        """What each companion is asked."""
        return tuple(question for question in self.questions if question.per_person)

    @property
    def wrong(self) -> dict[str, list[str]]:
        """The sentences by the id of their control."""
        found: dict[str, list[str]] = {}
        for anchor, _label, sentence in self._problems:
            found.setdefault(anchor, []).append(sentence)
        return found

    @staticmethod
    def name(_questions: Sequence[Question], person: int, key: str) -> str:
        """As the macro of components/questions.html asks for it."""
        return name_of(person, key)

    @staticmethod
    def hint_of(questions: Sequence[Question], question: Question) -> str:
        """The hint, behind when the question is asked: 「託児」が「希望する」の方だけ、お答えください。"""
        condition = question.condition
        if condition is None:
            return question.hint
        asked = next(one for one in questions if one.key == condition.question)
        words = [label for key, label in labels_of(asked) if key in condition.answers]
        return f"「{asked.label}」が「{'」「'.join(words)}」の方だけ、お答えください。{question.hint}"

    choices_of = staticmethod(choices_of)

    def keep_files(self, sent: MultiDict[str, FileStorage]) -> None:
        """Keep each file that was sent; what is no file that is taken is a problem of its control."""
        for name, question in self._controls_of_files():
            file = sent.get(name)
            if file is None or not file.filename:
                continue
            try:
                # At most one byte more than is taken is read, so that the rest can be refused.
                content = file.stream.read(LARGEST + 1)
                kept = answer_files.keep(self._ids[question.key], file.filename, content, now=clock.now())
            except WrongFile as refusal:
                self._problems.append((name, question.label, refusal.message))
                continue
            self._show_file(name, kept)

    def check(self, companions: int) -> list[str]:
        """Look at the answers of the applicant and the companions; returns what concerns the whole form.

        A companion for whom nothing was asked yet is asked first.
        """
        people = 1 + companions if self.of_companions else 1
        given = [self._given(person) for person in range(people)]
        self.answered, problems = check_party(self.questions, given, people=people)
        shown = self._shown_people()
        labels = {question.key: question.label for question in self.questions}
        for problem in problems:
            key, person = problem.question or "", int(problem.row or 0)
            if person <= shown:
                name = name_of(person, key)
                label = f"同伴者{person}の{labels[key]}" if person else labels[key]
                self._problems.append((name, label, problem.message))
        return [MORE_PEOPLE] if shown < people - 1 else []

    def problems(self) -> Iterator[Problem]:
        """What is wrong, for the summary."""
        for anchor, label, sentence in self._problems:
            yield Problem(anchor, label, sentence)

    def rows(self) -> list[tuple[str, str]]:
        """The clean answers as people read them."""
        found = []
        for question in self.questions:
            for person, said in enumerate(self.answered.people):
                if words := text_of(question, said):
                    found.append((f"{question.label}（同伴者{person}）" if person else question.label, words))
        return found

    def typed(self, companions: int) -> Iterator[tuple[str, str]]:
        """The clean answers as the fields that send them again."""
        if self.of_companions:
            yield "people", str(companions)
        for name, values in _controls(self.questions, self.answered.people).items():
            if not name.endswith(".name"):
                yield from ((name, value) for value in values)

    def _given(self, person: int) -> Mapping[str, JSON]:
        found: dict[str, JSON] = {}
        for question in self.questions:
            name = name_of(person, question.key)
            values = self.values.get(name, [])
            if question.kind is Kind.FILE:
                file = self._files.get(values[0]) if values else None
                found[question.key] = {"key": file.key, "name": file.name} if file else None
            else:
                found[question.key] = list[JSON](values) if question.kind is Kind.MULTIPLE else "".join(values[:1])
            for option in question.options:
                line = free_key(question, option)
                found[line] = "".join(self.values.get(name_of(person, line), [])[:1])
        return found

    def _shown_people(self) -> int:
        """For how many companions the page asked; whoever answers for more, or sends no page's form, knows them."""
        said = self.values.get("people", [""])[0]
        shown = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else MOST_PEOPLE
        answered = (
            person
            for person in range(MOST_PEOPLE, shown, -1)
            for question in self.of_companions
            if name_of(person, question.key) in self.values
        )
        return next(answered, shown)

    def _controls_of_files(self) -> Iterator[tuple[str, Question]]:
        for question in self.questions:
            if question.kind is Kind.FILE:
                for person in range(1 + MOST_PEOPLE if question.per_person else 1):
                    yield name_of(person, question.key), question

    def _find_files(self) -> None:
        named = {
            name: next(filter(None, self.values[name]), "")
            for name, _question in self._controls_of_files()
            if name in self.values
        }
        found = answer_files.offered(list(self._ids.values()), list(named.values()))
        for name, key in named.items():
            dropped = f"{name}.drop" in self.values
            if key in found and not dropped:
                self._show_file(name, found[key])
            else:
                del self.values[name]

    def _show_file(self, name: str, file: answer_files.FileRow) -> None:
        self._files[file.key] = file
        self.values[name], self.values[f"{name}.name"] = [file.key], [file.name]


def _with_chosen(question: Question, known: People) -> Question:
    """With a past option offered to whoever chose it when it was not yet past."""
    chosen = [said.get(question.key) for said in known]
    flat = {one for value in chosen for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)}
    options = tuple(replace(o, past=False) if o.past and o.key in flat else o for o in question.options)
    return question if options == question.options else replace(question, options=options)


def _sent(form: MultiDict[str, str]) -> dict[str, list[str]]:
    return {name: form.getlist(name) for name in form if name.startswith("q-") or name == "people"}


def _controls(questions: Sequence[Question], people: People) -> dict[str, list[str]]:
    """Each control that has a value, with its values: what a browser would send for these answers."""
    found: dict[str, list[str]] = {}
    for person, said in enumerate(people):
        for question in questions:
            for key in (question.key, *(free_key(question, option) for option in question.options)):
                if key in said:
                    found[name_of(person, key)] = _values(said[key])
    return found


def _values(value: JSON) -> list[str]:
    if isinstance(value, dict):
        return [str(value["key"])]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
