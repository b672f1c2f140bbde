"""Naming the people of a requirement by their staff numbers: whom a list means, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.compliance import rules
from app.compliance.models import RequirementMember
from app.infra.db import db
from app.org.models import Posting, StaffMember


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a list means, in its order; and a sentence for each number that cannot be taken, with its line."""

    members: tuple[int, ...]
    problems: tuple[str, ...]


def read(typed: str, *, on: date) -> Named:
    """Understand a list that was typed or pasted. Somebody who works nowhere on that day cannot be named."""
    numbers = rules.listed(typed)
    known = _known({number for _line, number in numbers}, on)
    first: dict[str, int] = {}
    members, problems = [], []
    for line, number in numbers:
        member_id, name, works = known.get(number, (0, "", False))
        if number in first:
            problems.append(f"{line}行目「{number}」は、{first[number]}行目と同じ職員番号です。")
        elif not member_id:
            problems.append(f"{line}行目「{number[:20]}」は、登録されていない職員番号です。")
        elif not works:
            problems.append(f"{line}行目「{number}」（{name}）は、期限の日に在籍していません。")
        else:
            members.append(member_id)
        first.setdefault(number, line)
    return Named(tuple(members), tuple(problems))


def numbers(requirement_id: int) -> str:
    """The list of a requirement as it stands, a number a line."""
    named = sa.select(RequirementMember.staff_member_id).filter_by(requirement_id=requirement_id)
    chosen = sa.select(StaffMember.number).where(StaffMember.id.in_(named)).order_by(StaffMember.number)
    return "\n".join(db.session.scalars(chosen))


def _known(wanted: Collection[str], on: date) -> dict[str, tuple[int, str, bool]]:
    """Members of staff by number: who, their name, and whether they work anywhere on that day."""
    there = sa.and_(
        Posting.staff_member_id == StaffMember.id,
        Posting.starts_on <= on,
        sa.or_(Posting.ends_on.is_(None), Posting.ends_on >= on),
    )
    chosen = sa.select(StaffMember.number, StaffMember.id, StaffMember.name, Posting.id).outerjoin(Posting, there)
    rows = db.session.execute(chosen.where(StaffMember.number.in_(wanted)))
    return {row[0]: (row[1], row[2], row[3] is not None) for row in rows}
