"""What each kind of question understands, wherever the answer comes from: a form, JSON or the cell of a sheet."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from app.kernel import text
from app.kernel.japanese_dates import date_text
from app.kernel.typed_dates import parse_date
from app.kernel.types import JSON
from app.questions.errors import Unreadable
from app.questions.types import Kind, Question

LONGEST_LINE, LONGEST_TEXT = 200, 4000
# Nothing longer is kept, not even in a draft.
LONGEST_OF_ALL = 20_000
YES, NO = "はい", "いいえ"
AGREED = "同意する"
_YES_NO = {"yes": True, "true": True, "1": True, YES: True, "no": False, "false": False, "0": False, NO: False}


class AnswerKind(ABC):
    """One kind of answer."""

    @abstractmethod
    def stored(self, question: Question, raw: object) -> JSON:
        """What `raw` means, as it is stored; None for no answer. Raises Unreadable."""

    @abstractmethod
    def words(self, question: Question, value: JSON) -> str:
        """A stored value as people read it; also what a draft keeps in place of a value."""

    def typed(self, question: Question, raw: object) -> JSON:
        """What a draft keeps of an answer that is not understood; None: nothing can have been typed there."""
        return text.clean_line(raw)[:LONGEST_OF_ALL] or None if isinstance(raw, str) else None


class Line(AnswerKind):
    """One line."""

    longest = LONGEST_LINE

    def stored(self, question: Question, raw: object) -> JSON:
        """The line, cleaned."""
        clean = self._clean(_one(raw))
        if len(clean) > self.most(question):
            raise Unreadable(f"は{self.most(question)}文字以内で入力してください。いまは{len(clean)}文字です。")
        return clean or None

    def words(self, question: Question, value: JSON) -> str:
        """As it stands."""
        return str(value)

    def typed(self, question: Question, raw: object) -> JSON:
        """All of it."""
        return self._clean(raw)[:LONGEST_OF_ALL] or None if isinstance(raw, str) else None

    def most(self, question: Question) -> int:
        """How many characters at most."""
        return int(question.most) if question.most else self.longest

    def _clean(self, raw: str) -> str:
        return text.clean_line(raw)


class Text(Line):
    """Several lines."""

    longest = LONGEST_TEXT

    def _clean(self, raw: str) -> str:
        return text.clean_text(raw)


class Number(AnswerKind):
    """A decimal number, kept as it is written in ASCII: 0.5, 12000."""

    def stored(self, question: Question, raw: object) -> JSON:
        """Full-width digits, thousands separators and the question's unit behind it are understood."""
        plain = unicodedata.normalize("NFKC", text.clean_line(_one(raw))).replace(",", "").strip()
        plain = plain.removesuffix(unicodedata.normalize("NFKC", question.unit)).strip()
        if not plain:
            return None
        number = _decimal(plain)
        least, most = _bound(question.least), _bound(question.most)
        if (least is not None and number < least) or (most is not None and number > most):
            raise Unreadable(f"は{_range(question)}の数で入力してください。")
        if number % Decimal(question.step):
            steps = "整数" if question.step == "1" else f"{question.step}刻みの数"
            raise Unreadable(f"は{steps}で入力してください。")
        return format(number.normalize() + 0, "f")

    def words(self, question: Question, value: JSON) -> str:
        """12,000件; what is no number, as it was typed."""
        try:
            return f"{Decimal(str(value)):,f}{question.unit}"
        except InvalidOperation:
            return str(value)


class Single(AnswerKind):
    """The key of one option."""

    def stored(self, question: Question, raw: object) -> JSON:
        """By key, or by the words on the screen."""
        chosen = _one(raw).strip()
        if not chosen:
            return None
        key = _known(question, chosen)
        if key is None:
            raise Unreadable("は選択肢から選んでください。")
        return key

    def words(self, question: Question, value: JSON) -> str:
        """The words of the option."""
        return _label(question, value)

    def typed(self, question: Question, raw: object) -> JSON:
        """Nothing: options are not typed."""
        return None


class Multiple(AnswerKind):
    """The keys of some options, in the order of the options."""

    def stored(self, question: Question, raw: object) -> JSON:
        """A list of keys or words; what is chosen twice counts once."""
        chosen = _several(raw)
        if any(_known(question, one) is None for one in chosen):
            raise Unreadable("は選択肢から選んでください。")
        return self.typed(question, chosen)

    def words(self, question: Question, value: JSON) -> str:
        """委託、補助・助成"""
        return "、".join(_label(question, one) for one in value) if isinstance(value, list) else str(value)

    def typed(self, question: Question, raw: object) -> JSON:
        """Those that are options."""
        keys = {_known(question, one) for one in _several(raw)}
        return [option.key for option in question.options if option.key in keys] or None


