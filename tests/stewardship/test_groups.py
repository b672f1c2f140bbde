"""`flask doctor` finds every promise about named people, bodies and places handed on that is broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.infra.db import db
from app.kernel.types import RESIDENT
from app.registrations import bodies, handing, queries
from app.registrations.types import Member
from app.stewardship import doctor
from app.stewardship.groups import GROUPS
from tests.factories import NOW, ORGANIZER, a_sitting, apply_for, details
from tests.stewardship.test_doctor import unguarded

LATER = NOW + timedelta(hours=1)


@dataclass(frozen=True)
class Story:
    """Ids: a body with two seats, and a party of two whose place went from one to the other."""

    body: int
    old: int
    new: int


@pytest.fixture(scope="module")
def told_once(tmp_path_factory):
    with unguarded(tmp_path_factory.mktemp("groups")):
        sitting = a_sitting()
        draft = bodies.BodyDraft(sitting.id, details(companions=1), "担当", NOW + timedelta(days=5), "key")
        body = bodies.make(draft, by=ORGANIZER, now=NOW)
        place = apply_for(sitting, companions=1, party=(Member("倉敷　太郎"),))
        old = queries.by_token(place.token, now=NOW).id
        handing.hand_over(old, details(), by=RESIDENT, now=NOW)
        yield Story(body, old, handing.of_registration(old).to_id)


@pytest.fixture
def story(told_once):
    assert found() == {}
    yield told_once
    db.session.rollback()


def found():
    return {breach.name: breach.ids for breach in doctor.examine(now=LATER)}


PLANTED = [
    ("party_names", "UPDATE registration SET companions = 0 WHERE id = {new}", "new"),
    ("body_seats", "UPDATE body_place SET held = 3", "body"),
    ("body_place", "UPDATE registration SET channel = 'phone' WHERE id = {body}", "body"),
    ("body_settled", "UPDATE body_place SET edit_until = '2026-06-01 01:30:00.000000'", "body"),
    ("handover", "UPDATE registration SET status = 'confirmed' WHERE id = {old}", "new"),
]


@pytest.mark.parametrize(("name", "statement", "broken"), PLANTED)
def test_a_broken_promise_is_found_and_named(story, name, statement, broken):
    db.session.execute(sa.text(statement.format(old=story.old, new=story.new, body=story.body)))
    assert found()[name] == (getattr(story, broken),)


def test_every_promise_about_groups_is_broken_in_some_test():
    assert {promise.name for promise in GROUPS} == {name for name, _statement, _broken in PLANTED}
