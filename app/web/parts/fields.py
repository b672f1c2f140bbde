"""Form fields for Japanese input: either width, hiragana or katakana, era or Western year are all understood."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import EmailInput, TelInput, TextInput

from app.kernel import text
from app.kernel.japanese_dates import TOKYO, era_year, local
from app.kernel.typed_dates import parse_date

# Mail domains of Japanese carriers, whose older addresses break RFC 5321 (a..b@, .x@, x.@) and are in use.
CARRIERS = (
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "softbank.ne.jp",
    "vodafone.ne.jp",
    "ymobile.ne.jp",
    "wm.pdx.ne.jp",
)
_CARRIER = re.compile(
    rf"[A-Za-z0-9._/?+-]{{1,64}}@(?:[a-z0-9-]{{1,63}}\.)?(?:{'|'.join(re.escape(carrier) for carrier in CARRIERS)})"
)
_TIME = re.compile(r"(?P<half>午前|午後)?\s*(?P<hour>\d{1,2})\s*(?:[:時.]\s*(?P<minute>\d{1,2}|半)?\s*分?)?")
_DIGITS_ONLY = re.compile(r"(\d{1,2})(\d{2})")


class LineField(StringField):
    """One line of text."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was typed."""
        self.data = self.clean(valuelist[0]) if valuelist else ""

    def clean(self, typed: str) -> str:
        """The text as it is kept."""
        return text.clean_line(typed)


class NameField(LineField):
    """A person's name, kept as typed."""

    def clean(self, typed: str) -> str:
        """One full-width space between the parts."""
        return text.clean_name(typed)


class KanaField(LineField):
    """フリガナ: hiragana and half-width kana become full-width katakana."""

    def clean(self, typed: str) -> str:
        """Full-width katakana where that is possible."""
        return text.clean_kana(typed)

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for kanji and other signs."""
        if self.data and not text.is_kana(self.data):
            raise ValidationError(f"「{self.label.text}」はカタカナで入力してください。例：クラシキ　ハナコ")


class MultiLineField(TextAreaField):
    """Several lines of text."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was typed."""
        self.data = text.clean_text(valuelist[0]) if valuelist else ""


class PhoneField(Field):
    """A telephone number. `data` is E.164, or None when nothing or no possible number was typed."""

    widget = TelInput()
    data: str | None
    typed = ""

    def process_data(self, value: Any) -> None:
        """From the database: E.164."""
        self.data = value or None
        self.typed = text.phone_text(value) if value else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """From the page, in any width, with any hyphens."""
        self.typed = text.clean_phone(valuelist[0]) if valuelist else ""
        self.data = text.phone_key(self.typed) if self.typed else None

    def _value(self) -> str:
        return self.typed

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for what cannot be a number."""
        if self.typed and self.data is None:
            raise ValidationError(f"「{self.label.text}」は市外局番から入力してください。例：086-426-3107")


class PostcodeField(Field):
    """A postal code. `data` is its seven digits, empty when nothing or no possible code was typed."""

    widget = TextInput()
    data: str
    typed = ""

    def process_data(self, value: Any) -> None:
        """From the database: seven digits."""
        self.data = value or ""
        self.typed = text.postcode_text(value) if value else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """From the page, in any width, with any hyphen, with 〒 or without."""
        self.typed = text.clean_line(valuelist[0]) if valuelist else ""
        self.data = text.postcode_key(self.typed) or ""

    def _value(self) -> str:
        return self.typed

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for what cannot be a postal code."""
        if self.typed and not self.data:
            raise ValidationError(f"「{self.label.text}」は7桁の数字で入力してください。例：710-8565")


class AddressField(MultiLineField):
    """A postal address on one or two lines, as it stands on an envelope."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was typed; empty lines go."""
        super().process_formdata(valuelist)
        self.data = "\n".join(filter(None, (line.strip() for line in (self.data or "").split("\n"))))

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for more lines than an envelope's window shows."""
        if (self.data or "").count("\n") > 1:
            raise ValidationError(f"「{self.label.text}」は2行までで入力してください。")


