"""`flask doctor` finds every promise about messages to many that is broken."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.events.drafts import Upload
from app.infra.db import db
from app.registrations import writing
from app.registrations.models import BulkRecipient
from app.registrations.recipients import Group
from app.registrations.writing import BulkDraft
from app.stewardship import doctor
from app.stewardship.bulk import BULK
from tests.factories import NOW, ORGANIZER, a_sitting, apply_for
from tests.stewardship.test_doctor import unguarded

BY = {"by": ORGANIZER, "now": NOW}
PLANTED = [
    ("told_outside", "DELETE FROM bulk_recipient", "message"),
    ("other_list", "UPDATE bulk_message SET event_id = 999", "person"),
    ("other_list", "UPDATE bulk_message SET sent_at = NULL", "person"),
    ("other_list", "UPDATE bulk_recipient SET outbound_message_id = 3 - registration_id", "person"),
    ("bulk_file", "UPDATE bulk_attachment SET file_key = 'gone'", "file"),
]


@pytest.fixture(scope="module")
def told_once(tmp_path_factory):
    with unguarded(tmp_path_factory.mktemp("bulk")):
        sitting = a_sitting()
        for _ in range(2):
            apply_for(sitting)
        bulk_id = writing.begin(sitting.event_id, BulkDraft("件名", "本文", Group(sittings=(sitting.id,))), **BY)
        writing.attach(bulk_id, Upload("", "a.pdf", b"%PDF-1.7"), **BY)
        writing.try_out(bulk_id, to_name="担当", to_email="tantou@city.example.jp", **BY)
        writing.send(bulk_id, version=2, expected=2, **BY)
        yield [tuple(row) for row in db.session.execute(
            sa.select(BulkRecipient.registration_id, BulkRecipient.outbound_message_id).order_by("registration_id")
        )]  # fmt: skip


@pytest.mark.parametrize(("name", "statement", "named"), PLANTED)
def test_a_broken_promise_about_a_message_to_many_is_found_and_named(told_once, name, statement, named):
    assert doctor.examine(now=NOW) == []
    db.session.execute(sa.text(statement))
    ids = {"person": [one for one, _ in told_once], "message": [one for _, one in told_once], "file": [1]}[named]
    assert {breach.name: breach.ids for breach in doctor.examine(now=NOW)}[name][: len(ids)] == tuple(ids)
    db.session.rollback()


def test_every_promise_about_messages_to_many_is_broken_in_some_test():
    assert {promise.name for promise in BULK} == {name for name, *_rest in PLANTED} - {"bulk_file"}
