"""By one's own page: the place to another person, and another sitting."""

from __future__ import annotations

import sqlalchemy as sa

from app.events.models import Event
from app.infra.db import db
from tests.factories import a_sitting
from tests.public.door import applied, fields, filled_in, problems, receipt, rows
from tests.staff import post

OTHER = {"name": "玉島　次郎", "kana": "たましま　じろう", "email": "jiro@example.jp", "phone": ""}


def a_later_sitting(site, **changes) -> str:
    with site.app_context():
        return str(a_sitting(db.session.scalars(sa.select(Event)).one(), label="午後の部", **changes).id)


def test_the_place_is_the_others_and_the_old_page_only_says_so(site, visitor, form):
    own = applied(visitor, form, companions="1")
    page = f"{own}hand-over/"
    assert page in visitor.get(own).text
    sent = filled_in(visitor, page, **OTHER, consent=None, agreed="y")
    assert "companions" not in sent
    assert visitor.post(page, data=sent).location == own
    after = visitor.get(own)
    assert receipt(after)[1] == "cancelled"
    assert "席をほかの方に譲りました" in after.text
    assert "玉島" not in after.text
    theirs = rows(site, "registration")[1]
    assert (theirs["name"], theirs["kana"], theirs["companions"]) == ("玉島　次郎", "タマシマ　ジロウ", 1)
    assert [r["seats_taken"] for r in rows(site, "sitting")] == [2]
    assert visitor.get(page).location == own


def test_without_the_others_consent_nothing_is_handed_on_and_nothing_typed_is_lost(site, visitor, form):
    own = applied(visitor, form)
    refused = visitor.post(f"{own}hand-over/", data=filled_in(visitor, f"{own}hand-over/", **OTHER, consent=None))
    assert refused.status_code == 422
    assert list(problems(refused)) == ["agreed"]
    assert fields(refused)["name"] == ["玉島　次郎"]
    assert len(rows(site, "registration")) == 1


def test_another_sitting_is_taken_and_where_it_is_full_the_old_seat_stays(site, visitor, form):
    full, free = a_later_sitting(site, capacity=1), a_later_sitting(site, capacity=5)
    applied(site.test_client(), form, sitting=full, email="other@example.jp")
    own = applied(visitor, form, sitting="1")
    page = f"{own}sitting/"
    assert page in visitor.get(own).text
    refused = post(visitor, page, sitting=full)
    assert refused.status_code == 422
    assert "いまの回の席は、そのまま取ってあります" in refused.text
    assert post(visitor, page, sitting=free).location == own
    assert str(rows(site, "registration")[1]["sitting_id"]) == free
