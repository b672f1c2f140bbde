"""A proposal on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.documents.types import FormPart, FormSheet, LetterSheet
from app.kernel.japanese_dates import date_text, fiscal_year_text, stamp_text
from app.kernel.text import phone_text, postcode_text
from app.proposals import budget
from app.proposals.screening_types import DecisionRow
from app.proposals.types import ProposalRow
from app.questions.carrying import rows_of, single_of, text_of
from app.questions.types import Answers, Kind, Section


def sheet(row: ProposalRow, *, now: datetime, contacts: bool = True) -> FormSheet:
    """The whole proposal with its sums, ready to print; without `contacts` for those who only judge it."""
    applicant = row.applicant
    facts = [
        ("受付番号", row.reference_text),
        ("状態", row.state.word),
        ("コース", row.course.name),
        ("市が示すテーマ", row.theme.draft.title if row.theme else "なし"),
        ("この事業での年数", f"{applicant.support_year}年目"),
        ("団体の名称", applicant.group_name),
    ]
    facts += contacts * [
        ("連絡する方", applicant.contact_name or "消去しました"),
        ("電話番号", phone_text(applicant.phone) if applicant.phone else "―"),
        ("メールアドレス", applicant.email or "―"),
    ]
    answered = tuple(part(section, row.answers) for section in row.programme.definition.sections)
    return FormSheet(
        title=f"{row.programme.definition.title}　{row.title}",
        lead=f"{row.programme.title}　{fiscal_year_text(row.programme.fiscal_year)}に実施",
        facts=tuple(facts),
        parts=(*answered, FormPart(heading="収支の合計", answers=sums(row))),
        footer=f"受付番号　{row.reference_text}　出力　{stamp_text(now)}",
    )


def part(section: Section, answers: Answers) -> FormPart:
    """One section of a filled-in form."""
    if section.repeats:
        return FormPart(
            heading=section.title,
            headers=tuple(question.label for question in section.questions),
            numbers=tuple(n for n, question in enumerate(section.questions) if question.kind is Kind.NUMBER),
            rows=tuple(
                tuple(text_of(question, row) for question in section.questions) for row in rows_of(section, answers)
            ),
        )
    said = single_of(section, answers)
    return FormPart(
        heading=section.title,
        answers=tuple((question.label, text_of(question, said) or "―") for question in section.questions),
    )


def sums(row: ProposalRow) -> tuple[tuple[str, str], ...]:
    """The sums of the budget in words."""
    found = budget.sums(row.programme.definition, row.answers, row.course)
    return (
        ("収入の合計", f"{found.income:,}円"),
        ("支出の合計", f"{found.expenses:,}円"),
        ("対象となる費用", f"{found.eligible:,}円"),
        ("市の負担", f"{found.grant:,}円（{found.most:,}円まで）"),
    )


def result_letters(rows: Sequence[tuple[ProposalRow, DecisionRow]], *, now: datetime) -> list[LetterSheet]:
    """The letters that tell groups what was decided, ready to print."""
    return [_letter(row, decision, now) for row, decision in rows]


def _letter(row: ProposalRow, decision: DecisionRow, now: datetime) -> LetterSheet:
    draft, applicant = decision.draft, row.applicant
    facts = [("事業の名称", row.title), ("コース", row.course.name), ("結果", draft.outcome.word)]
    if draft.amount:
        facts.append(("市の負担", f"{draft.amount:,}円"))
    if draft.conditions:
        facts.append(("条件", draft.conditions))
    facts.append(("理由", draft.reasons))
    said = f"ご提案いただいた「{row.title}」は、審査の結果、{draft.outcome.word}と決まりましたのでお知らせします。"
    return LetterSheet(
        postcode=postcode_text(applicant.postcode) if applicant.postcode else "",
        address=tuple(applicant.address.splitlines()),
        name=f"{applicant.group_name}　{applicant.contact_name}".rstrip(),
        sender=("倉敷市", row.programme.section),
        contact=row.programme.contact,
        date=date_text(now),
        number=row.reference_text,
        title=f"{row.programme.title}の審査の結果について（お知らせ）",
        paragraphs=(said,),
        facts=tuple(facts),
        qr="",
    )
