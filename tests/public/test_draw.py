"""A draw as residents meet it: the form, the promise, the result, and the proof without names."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from app.registrations import drawing
from app.registrations import queries as registrations
from tests.factories import NOW, ORGANIZER, a_lottery, apply_for
from tests.public.door import applied, filled_in, receipt
from tests.registrations import redraw

CLOSED = NOW + timedelta(days=2)


@pytest.fixture
def lottery(site):
    """An event whose two seats are drawn: slug, event, sitting."""
    with site.app_context():
        sitting = a_lottery(capacity=2, tickets_first_time=3, tickets_in_city=2)
        return slug_of(sitting), sitting.event_id, sitting.id


def slug_of(sitting) -> str:
    place = apply_for(sitting, name="見本　一")
    return registrations.by_token(place.token, now=NOW).event_slug


def draw(site, event_id: int) -> None:
    with site.app_context():
        drawing.freeze(event_id, now=CLOSED)
        drawing.draw(event_id, by=ORGANIZER, now=CLOSED)


def test_the_page_says_beforehand_how_places_are_given(visitor, lottery):
    page = visitor.get(f"/events/{lottery[0]}/").text
    assert "選考方法" in page
    assert "初めて参加する方は3本、市内に住んでいる、勤めている、または通学している方は2本" in page
    assert "残り" not in page


def test_who_enters_says_what_gives_more_tickets_and_reads_that_it_will_be_drawn(site, visitor, lottery):
    address = f"/events/{lottery[0]}/apply/"
    form = visitor.get(address).text
    assert all(f'name="{name}"' in form for name in ("first_time", "in_city"))
    own_page = applied(visitor, address, first_time="y")
    assert receipt(visitor.get(own_page))[1] == "pending"
    page = visitor.get(own_page).text
    assert "抽選で決まります" in page
    assert visitor.get(f"{own_page}invitation.ics").status_code == 404
    changed = filled_in(visitor, f"{own_page}change/", email=None, phone=None)
    assert changed["first_time"] == ["y"]
    with site.app_context():
        row = registrations.by_token(own_page.split("/")[2], now=NOW)
        assert (row.details.first_time, row.details.in_city) == (True, False)


def test_where_places_are_not_drawn_nobody_is_asked_for_tickets(visitor, form):
    assert "抽選に関わること" not in visitor.get(form).text
    assert visitor.get(form.replace("apply/", "draw/")).status_code == 404


def test_the_hash_of_the_list_is_public_before_the_seed_and_both_after_the_draw(site, visitor, lottery):
    slug, event_id, _sitting = lottery
    address = f"/events/{slug}/draw/"
    assert "締切時の一覧の指紋" not in visitor.get(address).text
    with site.app_context():
        drawing.freeze(event_id, now=CLOSED)
    page = visitor.get(address).text
    assert "締切時の一覧の指紋" in page
    assert "抽選に使った数字</dt>" not in page
    assert visitor.get(f"/events/{slug}/draw.json").status_code == 404
    with site.app_context():
        drawing.draw(event_id, by=ORGANIZER, now=CLOSED)
    page = visitor.get(address).text
    assert "抽選に使った数字</dt>" in page
    assert "見本" not in page


def test_a_script_that_knows_nothing_of_us_repeats_the_draw_of_five_hundred(site, visitor, tmp_path):
    with site.app_context():
        sitting = a_lottery(capacity=60, tickets_first_time=3, tickets_in_city=2)
        for n in range(500):
            place = apply_for(sitting, companions=n % 4, first_time=n % 3 == 0, in_city=n % 2 == 0)
        slug = registrations.by_token(place.token, now=NOW).event_slug
        event_id = sitting.event_id
    draw(site, event_id)
    file = tmp_path / "draw.json"
    file.write_bytes(visitor.get(f"/events/{slug}/draw.json").data)
    ran = subprocess.run([sys.executable, "-I", str(Path(redraw.__file__)), str(file)], capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("the draw is as it was promised", "")
    published = json.loads(file.read_text("utf-8"))
    (drawn,) = published["sittings"]
    won = [entry for entry in drawn["entries"] if entry["result"] == "won"]
    assert (len(drawn["entries"]), sum(entry["seats"] for entry in won)) == (500, 60)
    table = visitor.get(f"/events/{slug}/draw.csv").data.decode("utf-8-sig").splitlines()
    assert [line.split(",")[1].strip('"') for line in table[1:]] == [entry["reference"] for entry in drawn["entries"]]
    assert published["seed"] not in {entry["reference"] for entry in drawn["entries"]}
    for tampered in changed_afterwards(published):
        assert redraw.redrawn(tampered)


def changed_afterwards(published):
    """The published draw with one thing changed in each."""
    for change in (
        lambda p: p["sittings"][0]["entries"][7].update(tickets=9),
        lambda p: p["sittings"][0]["entries"][7].update(reference="00000000"),
        lambda p: p["sittings"][0]["entries"].pop(),
        lambda p: p["sittings"][0]["entries"][0].update(result="waiting"),
        lambda p: p["sittings"][0].update(seats=61),
        lambda p: p.update(seed="00" * 32),
    ):
        tampered = copy.deepcopy(published)
        change(tampered)
        yield tampered
