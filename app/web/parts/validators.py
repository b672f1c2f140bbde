"""Checks that tell people what to do next, with the name of the field in the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation, ValidationError

from app.documents.glyphs import unprintable


class Needed:
    """Something must be there. The widget shows 必須."""

    def __init__(self, message: str = "") -> None:
        self.message = message
        self.field_flags: Mapping[str, Any] = {"required": True}

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises StopValidation; a field that already said what is wrong with the typed text says only that."""
        data = field.data
        if field.errors:
            raise StopValidation
        if data is None or data == [] or (isinstance(data, str) and not data.strip()):
            raise StopValidation(self.message or f"「{field.label.text}」を入力してください。")


class Chosen(Needed):
    """One of several must be chosen."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises StopValidation; says so instead of WTForms' complaint about the choice that was not made."""
        if field.data in (None, "", []):
            field.errors = []
            raise StopValidation(self.message or f"「{field.label.text}」を選んでください。")


class Ticked(Needed):
    """The box must be ticked."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises StopValidation."""
        if not field.data:
            raise StopValidation(self.message)


class NoLongerThan:
    """At most `limit` characters, as the database keeps them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags: Mapping[str, Any] = {"maxlength": limit}

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises ValidationError, which says how long the text is now."""
        length = len(field.data or "")
        if length > self.limit:
            raise ValidationError(
                f"「{field.label.text}」は{self.limit:,}文字以内にしてください。いまは{length:,}文字です。"
            )


class Printable:
    """Every character can stand on the printed roster; noticed when it is typed, not when it is printed."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises ValidationError with the characters and what to do."""
        odd = unprintable((field.data or "").replace("\n", ""))
        if odd:
            shown = "」「".join(odd)
            raise ValidationError(
                f"「{field.label.text}」の「{shown}」は印刷できない文字です。近い文字か、かなで入力してください。"
            )
