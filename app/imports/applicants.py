"""Rows of another service's file, read one by one. Pure: rows in; applications, and rows that cannot be taken, out."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.delivery.errors import BadAddress
from app.delivery.headers import addr_spec
from app.documents.archive import Limits
from app.events.audiences import Category
from app.events.types import EventRow
from app.imports.columns import Column, Mapped, Service
from app.imports.errors import WrongColumns
from app.imports.types import Cells, Problem
from app.kernel import text
from app.registrations.types import Application, Channel, Details

# Services export a column a question: 5,000 people with twelve of them.
LIMITS = Limits(cells=60_000)
# Words of those who do not come, and of those who wait, as the services write them.
GIVEN_UP = ("キャンセル", "取消", "取り消", "期限切れ", "落選", "不参加", "欠席", "退会")
UNPAID = ("支払い待ち", "支払待ち")
WAITING = ("補欠", "キャンセル待ち")
LONGEST = {Column.NAME: 80, Column.KANA: 80, Column.EMAIL: 254, Column.AFFILIATION: 100}


@dataclass(frozen=True, slots=True)
class Asked:
    """How the rows are to be read. `sitting_id`: whom no column sends elsewhere. `tells`: they are told by us, too."""

    service: Service
    columns: Mapped
    sitting_id: int
    tells: bool


@dataclass(frozen=True, slots=True)
class Read:
    """What the rows say: applications by line in the order in which they are to be taken, and what is left out."""

    applications: tuple[tuple[int, Application], ...]
    skipped: tuple[Problem, ...]
    problems: tuple[Problem, ...]


def read(table: Sequence[Cells], asked: Asked, event: EventRow) -> Read:
    """Read the rows below the heading; empty ones are passed over. Who waits there comes after all others.

    Raises WrongColumns where neither a name nor a way to reach somebody is mapped.
    """
    _check(asked.columns, len(table[0]) if table else 0)
    first: list[tuple[int, Application]] = []
    later: list[tuple[int, Application]] = []
    skipped: list[Problem] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for line, row in enumerate(table[1:], start=2):
        cells = {column: _cell(row, place) for column, place in asked.columns.items()}
        if not any(cells.values()):
            continue
        status = cells.get(Column.STATUS, "")
        if is_over(status):
            skipped.append(Problem(line, f"申込みの状態が「{status}」です。"))
            continue
        wrong = list(_wrong(cells, event, asked.sitting_id))
        if wrong:
            problems += [Problem(line, reason) for reason in wrong]
            continue
        application = _application(cells, asked, event)
        earlier = seen.setdefault(application.submission_id, line)
        if earlier != line:
            problems.append(Problem(line, f"{earlier}行目と同じ申込みです。"))
            continue
        (later if any(word in status for word in WAITING) else first).append((line, application))
    return Read((*first, *later), tuple(skipped), tuple(problems))


def is_over(status: str) -> bool:
    """True for the words of those who do not come, or have not paid yet; who waits for a place is not over."""
    if any(word in status for word in WAITING):
        return False
    return any(word in status for word in (*GIVEN_UP, *UNPAID))


def _check(columns: Mapped, width: int) -> None:
    if Column.NAME not in columns:
        raise WrongColumns("「氏名」の列を選んでください。", Column.NAME.value)
    if Column.EMAIL not in columns and Column.PHONE not in columns:
        raise WrongColumns("「メールアドレス」か「電話番号」の列を選んでください。", Column.EMAIL.value)
    for column, place in columns.items():
        if place >= width:
            raise WrongColumns("一覧の中から選んでください。", column.value)


def _cell(row: Cells, place: int) -> str:
    return text.clean_line((row[place] if place < len(row) else None) or "")


def _wrong(cells: Mapping[Column, str], event: EventRow, sitting_id: int) -> Iterator[str]:
    """Everything that is wrong with a row by itself."""
    if not _name(cells):
        yield "氏名が空欄です。"
    kana = _kana(cells)
    if kana and not text.is_kana(kana):
        yield f"フリガナが、カタカナやひらがなではありません（いまの値：{kana[:40]}）。"
    for column, value in ((Column.NAME, _name(cells)), (Column.KANA, kana), (Column.EMAIL, _email(cells))):
        if len(value) > LONGEST[column]:
            yield f"{column.word}は、{LONGEST[column]}文字以内にしてください。"
    yield from _wrong_contacts(cells)
    seats = _seats(cells)
    if seats is None:
        yield f"人数が数字ではありません（いまの値：{cells[Column.SEATS][:20]}）。"
    elif not 1 <= seats <= 1 + event.max_companions:
        yield f"人数は、1人から{1 + event.max_companions}人までです（いまの値：{seats}）。"
    if _sitting(cells, event, sitting_id) is None:
        yield f"「{cells[Column.SITTING][:40]}」という回はありません。"


def _wrong_contacts(cells: Mapping[Column, str]) -> Iterator[str]:
    email, phone = _email(cells), cells.get(Column.PHONE, "")
    if not email and not phone:
        yield "メールアドレスも電話番号もありません。連絡先がない方は、登録できません。"
    if email:
        try:
            addr_spec(email)
        except BadAddress:
            yield f"メールアドレスの形が正しくありません（いまの値：{email[:60]}）。"
    if phone and text.phone_key(phone) is None:
        yield f"電話番号の形が正しくありません（いまの値：{phone[:20]}）。"


def _application(cells: Mapping[Column, str], asked: Asked, event: EventRow) -> Application:
    phone = cells.get(Column.PHONE, "")
    details = Details(
        name=_name(cells),
        kana=_kana(cells),
        email=_email(cells) or None,
        phone=text.phone_key(phone) if phone else None,
        companions=(_seats(cells) or 1) - 1,
        affiliation=cells.get(Column.AFFILIATION, "")[: LONGEST[Column.AFFILIATION]],
        category=Category.RESIDENT,
    )
    return Application(
        sitting_id=_sitting(cells, event, asked.sitting_id) or asked.sitting_id,
        details=details,
        submission_id=f"import:{asked.service.value}:{_number(cells, details)}",
        channel=Channel.IMPORTED,
        told_elsewhere=not asked.tells,
    )


def _number(cells: Mapping[Column, str], details: Details) -> str:
    """What names the application at its service; where there is no number, the person and the contact do."""
    if number := cells.get(Column.NUMBER, ""):
        return number
    person = "\0".join((text.folded(details.name), (details.email or "").casefold(), details.phone or ""))
    return hashlib.sha256(person.encode()).hexdigest()


def _name(cells: Mapping[Column, str]) -> str:
    return text.clean_name(" ".join(filter(None, (cells.get(Column.NAME), cells.get(Column.GIVEN)))))


def _kana(cells: Mapping[Column, str]) -> str:
    return text.clean_kana(" ".join(filter(None, (cells.get(Column.KANA), cells.get(Column.KANA_GIVEN)))))


def _email(cells: Mapping[Column, str]) -> str:
    return text.clean_email(cells.get(Column.EMAIL, ""))


def _seats(cells: Mapping[Column, str]) -> int | None:
    """How many come, the applicant included; None for what is no number. Nothing written is one."""
    plain = unicodedata.normalize("NFKC", cells.get(Column.SEATS, "")).strip().removesuffix("人").removesuffix("名")
    if not plain:
        return 1
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 5 else None


def _sitting(cells: Mapping[Column, str], event: EventRow, otherwise: int) -> int | None:
    """The sitting that the cell names by its label; None where there is none of that name."""
    label = text.folded(cells.get(Column.SITTING, ""))
    if not label:
        return otherwise
    return next((one.id for one in event.offered if text.folded(one.label) == label), None)