class YesNo(AnswerKind):
    """Yes or no; not answered is a third thing."""

    def stored(self, question: Question, raw: object) -> JSON:
        """True or False."""
        if isinstance(raw, bool):
            return raw
        plain = _one(raw).strip().casefold()
        if not plain:
            return None
        if plain not in _YES_NO:
            raise Unreadable(f"は「{YES}」か「{NO}」で答えてください。")
        return _YES_NO[plain]

    def words(self, question: Question, value: JSON) -> str:
        """はい or いいえ"""
        return YES if value else NO

    def typed(self, question: Question, raw: object) -> JSON:
        """Nothing: it is not typed."""
        return None


class Day(AnswerKind):
    """A calendar day, kept as YYYY-MM-DD."""

    def stored(self, question: Question, raw: object) -> JSON:
        """Western and Japanese years, as everywhere."""
        plain = text.clean_line(_one(raw)).removesuffix(" 00:00:00")
        if not plain:
            return None
        try:
            return parse_date(plain).isoformat()
        except ValueError as wrong:
            raise Unreadable(str(wrong)) from None

    def words(self, question: Question, value: JSON) -> str:
        """令和8年6月2日（火）; what is no day, as it was typed."""
        try:
            return date_text(date.fromisoformat(str(value)))
        except ValueError:
            return str(value)


class Consent(AnswerKind):
    """Agreed, or not answered."""

    def stored(self, question: Question, raw: object) -> JSON:
        """True or None."""
        if isinstance(raw, bool):
            return raw or None
        return True if _one(raw).strip().casefold() in {"y", "yes", "true", "1", AGREED} else None

    def words(self, question: Question, value: JSON) -> str:
        """同意する"""
        return AGREED

    def typed(self, question: Question, raw: object) -> JSON:
        """Nothing: it is not typed."""
        return None


class Upload(AnswerKind):
    """A file that was kept before: whoever takes it in says under which key and name."""

    def stored(self, question: Question, raw: object) -> JSON:
        """Key and name; anything else is no file."""
        if not isinstance(raw, Mapping) or not raw.get("key"):
            return None
        return {"key": str(raw["key"]), "name": str(raw.get("name", ""))}

    def words(self, question: Question, value: JSON) -> str:
        """The name of the file."""
        return str(value.get("name", "")) if isinstance(value, dict) else ""

    def typed(self, question: Question, raw: object) -> JSON:
        """Nothing: it is not typed."""
        return None


KINDS: Mapping[Kind, AnswerKind] = MappingProxyType(
    {
        Kind.LINE: Line(),
        Kind.TEXT: Text(),
        Kind.NUMBER: Number(),
        Kind.SINGLE: Single(),
        Kind.MULTIPLE: Multiple(),
        Kind.YES_NO: YesNo(),
        Kind.DATE: Day(),
        Kind.CONSENT: Consent(),
        Kind.FILE: Upload(),
    }
)


def words_of(question: Question, value: JSON) -> str:
    """A stored answer as people read it; "" for none."""
    return "" if value is None else KINDS[question.kind].words(question, value)


def labels_of(question: Question) -> list[tuple[str, str]]:
    """What can be chosen, as it is stored and as people read it; nothing where one writes."""
    if question.kind is Kind.YES_NO:
        return [("yes", YES), ("no", NO)]
    if question.kind is Kind.CONSENT:
        return [("yes", AGREED)]
    return [(option.key, option.label) for option in question.offered]


def _one(raw: object) -> str:
    if raw is None:
        return ""
    if isinstance(raw, list) and len(raw) < 2 and not any(isinstance(one, list) for one in raw):
        return _one(raw[0]) if raw else ""
    if isinstance(raw, (str, int, float, Decimal)):
        return str(raw)
    raise Unreadable("を読み取れません。入力し直してください。")


def _decimal(plain: str) -> Decimal:
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise Unreadable("は数字で入力してください。") from None
    if not number.is_finite() or abs(number) >= Decimal("1e15") or number != round(number, 6):
        raise Unreadable("は数字で入力してください。")
    return number


def _bound(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)


def _range(question: Question) -> str:
    least = f"{question.least}以上" if question.least is not None else ""
    return least + (f"{question.most}以下" if question.most is not None else "")


def _several(raw: object) -> list[str]:
    given = [] if raw is None else raw if isinstance(raw, (list, tuple)) else [raw]
    return [plain for one in given if (plain := str(one).strip())]


def _known(question: Question, chosen: str) -> str | None:
    return next((option.key for option in question.options if chosen in {option.key, option.label}), None)


def _label(question: Question, key: JSON) -> str:
    return next((option.label for option in question.options if option.key == key), str(key))
