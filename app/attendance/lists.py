"""Lists of people as they are printed and exported, in the order and with the numbers of the entry screen.

What somebody needs is never named on paper: the symbol ● says that the organizer knows more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.attendance import queries
from app.attendance.rules import in_order, kana_block
from app.attendance.types import Line, Order, Presence
from app.documents.types import CARE_SYMBOL, DEFAULT_COLUMNS, Cell, Column, Roster, RosterRow
from app.events.types import AskedRow, EventRow, SittingRow
from app.kernel import japanese_dates, text
from app.questions.party import People
from app.questions.types import Kind, Question
from app.registrations import answering, party
from app.registrations import queries as registrations
from app.registrations.types import Channel, Member, RegistrationRow

EXPORT_HEADER = (
    "番号",
    "受付番号",
    "氏名",
    "フリガナ",
    "人数",
    "区分",
    "所属",
    "地区",
    "電話番号",
    "メールアドレス",
    "配慮",
    "出欠",
    "来場人数",
    "代理出席者",
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the organizer chose for the paper. `blank_rows` are for those who come without registration."""

    order: Order = Order.KANA
    columns: tuple[Column, ...] = DEFAULT_COLUMNS
    blank_rows: int = 5
    page_per_group: bool = False
    questions: tuple[AskedRow, ...] = ()


def roster(event: EventRow, sitting: SittingRow, choices: Choices, *, printed_by: str, now: datetime) -> Roster:
    """The roster of one sitting, ready to print."""
    rows = roster_rows(sitting.id, choices.order, choices.questions)
    if not choices.page_per_group:
        # Headings between the blocks would only cost paper.
        rows = tuple(replace(row, group="") for row in rows)
    return Roster(
        title=event.full_title,
        when=japanese_dates.period_text(sitting.starts_at, sitting.ends_at),
        venue=sitting.venue.full_name if sitting.venue else "会場は未定",
        rows=rows,
        printed_at_text=japanese_dates.stamp_text(now),
        printed_by=printed_by,
        fiscal_year_text=japanese_dates.fiscal_year_text(event.fiscal_year),
        sitting_label=sitting.label,
        sort_label=choices.order.word,
        contact=" ".join(part for part in (event.section, event.contact_phone) if part),
        columns=choices.columns,
        blank_rows=choices.blank_rows,
        totals=(("申込", sum(row.party for row in rows)), ("出席", None), ("欠席", None), ("当日受付", None)),
        page_per_group=choices.page_per_group,
        questions=tuple(row.question.label for row in choices.questions),
    )


def roster_rows(sitting_id: int, order: Order, asked: Sequence[AskedRow] = ()) -> tuple[RosterRow, ...]:
    """One row a confirmed registration, and below it one for each person who is named with it, without a number.

    Grouped by 五十音 block or by affiliation, with the answers to `asked`. The first row counts who is not named.
    """
    people, named = (answering.of_sitting(sitting_id) if asked else {}), party.of_sitting(sitting_id)
    return tuple(
        line
        for number, row in enumerate(_registrations(sitting_id, order), 1)
        for line in _roster_lines(
            replace(
                _roster_row(number, row, order),
                answers=tuple(answering.cell(one.question, people.get(row.id, ())) for one in asked),
            ),
            row,
            named.get(row.id, ()),
        )
    )


def body_roster(event: EventRow, sitting: SittingRow, body: str, people: Sequence[Member], *, now: datetime) -> Roster:
    """The list of those whom a body sends, ready to print."""
    return Roster(
        title=event.full_title,
        subtitle=body,
        when=japanese_dates.period_text(sitting.starts_at, sitting.ends_at),
        venue=sitting.venue.full_name if sitting.venue else "会場は未定",
        rows=tuple(RosterRow(number=n, name=one.name, kana=one.kana) for n, one in enumerate(people, 1)),
        printed_at_text=japanese_dates.stamp_text(now),
        printed_by=body,
        fiscal_year_text=japanese_dates.fiscal_year_text(event.fiscal_year),
        sitting_label=sitting.label,
        columns=(Column.NUMBER, Column.CHECK, Column.NAME, Column.KANA, Column.SIGNATURE),
        blank_rows=0,
        totals=(("参加", len(people)),),
    )


