"""`flask doctor` finds every promise about draws that is broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.infra.db import db
from app.registrations import drawing
from app.registrations.models import DrawEntry
from app.stewardship import doctor
from app.stewardship.drawn import DRAWN
from tests.factories import NOW, ORGANIZER, a_lottery, apply_for
from tests.stewardship.test_doctor import unguarded

CLOSED = NOW + timedelta(days=2)
LATER = CLOSED + timedelta(hours=1)


@dataclass(frozen=True)
class Story:
    """Ids: of two who were drawn one won and one waits."""

    event: int
    won: int
    waits: int


@pytest.fixture(scope="module")
def told_once(tmp_path_factory):
    with unguarded(tmp_path_factory.mktemp("drawn")):
        sitting = a_lottery(capacity=1)
        for _ in range(2):
            apply_for(sitting)
        drawing.freeze(sitting.event_id, now=CLOSED)
        drawing.draw(sitting.event_id, by=ORGANIZER, now=CLOSED)
        yield Story(sitting.event_id, *db.session.scalars(sa.select(DrawEntry.registration_id).order_by("rank")))


@pytest.fixture
def story(told_once):
    assert found() == {}
    yield told_once
    db.session.rollback()


def found():
    return {breach.name: breach.ids for breach in doctor.examine(now=LATER)}


PLANTED = [
    ("draw_promise", "DELETE FROM draw", "event"),
    ("draw_record", "DELETE FROM audit_entry WHERE action = 'draw.drawn'", "event"),
    ("draw_record", "UPDATE audit_entry SET action = 'draw.drawn' WHERE action = 'draw.frozen'", "event"),
    ("draw_open", "UPDATE draw SET frozen_at = NULL", "event"),
    ("draw_result", "UPDATE draw_entry SET rank = NULL WHERE registration_id = {won}", "won"),
    ("draw_status", "UPDATE registration SET confirmed_at = NULL WHERE id = {won}", "won"),
    ("draw_status", "UPDATE registration SET status = 'pending' WHERE id = {waits}", "waits"),
    ("draw_status", "UPDATE draw_entry SET lot = 'lost' WHERE registration_id = {waits}", "waits"),
    ("draw_list", "UPDATE draw_entry SET tickets = 9 WHERE registration_id = {waits}", "event"),
    ("draw_list", "UPDATE draw SET seed = '00'", "event"),
]


@pytest.mark.parametrize(("name", "statement", "named"), PLANTED)
def test_a_broken_promise_about_a_draw_is_found_and_named(story, name, statement, named):
    db.session.execute(sa.text(statement.format(won=story.won, waits=story.waits)))
    assert found()[name] == (getattr(story, named),)


def test_who_was_left_out_of_a_list_is_found(story):
    db.session.execute(sa.text(f"UPDATE registration SET status = 'pending' WHERE id = {story.waits}"))
    db.session.execute(sa.text(f"DELETE FROM draw_entry WHERE registration_id = {story.waits}"))
    assert found()["draw_entry"] == (story.waits,)


def test_every_promise_about_draws_is_broken_in_some_test():
    assert {promise.name for promise in DRAWN} == {name for name, *_rest in PLANTED} - {"draw_list"} | {"draw_entry"}
