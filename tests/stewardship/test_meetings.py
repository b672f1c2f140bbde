"""`flask doctor` finds tables that are not there, and links that outlived their feedback form."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.feedback import services as feedback
from app.infra.db import db
from app.model_projects import queries, services
from app.model_projects.types import Quadrant, ThemeDraft
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER
from tests.feedback.builders import AFTER, LATER, a_form, an_event_held
from tests.stewardship.test_doctor import unguarded

BY = {"by": ORGANIZER, "now": NOW}


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    with unguarded(tmp_path_factory.mktemp("meetings")):
        event_id = an_event_held(1)
        a_form(event_id)
        feedback.thank(event_id, by=ORGANIZER, now=LATER)
        feedback.sweep(now=AFTER)
        services.set_up(event_id, **BY)
        services.save_themes(event_id, (ThemeDraft(None, "テーマ", "", "", 2),), 6, **BY)
        services.form_tables(event_id, **BY)
        theme_id = queries.of_event(event_id).themes[0].id
        services.add_card(event_id, theme_id, 2, "カード", Quadrant.NOW, **BY)
        yield event_id, theme_id


PLANTED = [
    ("links", "INSERT INTO feedback_ticket (link_hash, event_id) SELECT 'x', event_id FROM feedback_form", 0),
    ("links", "INSERT INTO feedback_spent (key_hash, event_id) SELECT 'x', event_id FROM feedback_form", 0),
    ("no_table", "UPDATE table_seat SET number = 3", 1),
    ("no_table", "UPDATE table_card SET number = 3", 1),
]


@pytest.mark.parametrize(("name", "statement", "which"), PLANTED)
def test_a_broken_promise_about_a_meeting_is_found_and_named(held, name, statement, which):
    assert doctor.examine(now=AFTER) == []
    db.session.execute(sa.text(statement))
    assert {breach.name: breach.ids for breach in doctor.examine(now=AFTER)} == {name: (held[which],)}
    db.session.rollback()