def export_header(asked: Sequence[AskedRow]) -> tuple[str, ...]:
    """The headings of export_rows(); questions that are no longer asked are marked."""
    labels = (f"{row.question.label}（取りやめ）" if row.retired else row.question.label for row in asked)
    return (*EXPORT_HEADER, *labels)


def export_rows(sitting_id: int, order: Order, asked: Sequence[AskedRow] = ()) -> list[list[Cell]]:
    """The cells under export_header(): everybody with a confirmed place and how they were marked, then the walk-ins."""
    sheet = queries.sheet(sitting_id, order)
    marks = {line.registration_id: line for line in sheet.lines}
    people, named = (answering.of_sitting(sitting_id) if asked else {}), party.of_sitting(sitting_id)
    rows: list[list[Cell]] = []
    for n, row in enumerate(_registrations(sitting_id, order), 1):
        with_them = named.get(row.id, ())
        cells = _cells(n, row, marks.get(row.id), row.details.seats - len(with_them))
        rows.append([*cells, *_answers(asked, people.get(row.id, ()))])
        rows += [[*_member_cells(row, one), *("" for _ in asked)] for one in with_them]
    for number, one in enumerate(sheet.walk_ins, len(sheet.lines) + 1):
        about: list[Cell] = [number, "当日受付", one.name, one.kana, one.people, one.category.word]
        rows.append([*about, "", "", "", "", "", Presence.PRESENT.word, one.people, "", *("" for _ in asked)])
    return rows


def _answers(asked: Sequence[AskedRow], people: People) -> list[Cell]:
    return [_answer(row.question, people) for row in asked]


def _answer(question: Question, people: People) -> Cell:
    """A number that one person gave is a number, so that the sheet can add it up."""
    value = people[0].get(question.key) if len(people) == 1 else None
    if question.kind is Kind.NUMBER and isinstance(value, str):
        return float(value) if "." in value else int(value)
    return answering.cell(question, people)


def _registrations(sitting_id: int, order: Order) -> list[RegistrationRow]:
    return in_order(registrations.everyone(sitting_id), order, lambda row: row.details.affiliation)


def _roster_lines(first: RosterRow, row: RegistrationRow, people: Sequence[Member]) -> Iterator[RosterRow]:
    unnamed = first.party - len(people)
    is_body = row.channel is Channel.BODY
    # The column of numbers is left out where nobody may bring anybody; a body's head-count stands in any case.
    count = f"（{'ほか' if people else ''}{unnamed}人）" if is_body and unnamed else ""
    yield replace(first, party=unnamed, name=first.name + count)
    with_whom = row.details.name if is_body else f"{row.details.name}さんと一緒"
    for one in people:
        yield RosterRow(
            number=0,
            name=one.name,
            kana=one.kana,
            affiliation=with_whom,
            category=first.category,
            note_symbol=CARE_SYMBOL if one.note else "",
            group=first.group,
            answers=("",) * len(first.answers),
        )


def _roster_row(number: int, row: RegistrationRow, order: Order) -> RosterRow:
    details = row.details
    return RosterRow(
        number=number,
        name=details.name,
        reference=row.reference_text,
        kana=details.kana,
        party=details.seats,
        affiliation=details.affiliation,
        district=details.district,
        category=details.category.word,
        status=f"代理　{row.substitute}" if row.substitute else "",
        phone=text.phone_text(details.phone) if details.phone else "",
        note_symbol=CARE_SYMBOL if details.needs else "",
        group=kana_block(details.kana) if order is Order.KANA else details.affiliation or "所属の記入なし",
    )


def _member_cells(row: RegistrationRow, one: Member) -> list[Cell]:
    about: list[Cell] = [None, row.reference_text, one.name, one.kana, 1, row.details.category.word]
    return [*about, row.details.name, "", "", "", CARE_SYMBOL if one.note else "", "", None, ""]


def _cells(number: int, row: RegistrationRow, line: Line | None, unnamed: int) -> list[Cell]:
    details = row.details
    presence = line.presence if line else None
    return [
        number,
        row.reference_text,
        details.name,
        details.kana,
        unnamed,
        details.category.word,
        details.affiliation,
        details.district,
        text.phone_text(details.phone) if details.phone else "",
        details.email or "",
        CARE_SYMBOL if details.needs else "",
        presence.word if presence else "",
        line.people if line and presence else None,
        row.substitute,
    ]
