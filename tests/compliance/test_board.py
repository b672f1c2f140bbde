from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pypdf
import pytest
import sqlalchemy as sa

from app.attendance.types import Presence
from app.compliance import departments, papers, queries, records, reminders, services
from app.compliance.errors import CodeTaken, NobodyChosen
from app.compliance.types import Audience, Standing, SubstituteRule
from app.documents import pdf
from app.infra.db import db, transaction
from app.org import services as org
from app.org.models import Duty, OrgUnitYear, Posting
from tests.compliance import city
from tests.factories import NOW, ORGANIZER, an_event

OCTOBER = date(2026, 10, 1)
JULY = date(2026, 7, 1)


def department_of(unit_id):
    return db.session.scalar(sa.select(OrgUnitYear.parent_id).where(OrgUnitYear.unit_id == unit_id))


def board_of(requirement):
    return queries.board(requirement.id, today=JULY)


@transaction
def leave(member_id, last):
    """Somebody's work for the city ends."""
    db.session.execute(sa.update(Posting).where(Posting.staff_member_id == member_id).values(ends_on=last))


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
    newest = city.required(event_id)

    def look():
        return queries.comparison(queries.board(newest, today=JULY), today=JULY)

    for year in (2025, 2024):
        city.build(1, year=year)
        city.required(event_id, fiscal_year=year, due_on=date(year, 12, 18))
        small = len(statements(look))
    for year in range(2021, 2024):
        city.build(300, departments=21, year=year)
        city.required(event_id, fiscal_year=year, due_on=date(year, 12, 18))
    assert [one.every for one in look()] == [1, 1, 1, 300, 300, 300]
    assert len(statements(look)) == small


def test_the_comparison_counts_what_the_boards_say_and_only_the_own_sections_trainings(any_app):
    event_id, (morning, _afternoon) = city.training()
    for year in (2024, 2025, 2026):
        _sections, promoters, _coordinators = city.build(4, year=year)
        own = city.required(event_id, fiscal_year=year, due_on=date(year, 12, 18), substitutes=SubstituteRule.COUNTS)
        services.exempt(own, promoters[0], "育児休業", by=ORGANIZER, now=NOW)
        if year > 2024:
            city.assign(event_id, morning, promoters[1:3])
            city.come(event_id, morning, promoters[1:3])
    theirs = an_event(section="総務課").id
    city.required(theirs, fiscal_year=2023, due_on=date(2023, 12, 18))
    boards = {one.id: queries.board(one.id, today=JULY) for one in queries.every()}
    found = queries.comparison(boards[own], today=JULY)
    assert [(one.requirement.fiscal_year, one.done, one.every) for one in found] == [
        (2026, 3, 4), (2025, 3, 4), (2024, 1, 4),
    ]  # fmt: skip
    assert [(one.done, one.every) for one in found] == [
        (boards[one.requirement.id].done, len(boards[one.requirement.id].lines)) for one in found
    ]


def test_chosen_sections_bind_whoever_works_there_on_the_due_date_and_a_department_all_below_it(any_app):
    (first, second, third), promoters, _coordinators = city.build(3, departments=2)  # the second stands in the second
    director = city.colleague(department_of(second), "D1")
    comes, goes = city.colleague(third, "X1"), city.colleague(second, "X2")
    org.post(comes, second, date(2026, 10, 1), by=ORGANIZER, now=NOW)
    org.post(goes, first, date(2026, 10, 1), by=ORGANIZER, now=NOW)
    event_id, _sittings = city.training()
    in_second = {director, promoters[1], comes}
    section = city.required(event_id, code="s", audience=Audience.SECTIONS, units=(second,))
    department = city.required(event_id, code="d", audience=Audience.SECTIONS, units=(department_of(second),))
    lines = queries.board(section, today=JULY).lines
    assert {line.person.id for line in lines} == in_second - {director}
    assert {(line.department, line.section) for line in lines} == {("部1", "課1")}
    lines = queries.board(department, today=JULY).lines
    assert {line.person.number for line in lines} == {"D1", "C20261", "P20261", "X1"}
    assert {line.person.id for line in lines} >= in_second
    # whose section was merged away stays bound, and stands where its work is done now
    org.succeed([second], [first], 2026, by=ORGANIZER, now=NOW)
    lines = queries.board(section, today=JULY).lines
    assert {line.person.id for line in lines} == in_second - {director}
    assert {(line.unit_id, line.department, line.section) for line in lines} == {(first, "部0", "課0")}


def test_somebody_on_a_list_stands_where_they_work_or_worked_last(app):
    (first, second), promoters, _coordinators = city.build(2)
    left = city.colleague(first, "L1")
    leave(left, date(2026, 9, 30))
    event_id, _sittings = city.training()
    members = (promoters[1], left)
    listed = city.required(event_id, audience=Audience.LIST, members=members)
    lines = queries.board(listed, today=JULY).lines
    assert [(line.person.id, line.unit_id) for line in lines] == [(left, first), (promoters[1], second)]
    assert [line.person.id for line in departments.boards(department_of(first), today=JULY)[0].lines] == [
        left, promoters[1],
    ]  # fmt: skip
    assert records.record(left, today=JULY)[0].owed[0].standing is Standing.NOT_REGISTERED
    assert [line.person.id for line in reminders.preview(listed, today=date(2026, 12, 18)).told] == [
        left, promoters[1],
    ]  # fmt: skip


def test_sections_and_lists_name_somebody_and_two_of_one_series_have_names_of_their_own(app):
    _sections, promoters, _coordinators = city.build(2)
    event_id, _sittings = city.training()
    for wrong in (
        {"audience": Audience.LIST}, {"audience": Audience.SECTIONS}, {"audience": Audience.SECTIONS, "units": (999,)}
    ):  # fmt: skip
        with pytest.raises(NobodyChosen):
            city.required(event_id, **wrong)
    named = {"audience": Audience.LIST, "members": (promoters[0],)}
    one, two = (city.required(event_id, title=title, **named) for title in ("新任者", "管理職"))
    assert [queries.one(number).code for number in (one, two)] == ["kyodo", "kyodo-2"]
    with pytest.raises(CodeTaken):
        city.required(event_id, title="管理職", **named)


def test_one_persons_lines_are_those_of_the_whole_boards(any_app):
    (first, second), promoters, coordinators = city.build(2)
    new = city.colleague(first, "N1")
    org.hand_over(duty_of(promoters[0]), new, date(2026, 6, 1), by=ORGANIZER, now=NOW)
    event_id, (morning, _afternoon) = city.training()
    city.assign(event_id, morning, [promoters[1]])
    for number, about in enumerate((
        {}, {"audience": Audience.COORDINATORS}, {"audience": Audience.EVERYONE},
        {"audience": Audience.SECTIONS, "units": (second,)},
        {"audience": Audience.LIST, "members": (promoters[0], coordinators[0])},
    )):  # fmt: skip
        city.required(event_id, code=str(number), **about)
    every = queries.every()
    for who in (*promoters, *coordinators, new):
        whole = [(b.requirement, line) for b in map(board_of, every) for line in b.lines if line.standing_of(who)]
        assert queries.lines_about(every, [who], today=JULY) == whole
    one = len(statements(lambda: queries.lines_about(every[:1], [promoters[0]], today=JULY)))
    assert len(statements(lambda: queries.lines_about(every, [promoters[0]], today=JULY))) == one
