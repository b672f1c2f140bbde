"""Several sittings on the public form: as many as one likes, or all meetings of a course."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.events import queries as events
from app.events.choices import SittingsTaken
from tests.factories import NOW, a_course, a_sitting, an_event, apply_for
from tests.public.door import confirmation, filled_in, problems, ready, receipt, rows


@pytest.fixture
def talks(site) -> tuple[str, list[str]]:
    """The form of an event with a talk a week, the second of which is full, and the sittings."""
    with site.app_context():
        event = an_event(sittings_taken=SittingsTaken.SOME)
        days = [NOW + timedelta(days=10, weeks=number) for number in range(3)]
        ids = [a_sitting(event, capacity=1, starts_at=day, label=f"第{n}回").id for n, day in enumerate(days, 1)]
        address = f"/events/{event.slug}/apply/"
        apply_for(ids[1])
        return address, [str(number) for number in ids]


@pytest.fixture
def course(site) -> str:
    """The form of a course of three meetings."""
    with site.app_context():
        return f"/events/{events.by_id(events.event_of_sitting(a_course()[0])).slug}/apply/"


def test_who_takes_several_is_told_of_each_before_and_after(site, visitor, talks):
    address, sittings = talks
    page = confirmation(visitor, address, sitting=sittings[:2])
    assert "第2回は、空いている席が足りないため" in page.text
    answer = visitor.post(address, data=ready(visitor, address, sitting=sittings[:2]))
    done = visitor.get(answer.location)
    kept = [row["reference"] for row in rows(site, "registration")][1:]
    assert [f"{number[:4]}-{number[4:]}" in done.text for number in kept] == [True, True]
    assert receipt(done)[1] == "confirmed"


def test_none_chosen_is_a_sentence_at_the_field_and_keeps_what_was_typed(visitor, talks):
    answer = confirmation(visitor, talks[0], sitting=None)
    assert answer.status_code == 422
    assert "参加する回を、一つ以上選んでください。" in problems(answer)["sitting"]
    assert 'value="倉敷　花子"' in answer.text


def test_the_one_that_the_address_asks_for_is_chosen_and_others_can_be_added(visitor, talks):
    address, sittings = talks
    assert filled_in(visitor, f"{address}?sitting={sittings[2]}")["sitting"] in (sittings[2], [sittings[2]])
    assert "sitting" not in filled_in(visitor, address)
    offered = re.findall(r'<input [^>]*name="sitting"[^>]*>', visitor.get(address).text)
    assert ['type="checkbox"' in one for one in offered] == [True, True, True]


def test_one_of_several_is_an_application_like_any_other(site, visitor, talks):
    address, sittings = talks
    answer = visitor.post(address, data=ready(visitor, address, sitting=sittings[2]))
    assert "一緒に申し込んだ回" not in visitor.get(answer.location).text
    assert [row["sign_up"] for row in rows(site, "registration")] == [None, None]


def test_the_whole_sign_up_is_given_up_on_ones_own_page(site, visitor, talks):
    address, sittings = talks
    own = visitor.post(address, data=ready(visitor, address, sitting=sittings)).location.removesuffix("done/")
    token = filled_in(visitor, f"{own}cancel/", how_much="all")
    assert visitor.post(f"{own}cancel/", data=token).status_code == 303
    assert [row["status"] for row in rows(site, "registration")] == ["confirmed", "cancelled", "cancelled", "cancelled"]


def test_a_course_leaves_nothing_to_choose_and_gives_an_entry_for_each_meeting(visitor, course):
    page = visitor.get(course)
    assert "全3回の連続講座です" in page.text
    own = visitor.post(course, data=ready(visitor, course)).location.removesuffix("done/")
    uids = {visitor.get(f"{own}invitation.ics?meeting={n}").text.split("UID:")[1].split("@")[0] for n in (1, 2, 3)}
    assert {uid[-2:] for uid in uids} == {"-1", "-2", "-3"}
    assert visitor.get(f"{own}invitation.ics?meeting=4").status_code == 404


def test_nobody_applies_for_one_meeting_of_a_course(visitor, course):
    chosen = filled_in(visitor, course)["sitting"]
    answer = confirmation(visitor, course, sitting=str(int(chosen[0]) + 1))
    assert answer.status_code == 422
