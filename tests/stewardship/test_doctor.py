"""`flask doctor` says nothing of a sound database, and finds every promise that is broken."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import create_app
from app.attendance import services as attendance
from app.attendance.types import Presence
from app.demo import year
from app.infra import clock
from app.infra.db import Base, db
from app.infra.storage import storage
from app.registrations import answer_files, meetings, queries, services
from app.stewardship import doctor
from app.stewardship.bulk import BULK
from app.stewardship.drawn import DRAWN
from app.stewardship.frozen import FROZEN
from app.stewardship.groups import GROUPS
from app.stewardship.learned import LEARNED
from app.stewardship.meetings import MEETINGS
from app.stewardship.proposed import PROPOSED
from app.stewardship.shared import SHARED
from app.stewardship.sign_ups import SIGN_UPS
from app.stewardship.surveyed import SURVEYED
from tests.conftest import config_for
from tests.factories import NOW, ORGANIZER, a_question, a_sitting, an_event, apply_for

THEN = "'2026-06-01 00:00:00.000000'"
LATER = NOW + timedelta(days=1, hours=1)


@dataclass(frozen=True)
class Story:
    """Ids of what happened: Anna came; Emil cancelled; Berta sits with a companion; Carla was promoted; Doris waits."""

    event: int
    other: int
    soon: int
    far: int
    anna: int
    emil: int
    berta: int
    carla: int
    doris: int


def a_story():
    event = an_event()
    soon = a_sitting(event, starts_at=NOW + timedelta(days=1), capacity=5).id
    far = a_sitting(event, starts_at=NOW + timedelta(days=9), capacity=2).id
    event, other = event.id, an_event().id
    for asking in (event, other):
        a_question(asking)
    tokens = [apply_for(soon).token, apply_for(soon).token, apply_for(far, companions=1).token]
    tokens += [apply_for(far).token, apply_for(far).token]
    anna, emil, berta, carla, doris = (queries.by_token(token, now=NOW) for token in tokens)
    renamed = replace(doris.details, name="倉敷　桃子")
    services.change_details(doris.id, renamed, version=doris.version, now=NOW)
    services.cancel(emil.id, now=NOW)
    meetings.change_capacity(far, 3, by=ORGANIZER, now=NOW)
    attendance.mark(soon, anna.id, Presence.PRESENT, by=ORGANIZER, now=LATER)
    return Story(event, other, soon, far, anna.id, emil.id, berta.id, carla.id, doris.id)


@contextmanager
def unguarded(folder):
    """The application on a database that checks nothing, so that everything can be broken."""
    bare = sa.MetaData()
    for table in Base.metadata.sorted_tables:
        copy = table.to_metadata(bare)
        for constraint in list(copy.constraints):
            numbers = {"sitting_id", "queue_no"} == {column.name for column in constraint.columns}
            if numbers or isinstance(constraint, (sa.CheckConstraint, sa.ForeignKeyConstraint)):
                copy.constraints.remove(constraint)
        for column in copy.columns:
            column.nullable = not column.primary_key
    app = create_app(config_for(folder))
    with app.app_context():
        bare.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def told_once(tmp_path_factory):
    """One story for all that is broken in it; nothing of that is kept."""
    with unguarded(tmp_path_factory.mktemp("unguarded")):
        yield a_story()


@pytest.fixture
def story(told_once):
    """The story as it was told."""
    assert found() == {}
    yield told_once
    db.session.rollback()


def found(now=LATER):
    return {breach.name: breach.ids for breach in doctor.examine(now=now)}


def plant(statement, story):
    names = {name: getattr(story, name) for name in Story.__dataclass_fields__}
    db.session.execute(sa.text(statement.format(**names)))


def first_message_of(registration_id):
    return db.session.scalar(
        sa.text("SELECT min(id) FROM outbound_message WHERE thread = :thread"),
        {"thread": f"registration:{registration_id}"},
    )


OF_BERTA = "WHERE thread = 'registration:{berta}'"

# What is broken, how, and who is named.
PLANTED = [
    ("seats_taken", "UPDATE sitting SET seats_taken = 1 WHERE id = {far}", ["far"]),
    ("seats_taken", "UPDATE registration SET companions = 0 WHERE id = {berta}", ["far"]),
    ("waiting", "UPDATE sitting SET waiting = 0 WHERE id = {far}", ["far"]),
    ("capacity", "UPDATE sitting SET capacity = 2 WHERE id = {far}", ["far"]),
    ("capacity", "UPDATE sitting SET seats_taken = -1 WHERE id = {soon}", ["soon"]),
    ("guests", "INSERT INTO guest_quota VALUES ({soon}, 3, 1)", ["soon"]),
    ("kept", "UPDATE sitting SET kept = 1 WHERE id = {soon}", ["soon"]),
    ("kept", f"INSERT INTO allotment VALUES ({{soon}}, 'staff', 2, 1, {THEN}, NULL)", ["soon"]),
    ("allotment", f"INSERT INTO allotment VALUES ({{soon}}, 'staff', 2, 1, {THEN}, NULL)", ["soon"]),
    ("allotted", "UPDATE sitting SET allotted = true WHERE id = {soon}", ["soon"]),
    ("release", f"INSERT INTO allotment VALUES ({{soon}}, 'staff', 2, 0, {THEN}, NULL)", ["soon"]),
    ("guests", "INSERT INTO guest VALUES ({berta}, '総社市')", ["far"]),
    ("answer_event", "INSERT INTO registration_answer VALUES ({berta}, 2, 0, '1', '{{}}')", ["berta"]),
    ("answer_person", "INSERT INTO registration_answer VALUES ({berta}, 1, 2, '1', '{{}}')", ["berta"]),
    ("asked", "UPDATE registration SET status = 'declined' WHERE id = {doris}", ["doris"]),
    ("queue_numbers", "UPDATE registration SET queue_no = NULL WHERE id = {doris}", ["doris"]),
    ("queue_numbers", "UPDATE registration SET queue_no = 1 WHERE id = {doris}", ["carla", "doris"]),
    ("queue_numbers", "UPDATE registration SET queue_no = 3 WHERE id = {doris}", ["doris"]),
    ("queue_numbers", "UPDATE registration SET queue_no = 0 WHERE id = {doris}", ["doris"]),
    ("offers", "UPDATE registration SET status = 'offered' WHERE id = {doris}", ["doris"]),
    ("offers", f"INSERT INTO seat_offer VALUES (7, {{berta}}, 1, {THEN}, {THEN}, 'open', NULL, '')", ["berta"]),
    ("other_event", "UPDATE registration SET event_id = {other} WHERE id = {berta}", ["berta"]),
    ("substitute", "INSERT INTO substitution VALUES ({berta}, 1, '2026-06-01 00:00:00.000000')", ["berta"]),
    (
        "two_at_once",
        f"INSERT INTO substitution VALUES ({{berta}}, 1, {THEN}), ({{carla}}, 1, {THEN})",
        ["berta", "carla"],
    ),
    ("times", "UPDATE registration SET cancelled_at = NULL WHERE id = {emil}", ["emil"]),
    ("times", "UPDATE registration SET cancelled_at = applied_at WHERE id = {berta}", ["berta"]),
    ("times", "UPDATE registration SET confirmed_at = NULL WHERE id = {berta}", ["berta"]),
    ("contact", "UPDATE registration SET email = NULL WHERE id = {doris}", ["doris"]),
    ("no_event", "UPDATE event SET status = 'cancelled' WHERE id = {event}", ["anna", "berta", "carla", "doris"]),
    ("no_event", "UPDATE event SET status = 'draft' WHERE id = {event}", ["anna", "berta", "carla", "doris"]),
    ("finished", "UPDATE event SET status = 'finished' WHERE id = {event}", ["event"]),
    ("audit", "DELETE FROM audit_entry WHERE object_id = '{berta}' AND action = 'registration.confirmed'", ["berta"]),
    ("audit", "DELETE FROM audit_entry WHERE object_id = '{emil}' AND action = 'registration.cancelled'", ["emil"]),
    ("told", f"DELETE FROM outbound_message {OF_BERTA}", ["berta"]),
    (
        "told",
        "UPDATE outbound_message SET kind = 'x' WHERE kind = 'registration.promoted'",
        ["carla"],
    ),
    (
        "told",
        "UPDATE outbound_message SET kind = 'registration.cancelled' WHERE kind = 'registration.changed'",
        ["doris"],
    ),
    ("came", "UPDATE registration SET status = 'cancelled' WHERE id = {anna}", ["anna"]),
    ("came", "UPDATE registration SET attended = 1 WHERE id = {emil}", ["emil"]),
    ("attended", "DELETE FROM attendance", ["anna"]),
    ("attended", "UPDATE registration SET attended = 1 WHERE id = {berta}", ["berta"]),
    ("names_and_numbers", "INSERT INTO headcount VALUES ({soon}, 'staff', 7)", ["soon"]),
]
_SWAP = (
    "INSERT INTO swap_offer (giver_id, taker_id, giver_sitting_id, taker_sitting_id, state, made_at, expires_at) "
    "VALUES ({anna}, {berta}, {soon}, 999999, 'open', '2026-06-01 00:00:00.000000', '2026-06-02 00:00:00.000000')"
)
# The same, where the row named is not one of the story's own.
PLANTED_ELSEWHERE = [
    ("about_nobody", f"UPDATE outbound_message SET thread = 'registration:999999' {OF_BERTA}"),
    ("stuck", f"UPDATE outbound_message SET state = 'sending', lease_until = '2026-06-01 00:00:00.000000' {OF_BERTA}"),
    ("stuck", f"UPDATE outbound_message SET state = 'sending', lease_until = NULL {OF_BERTA}"),
    ("attempts", f"UPDATE outbound_message SET attempts = 1 {OF_BERTA}"),
    ("sent", f"UPDATE outbound_message SET state = 'sent' {OF_BERTA}"),
    ("sent", f"UPDATE outbound_message SET sent_at = created_at {OF_BERTA}"),
    ("way", f"UPDATE outbound_message SET state = 'call' {OF_BERTA}"),
    ("way", f"UPDATE outbound_message SET to_email = NULL {OF_BERTA}"),
    ("posted", f"UPDATE outbound_message SET state = 'posted' {OF_BERTA}"),
    ("posted", f"UPDATE outbound_message SET letter_batch_id = 7 {OF_BERTA}"),
    ("nowhere", f"UPDATE outbound_message SET state = 'letter' {OF_BERTA}"),
]

_FILE = (
    "INSERT INTO worksheet_attachment"
    " (id, worksheet_id, file_name, media_type, size, file_key, added_at, added_by, removed_at) VALUES"
)
# The same, about mandated training; the row named is number 7.
PLANTED_AS_7 = [
    (
        "certificate",
        "INSERT INTO certificate (id, registration_id, fiscal_year, number) VALUES (7, {berta}, 2026, 1)",
    ),
    (
        "certificate_proof",
        "INSERT INTO certificate (id, staff_member_id, fiscal_year, number) VALUES (7, 1, 2026, 1)",
    ),
    (
        "certificate_holder",
        "INSERT INTO certificate (id, registration_id, staff_member_id, number) VALUES (7, {berta}, 1, 1)",
    ),
    ("ledger", "INSERT INTO certificate_ledger VALUES (7, 3)"),
    ("worksheet_rows", "INSERT INTO worksheet_row (id, worksheet_id) VALUES (1, 7)"),
    ("worksheet_story", "INSERT INTO worksheet (id, state) VALUES (7, 'accepted')"),
    ("removed_file", f"{_FILE} (7, 1, 'a.pdf', 'application/pdf', 1, 'gone', '', '', '2026-06-01 00:00:00.000000')"),
    ("foreign_file", "INSERT INTO worksheet_revision_attachment VALUES (1, 7)"),
    ("offer_open", f"INSERT INTO seat_offer VALUES (7, {{doris}}, 1, {THEN}, {THEN}, 'open', NULL, '')"),
    ("requirement_worksheet", "INSERT INTO requirement_worksheet VALUES (7, 1)"),
    ("requirement_audience", "INSERT INTO requirement (id, audience) VALUES (7, 'list')"),
]


@pytest.mark.parametrize(("name", "statement", "named"), PLANTED)
def test_a_broken_promise_is_found_and_named(story, name, statement, named):
    plant(statement, story)
    assert found()[name] == tuple(getattr(story, one) for one in named)


@pytest.mark.parametrize(("name", "statement"), PLANTED_ELSEWHERE)
def test_a_broken_promise_about_a_message_is_found_and_named(story, name, statement):
    message = first_message_of(story.berta)
    plant(statement, story)
    assert found()[name] == (message,)


@pytest.mark.parametrize("capacity", ["4", "NULL"])
def test_a_seat_that_is_free_while_somebody_waits_who_fits_is_found(story, capacity):
    plant(f"UPDATE sitting SET capacity = {capacity} WHERE id = {{far}}", story)
    assert found() == {"seat_left_empty": (story.doris,)}


def test_a_mark_at_another_sitting_is_found(story):
    plant("UPDATE attendance SET sitting_id = {far}", story)
    assert found()["other_sitting"] == (1,)


def test_a_swap_across_events_is_found(story):
    plant(_SWAP, story)
    assert found() == {"swap": (1,)}


def test_a_handout_without_its_file_is_found(story):
    plant("INSERT INTO handout VALUES (7, {event}, '次第', 'a.pdf', 'application/pdf', 9, 'gone')", story)
    assert found()["handout_file"] == (7,)


def test_a_file_that_nobody_applied_with_is_found_once_nobody_sweeps_and_one_that_is_lost(story):
    file = answer_files.keep(1, "写真.pdf", b"%PDF-1.7", now=NOW)
    at = LATER + timedelta(days=3)
    assert found(at)["answer_swept"] == (1,)
    storage.delete(db.session.scalar(sa.text("SELECT file_key FROM answer_file WHERE key = :key"), {"key": file.key}))
    assert found()["answer_file"] == (1,)
    db.session.execute(sa.text("DELETE FROM answer_file"))
    db.session.commit()


def test_a_worksheets_attachment_without_its_file_is_found(story):
    plant(f"{_FILE} (7, 1, 'a.pdf', 'application/pdf', 1, 'gone', '', '', NULL)", story)
    assert found()["worksheet_file"] == (7,)


@pytest.mark.parametrize(("name", "statement"), PLANTED_AS_7)
def test_a_broken_promise_about_mandated_training_is_found(story, name, statement):
    plant(statement, story)
    assert found()[name] == (7,)


def test_every_promise_is_broken_in_some_test():
    elsewhere = {"other_sitting", "swap", "answer_swept"}
    planted = {one[0] for one in PLANTED + PLANTED_ELSEWHERE + PLANTED_AS_7} | elsewhere
    others = {*DRAWN, *BULK, *FROZEN, *GROUPS, *LEARNED, *MEETINGS, *PROPOSED, *SHARED, *SIGN_UPS, *SURVEYED}
    assert {promise.name for promise in doctor.PROMISES if promise not in others} == planted


def test_a_lease_that_has_just_ended_is_no_breach(story):
    until = LATER - timedelta(minutes=1)
    plant(f"UPDATE outbound_message SET state = 'sending', lease_until = '{until:%Y-%m-%d %H:%M:%S.%f}'", story)
    assert found() == {}


def test_a_seat_that_is_too_few_for_everybody_who_waits_is_no_breach(any_app):
    sitting = a_sitting(capacity=3)
    for _ in range(2):
        apply_for(sitting, companions=1)
    assert found(NOW) == {}


def test_who_waits_when_a_sitting_begins_keeps_waiting(any_app):
    sitting = a_sitting(capacity=1)
    place = apply_for(sitting)
    apply_for(sitting)
    started = sitting.starts_at
    services.cancel(queries.by_token(place.token, now=NOW).id, by=ORGANIZER, now=started)
    assert found(started) == {}


def test_what_people_do_breaks_no_promise(any_app):
    story = a_story()
    assert found() == {}
    meetings.reschedule(
        story.far,
        starts_at=NOW + timedelta(days=20),
        ends_at=NOW + timedelta(days=20, hours=2),
        venue_id=None,
        notify=True,
        by=ORGANIZER,
        now=LATER,
    )
    services.cancel(story.berta, by=ORGANIZER, now=LATER)
    attendance.mark(story.soon, story.anna, Presence.ABSENT, by=ORGANIZER, now=LATER)
    services.cancel(story.anna, by=ORGANIZER, now=LATER)
    meetings.call_off(story.event, "台風のため", notify=False, by=ORGANIZER, now=LATER)
    assert found() == {}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_demonstration_breaks_no_promise_on_postgresql(any_app):
    now = clock.now()
    assert year.load_if_empty(now=now)
    assert found(now) == {}


def test_the_demonstration_breaks_no_promise_on_sqlite(demonstration, tmp_path):
    shutil.copy(demonstration, tmp_path / "tsudoi.db")
    app = create_app(config_for(demonstration.parent, database_url=f"sqlite:///{tmp_path / 'tsudoi.db'}"))
    with app.app_context():
        assert not year.load_if_empty(now=clock.now())
        assert found(clock.now()) == {}
        db.session.remove()
        db.engine.dispose()


def test_the_command_says_that_all_is_well(app):
    apply_for(a_sitting())
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert (done.exit_code, done.output) == (0, "異常はありません。\n")


def test_the_command_names_what_is_broken_and_fails(tmp_path):
    with unguarded(tmp_path) as app:
        sittings = [a_sitting(capacity=50).id for _ in range(25)]
        db.session.execute(sa.text("UPDATE sitting SET waiting = 7"))
        db.session.commit()
        done = app.test_cli_runner().invoke(args=["doctor"])
    assert done.exit_code == 1
    assert f"sitting {sittings[0]} " in done.stdout
    assert done.stdout.endswith(" ほか5件\n")
    assert done.stderr == "異常が1種類あります。\n"


def test_a_database_that_was_not_upgraded_is_said_to_be_so(any_app):
    db.session.execute(sa.text("DROP TABLE headcount"))
    db.session.commit()
    done = any_app.test_cli_runner().invoke(args=["doctor"])
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: データベースを読めません。先に flask db upgrade で更新してください")
