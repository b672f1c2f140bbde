"""What every form shares: Japanese sentences, refusals at their field, errors in the order of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from wtforms import Field, FieldList, Form, FormField

from app.kernel.errors import Refusal

if TYPE_CHECKING:

    class FlaskForm(Form):
        """What flask_wtf, which carries no types, adds to WTForms' form."""

        def validate_on_submit(self) -> bool:
            """True when the form was sent and nothing is wrong with it."""
            return self.validate()

        def is_submitted(self) -> bool:
            """True when the form was sent."""
            return True
else:
    from flask_wtf import FlaskForm

# WTForms' own sentences, in the words of this service; whatever is not here a form never shows.
SENTENCES: Mapping[str, str] = {
    "Not a valid choice.": "一覧の中から選んでください。",
    "Not a valid choice": "一覧の中から選んでください。",
    "Invalid Choice: could not coerce.": "一覧の中から選んでください。",
    "'%(value)s' is not a valid choice for this field.": "一覧の中から選んでください。",
    "'%(value)s' are not valid choices for this field.": "一覧の中から選んでください。",
    "The CSRF token is missing.": "画面の有効期限が切れました。もう一度送信してください。",
    "The CSRF session token is missing.": "画面の有効期限が切れました。もう一度送信してください。",
    "The CSRF token has expired.": "画面の有効期限が切れました。もう一度送信してください。",
    "The CSRF token is invalid.": "画面の有効期限が切れました。もう一度送信してください。",
    "The CSRF tokens do not match.": "画面の有効期限が切れました。もう一度送信してください。",
}


class Sentences:
    """Stands where WTForms looks for translations."""

    def gettext(self, string: str) -> str:
        """The Japanese sentence for one of WTForms' own."""
        return SENTENCES.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Japanese has one form for every number."""
        return SENTENCES.get(singular, singular)


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary. `anchor` is the id of the control it is about, empty for the whole form."""

    anchor: str
    label: str
    message: str


class BaseForm(FlaskForm):
    """A form whose fields keep what was typed, whatever was wrong with it."""

    class Meta:
        """Japanese sentences instead of WTForms' English ones."""

        def get_translations(self, form: Any) -> Sentences:
            """One language here; the fields' own messages are Japanese already."""
            return Sentences()

    def refusals(self) -> Refusals:
        """`with form.refusals(): …` puts a Refusal at its field; what follows the block shows the form again."""
        return Refusals(self)

    def refuse(self, refusal: Refusal) -> None:
        """Put `refusal` at its field, or at the top of the form when it has none here.

        `refusal.field` is a name as in the page, nested fields too: `rows-2-title`.
        """
        for field in every_field(self):
            if refusal.field is not None and field.name == refusal.field:
                field.errors = [*field.errors, refusal.message]
                return
        self.form_errors.append(refusal.message)

    def summary(self) -> list[Problem]:
        """What is wrong, in the order of the page: first what concerns the whole form."""
        problems = [Problem("", "", message) for message in self.form_errors]
        for field in every_field(self):
            if not isinstance(field, FieldList | FormField):
                problems.extend(Problem(field.id, field.label.text, str(message)) for message in field.errors)
        return problems


class InnerForm(Form):
    """The columns of a row inside a BaseForm."""

    class Meta:
        """As in the form around it."""

        def get_translations(self, form: Any) -> Sentences:
            """One language here."""
            return Sentences()


class Refusals:
    """A block in which a Refusal becomes a message of the form instead of an error page."""

    def __init__(self, form: BaseForm) -> None:
        self._form = form

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Take a Refusal; let everything else through."""
        if isinstance(error, Refusal):
            self._form.refuse(error)
            return True
        return False


def every_field(form: Any) -> Iterator[Field]:
    """The fields of a form in the order of the page, each enclosing field before those inside it."""
    for field in form:
        yield field
        if isinstance(field, FieldList):
            yield from _below(field)
        elif isinstance(field, FormField):
            yield from every_field(field.form)


def _below(rows: Any) -> Iterator[Field]:
    for row in rows:
        yield row
        if isinstance(row, FormField):
            yield from every_field(row.form)