class EmailField(LineField):
    """An e-mail address; the carriers' own addresses are taken as their owners know them."""

    widget = EmailInput()

    def clean(self, typed: str) -> str:
        """ASCII, without space."""
        return text.clean_email(typed)

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for what cannot be an address."""
        if not self.data:
            return
        address = checked_address(self.data)
        if address is None:
            raise ValidationError(
                f"「{self.label.text}」の形が正しくありません。@の前後を確かめてください。例：hanako@example.jp"
            )
        self.data = address


def checked_address(address: str) -> str | None:
    """The address as it is kept, or None when it is none. Never holds a line break or a comma."""
    local_part, _at, domain = address.rpartition("@")
    written = f"{local_part}@{domain.lower()}"
    if _CARRIER.fullmatch(written):
        return written
    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.ascii_email


class NumberField(Field):
    """A whole number from `least` to `most`; nothing typed is None."""

    widget = TextInput()
    data: int | None
    typed = ""

    def __init__(self, *args: Any, least: int = 0, most: int = 9999, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least, self.most, self.unit = least, most, unit

    def process_data(self, value: Any) -> None:
        """From the database."""
        self.data = value
        self.typed = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """From the page; full-width digits, thousands commas and a typed unit are understood."""
        self.typed = text.clean_line(valuelist[0]) if valuelist else ""
        plain = unicodedata.normalize("NFKC", self.typed).replace(",", "").removesuffix(self.unit or "\0").strip()
        # Longer digits are no number of people, and int() of very long ones is slow.
        self.data = int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 9 else None

    def _value(self) -> str:
        return self.typed

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError outside the bounds."""
        if self.typed and (self.data is None or not self.least <= self.data <= self.most):
            bounds = f"{self.least}から{self.most}までの数字"
            raise ValidationError(f"「{self.label.text}」は{bounds}で入力してください。")


class CompanionsField(NumberField):
    """How many come along; nothing typed is nobody. Set `most` to what the event allows."""

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError outside 0…most."""
        super().pre_validate(form)
        self.data = self.data or 0


class JapaneseDateField(Field):
    """A calendar day: 2026-06-02, 2026/6/2, 令和8年6月2日（火）, R8.6.2 are one and the same."""

    widget = TextInput()
    data: date | None
    typed = ""

    def process_data(self, value: Any) -> None:
        """From the database: a date, or an instant, shown at its day in Japan."""
        self.data = local(value).date() if isinstance(value, datetime) else value
        self.typed = f"{era_year(self.data)}{self.data.month}月{self.data.day}日" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was typed, also when it cannot be read."""
        self.typed = text.clean_line(valuelist[0]) if valuelist else ""
        self.data = None
        self.problem = ""
        if self.typed:
            try:
                self.data = parse_date(self.typed)
            except ValueError as error:
                self.problem = str(error)

    def _value(self) -> str:
        return self.typed

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError with what could not be read."""
        if getattr(self, "problem", ""):
            raise ValidationError(f"「{self.label.text}」{self.problem}")


class TimeField(Field):
    """A time of day: 13:30, 13時30分, 午後1時半, 1330."""

    widget = TextInput()
    data: time | None
    typed = ""

    def process_data(self, value: Any) -> None:
        """From the database: a time, or an instant, shown at its time in Japan."""
        self.data = local(value).time().replace(tzinfo=None) if isinstance(value, datetime) else value
        self.typed = f"{self.data.hour}:{self.data.minute:02}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was typed, also when it cannot be read."""
        self.typed = text.clean_line(valuelist[0]) if valuelist else ""
        self.data = parse_time(self.typed) if self.typed else None

    def _value(self) -> str:
        return self.typed

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for what is no time of day."""
        if self.typed and self.data is None:
            raise ValidationError(f"「{self.label.text}」は時刻で入力してください。例：13:30")


def parse_time(typed: str) -> time | None:
    """The time of day that `typed` means, or None."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    digits = _DIGITS_ONLY.fullmatch(plain)
    if digits:
        plain = f"{digits[1]}:{digits[2]}"
    found = _TIME.fullmatch(plain)
    if not found:
        return None
    hour = int(found["hour"])
    minute = {"半": 30, None: 0}.get(found["minute"]) if found["minute"] in {"半", None} else int(found["minute"])
    if found["half"] == "午後" and hour < 12:
        hour += 12
    try:
        return time(hour, minute or 0)
    except ValueError:
        return None


def moment(day: date | None, clock: time | None) -> datetime | None:
    """The instant of a day and a time in Japan; None while one of them is missing."""
    return datetime.combine(day, clock, TOKYO) if day and clock else None
