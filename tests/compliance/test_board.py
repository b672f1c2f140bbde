from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pypdf
import sqlalchemy as sa

from app.attendance.types import Presence
from app.compliance import papers, queries, services
from app.compliance.types import Audience, Standing, SubstituteRule
from app.documents import pdf
from app.infra.db import db
from app.org import services as org
from app.org.models import Duty
from tests.compliance import city
from tests.factories import NOW, ORGANIZER

OCTOBER = date(2026, 10, 1)
JULY = date(2026, 7, 1)


def duty_of(member_id):
    return db.session.scalar(sa.select(Duty.id).where(Duty.staff_member_id == member_id))


def on_paper(board) -> list[str]:
    """The staff numbers in the list of the missing, as the PDF for the directors' meeting prints it."""
    content = pdf.board_pdf(papers.sheet(board, printed_by="担当者", now=NOW))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)
    return re.findall(r"職員　(\w+)", text[text.index("未受講者（") :])


def test_the_year_of_140_sections_is_exact_to_the_person(any_app):
    sections, promoters, _coordinators = city.build(140, departments=21)
    event_id, (morning, afternoon) = city.training()
    requirement = city.required(event_id, substitutes=SubstituteRule.COUNTS)
    # 1 section is merged into its neighbour, 2 officers are replaced before the training
    org.succeed([sections[139]], [sections[118]], 2026, by=ORGANIZER, now=NOW)
    replaced = [city.colleague(sections[n], f"N{n}") for n in (0, 1)]
    for n, new in enumerate(replaced):
        org.hand_over(duty_of(promoters[n]), new, date(2026, 6, 1), by=ORGANIZER, now=NOW)
    owing = [*replaced, *promoters[2:139]]
    early, late = owing[:70], owing[70:]
    city.assign(event_id, morning, early)
    city.assign(event_id, afternoon, late)
    absent = [*early[10:14], *late[10:14]]
    city.come(event_id, morning, [who for who in early if who not in absent])
    city.come(event_id, afternoon, [who for who in late if who not in absent])
    city.come(event_id, morning, absent[:4], Presence.ABSENT)
    city.come(event_id, afternoon, absent[4:], Presence.ABSENT)
    # of the 8 who did not come, 1 sent a colleague: 7 absentees stay
    proxy = city.colleague(sections[10], "S10")
    services.record_substitute(requirement, absent[0], proxy, date(2026, 6, 11), by=ORGANIZER, now=city.AFTER)

    board = queries.board(requirement, today=JULY)

    assert len(board.lines) == 139
    assert board.counts == {Standing.ATTENDED: 131, Standing.ABSENT: 7, Standing.SUBSTITUTED: 1}
    assert {line.person.id for line in board.open} == set(absent[1:])
    assert board.done == 132
    assert [other.person.id for line in board.lines for other in line.others] == promoters[:2]
    assert promoters[139] not in {line.person.id for line in board.lines}
    assert board.vacant == ()
    assert sum(every for _done, every in board.departments.values()) == 139
    assert on_paper(board) == [f"P2026{promoters.index(who)}" for who in promoters if who in absent[1:]]


def test_coordinators_are_bound_where_the_requirement_says_so(app):
    _sections, _promoters, coordinators = city.build(21, departments=21)
    event_id, _sittings = city.training()
    requirement = city.required(event_id, audience=Audience.COORDINATORS)
    board = queries.board(requirement, today=JULY)
    assert [line.person.id for line in board.lines] == coordinators


def test_a_section_without_officer_is_named(app):
    _sections, promoters, _coordinators = city.build(2)
    event_id, _sittings = city.training()
    requirement = city.required(event_id)
    org.end_duty(duty_of(promoters[1]), date(2026, 5, 31), by=ORGANIZER, now=NOW)
    board = queries.board(requirement, today=JULY)
    assert [line.person.id for line in board.lines] == promoters[:1]
    assert board.vacant == ("部0　課1",)


def test_exempt_and_taught_elsewhere_owe_nothing(app):
    _sections, promoters, _coordinators = city.build(3)
    event_id, _sittings = city.training()
    requirement = city.required(event_id)
    services.exempt(requirement, promoters[0], "育児休業", by=ORGANIZER, now=NOW)
    services.record_elsewhere(requirement, promoters[1], JULY, "県の研修　修了証を確認", by=ORGANIZER, now=NOW)
    board = queries.board(requirement, today=JULY)
    assert [line.standing for line in board.lines] == [Standing.EXEMPT, Standing.ELSEWHERE, Standing.NOT_REGISTERED]
    assert [line.person.id for line in board.open] == promoters[2:]


def test_everyone_and_a_list_are_bound_as_persons(app):
    _sections, promoters, coordinators = city.build(2)
    event_id, _sittings = city.training()
    listed = city.required(event_id, code="named", audience=Audience.LIST, members=(promoters[1],))
    everyone = city.required(event_id, code="all", audience=Audience.EVERYONE)
    assert [line.person.id for line in queries.board(listed, today=JULY).lines] == [promoters[1]]
    assert {line.person.id for line in queries.board(everyone, today=JULY).lines} == {*promoters, *coordinators}


def statements(call):
    seen = []

    def note(*about):
        seen.append(about[2])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return [statement for statement in seen if not statement.startswith("BEGIN")]


def test_300_sections_and_five_years_are_read_with_as_many_statements_as_one(app):
    event_id, _sittings = city.training()
    city.build(1)
    city.required(event_id)
    db.session.remove()
    small = statements(lambda: queries.history("kyodo", today=JULY))
    for year in range(2021, 2026):
        city.build(300, departments=21, year=year)
        city.required(event_id, fiscal_year=year, due_on=date(year, 12, 18))
    boards = queries.history("kyodo", today=JULY)
    assert [len(board.lines) for board in boards] == [1, 300, 300, 300, 300, 300]
    assert len(statements(lambda: queries.history("kyodo", today=JULY))) == len(small)
