"""Two hundred people press the button at the same moment, against real web processes."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.live import an_open_sitting
from tests.races.crowd import all_at_once
from tests.races.story import faults, queue_of
from tests.visitor import Applicant, a_person

# Many rounds where somebody looks for a race: RACE_ROUNDS=20. Each has two hundred who meet at one moment.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "1"))
CROWD = 200
FAMILIES = 80

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]


def an_applicant(port, slug, number, companions=0):
    """Fills in form and confirmation page, then waits for the others before pressing the button."""

    def act(start):
        with Applicant(port) as applicant:
            fields = applicant.prepare(slug, a_person(number, companions=companions))
            applicant.hang_up()
            start()
            answer = applicant.send(slug, fields)
            return answer.status, applicant.receipt(answer.location) if answer.status == 303 else None

    return act


def rush(installation, slug, people, party=lambda n: 0):
    crowd = [an_applicant(installation.port, slug, n, party(n)) for n in range(people)]
    answers = all_at_once(crowd)
    assert Counter(status for status, _receipt in answers) == {303: people}
    return [receipt for _status, receipt in answers]


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_two_hundred_people_for_ten_seats(installation, turn):
    with installation.inside():
        event, sitting = an_open_sitting(capacity=10)
        slug, sitting_id = event.slug, sitting.id
    receipts = rush(installation, slug, CROWD)
    assert Counter(receipt.status for receipt in receipts) == {"confirmed": 10, "waitlisted": CROWD - 10}
    assert sorted(r.position for r in receipts if r.status == "waitlisted") == list(range(1, CROWD - 9))
    with installation.inside():
        assert faults(sitting_id) == []
        assert queue_of(sitting_id) == list(range(1, CROWD - 9))


def test_families_of_one_to_four_never_take_more_seats_than_there_are(installation):
    with installation.inside():
        event, sitting = an_open_sitting(capacity=40)
        slug, sitting_id = event.slug, sitting.id
    rush(installation, slug, FAMILIES, party=lambda n: n % 4)
    with installation.inside():
        assert faults(sitting_id) == []
