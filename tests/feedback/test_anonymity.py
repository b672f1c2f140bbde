"""Nothing that is stored leads from an answer to a person: not by keys, times, order, transactions or the log."""

from __future__ import annotations

import json
import logging
import random
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.feedback import queries, services
from app.feedback.models import FeedbackBallot, FeedbackSpent, FeedbackText, FeedbackTicket
from app.infra.db import db
from app.infra.logs import _mask
from app.registrations.models import Registration
from tests.factories import ORGANIZER
from tests.feedback.builders import AFTER, LATER, a_form, an_event_held, answered, mailed_paths

PEOPLE = 9
CODED = ("o1", "o2", "o3", "o4", "o5")


def dump():
    """Every row of every table, by table."""
    db.session.rollback()
    tables = sa.inspect(db.engine).get_table_names()
    return {name: db.session.execute(sa.text(f'SELECT * FROM "{name}"')).mappings().all() for name in tables}


@pytest.fixture
def box(any_app):
    """Nine people came, were thanked, and answered through their links in another order: the codes of each."""
    event_id = an_event_held(PEOPLE)
    form = a_form(event_id)
    services.thank(event_id, by=ORGANIZER, now=LATER)
    before = dump()
    tokens = [path.rstrip("/").rsplit("/", 1)[1] for path in mailed_paths()]
    order = list(range(PEOPLE))
    random.Random(5).shuffle(order)
    for number in order:
        answers = {"satisfied": CODED[number % 5], "age": CODED[number % 4], "good": f"感想{number}です"}
        services.answer_once(form.code, tokens[number], answers, now=LATER)
    return form, before, tokens, order


def test_taking_answers_in_changes_nothing_but_the_box_and_the_spent_links(box):
    _form, before, tokens, _order = box
    after = dump()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"feedback_ballot", "feedback_text", "feedback_spent"}
    # Of the mails nothing says which link is whose without the installation's key.
    written = json.dumps({name: [dict(row) for row in rows] for name, rows in after.items()}, default=str)
    assert not [token for token in tokens if token in written]


def test_no_column_of_an_answer_holds_a_person_a_time_or_a_number_of_its_own(box):
    form, _before, _tokens, _order = box
    tables = {"feedback_ballot": {"id", "event_id", "choices"}, "feedback_text": {"id", "event_id", "question", "text"}}
    inspector = sa.inspect(db.engine)
    for name, columns in tables.items():
        assert {column["name"] for column in inspector.get_columns(name)} == columns
        assert [key["referred_table"] for key in inspector.get_foreign_keys(name)] == ["feedback_form"]
    assert {name: len(rows) for name, rows in dump().items() if name in tables} == dict.fromkeys(tables, PEOPLE)
    registered = db.session.scalars(sa.select(Registration.id)).all()
    fixed = {form.event_id, *registered}
    assert not fixed & set(db.session.scalars(sa.select(FeedbackBallot.id)))
    # A text does not stand with what the same person chose.
    assert all("good" not in choices for choices in db.session.scalars(sa.select(FeedbackBallot.choices)))


def test_the_stored_order_is_not_the_order_in_which_people_answered(box):
    _form, _before, _tokens, order = box
    if db.engine.dialect.name == "sqlite":
        for table in (FeedbackBallot, FeedbackText, FeedbackTicket, FeedbackSpent):
            with pytest.raises(sa.exc.OperationalError, match="no such column"):
                db.session.execute(sa.text(f"SELECT rowid FROM {table.__tablename__}"))
            db.session.rollback()
        stored = db.session.scalars(sa.text("SELECT text FROM feedback_text")).all()
    else:
        stored = db.session.scalars(sa.text("SELECT text FROM feedback_text ORDER BY ctid")).all()
        # Which transaction wrote a row says nothing: the last answer wrote all of them.
        for name in ("feedback_ballot", "feedback_text"):
            assert len(db.session.scalars(sa.text(f"SELECT DISTINCT xmin::text FROM {name}")).all()) == 1
    said = [f"感想{number}です" for number in order]
    assert sorted(stored) == sorted(said)
    # By chance once in 362,880 times.
    assert stored not in (said, sorted(said), said[::-1])


def test_each_answer_gives_all_others_new_keys(box):
    form, _before, _tokens, _order = box
    known = set(db.session.scalars(sa.select(FeedbackBallot.id)))
    answered(form, 1)
    db.session.rollback()
    now = set(db.session.scalars(sa.select(FeedbackBallot.id)))
    assert len(now) == PEOPLE + 1
    assert not known & now


def test_links_lie_in_no_order_of_the_people_they_were_mailed_to(box):
    _form, _before, _tokens, _order = box
    if db.engine.dialect.name == "sqlite":
        hashes = db.session.scalars(sa.text("SELECT link_hash FROM feedback_ticket")).all()
    else:
        hashes = db.session.scalars(sa.text("SELECT link_hash FROM feedback_ticket ORDER BY ctid")).all()
    assert list(hashes) == sorted(hashes)


def test_when_the_form_is_closed_nothing_tells_who_answered(box):
    form, _before, _tokens, _order = box
    services.sweep(now=LATER)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FeedbackTicket)) == PEOPLE
    services.sweep(now=AFTER)
    for table in (FeedbackTicket, FeedbackSpent):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    assert queries.of_event(form.event_id, now=AFTER).answers == PEOPLE


def test_a_link_in_a_line_of_the_log_is_masked(box):
    _form, _before, tokens, _order = box
    line = {"event": f"GET /f/k7m2xd/{tokens[0]}/ failed"}
    assert tokens[0] not in _mask(None, "error", line)["event"]
    assert re.search(r"/f/\[…\]", line["event"])


def test_an_answer_writes_no_line_into_the_log(box, caplog):
    form, _before, _tokens, _order = box
    with caplog.at_level(logging.DEBUG, logger="tsudoi"):
        answered(form, 2, good="誰にも知られたくない感想")
    assert caplog.text == ""


def test_one_link_pressed_by_many_at_once_counts_once_and_nobody_elses_answer_is_lost(any_app):
    event_id = an_event_held(1)
    form = a_form(event_id)
    services.thank(event_id, by=ORGANIZER, now=LATER)
    token = mailed_paths()[0].rstrip("/").rsplit("/", 1)[1]
    db.session.remove()

    def press(number):
        with any_app.app_context():
            if number % 2:
                services.answer_once(form.code, token, {"satisfied": "o1"}, now=LATER)
            else:
                answered(form, number)

    with ThreadPoolExecutor(8) as people:
        list(people.map(press, range(8)))
    assert queries.of_event(event_id, now=LATER).answers == 5
