"""What came of a form: seen when it is closed, and never of fewer than five."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from app.accounts.permissions import Role
from app.events.types import EventStatus
from app.feedback import queries, rules, services, tallies
from app.feedback.errors import Begun, NotYetHeld, Over, TooLate
from app.feedback.types import State
from app.questions import codec, editing
from tests.factories import NOW, ORGANIZER, an_event
from tests.feedback.builders import AFTER, HELD, LATER, a_form, an_event_held, answered
from tests.staff import at, post, signed_in


def closed(form):
    return queries.of_event(form.event_id, now=AFTER)


def a_full_box():
    """Twelve residents and six members of staff; one of these was not content."""
    form = a_form(an_event_held())
    for number in range(12):
        answered(form, number, standing="o1", satisfied="o1" if number < 6 else "o2", good=f"よかった点{number}")
    for number in range(12, 18):
        answered(form, number, standing="o3", satisfied="o1" if number < 17 else "o5", next=["o1", "other"])
    return form


def test_nothing_is_seen_before_the_form_is_closed(app):
    form = a_full_box()
    assert tallies.results(queries.of_event(form.event_id, now=LATER)) is None
    assert tallies.results(closed(form)).answers == 18


def test_fewer_than_five_answers_are_not_shown_at_all(site):
    with site.app_context():
        form = a_form(an_event_held())
        for number in range(4):
            answered(form, number, good="読めてはならない感想")
        results = tallies.results(closed(form))
    assert (results.answers, results.tallies) == (None, ())
    with at(AFTER):
        page = signed_in(site).get(f"/console/events/{form.event_id}/feedback/results/").text
    assert "5件に満たない" in page
    assert "読めてはならない感想" not in page


def test_totals_are_exact_and_a_small_number_of_the_breakdown_stays_hidden(app):
    by_key = {tally.question.key: tally for tally in tallies.results(closed(a_full_box())).tallies}
    satisfied = by_key["satisfied"]
    assert [number for _label, number in satisfied.choices] == [11, 6, 0, 0, 1]
    rows = dict(satisfied.breakdown.rows)
    assert satisfied.breakdown.groups == ("市民（個人）", "市の職員")
    assert rows["よくなかった"] == (None, None)
    # The sums would tell it, were this not left out as well.
    assert (rows["よかった"], rows["とてもよかった"]) == ((None, None), (6, 5))
    assert by_key["standing"].breakdown is None
    # All six chose the same: whoever knows one of them would know what that one said.
    assert by_key["next"].breakdown is None
    assert by_key["useful"].answers is None
    assert sorted(by_key["good"].texts) == sorted(f"よかった点{number}" for number in range(12))


def test_the_file_holds_the_same_with_the_same_left_out(site):
    with site.app_context():
        form = a_full_box()
    base = f"/console/events/{form.event_id}/feedback/results"
    with at(AFTER):
        client = signed_in(site, Role.MANAGER)
        page = client.get(f"{base}/")
        file = client.get(f"{base}.csv").data.decode("utf-8-sig")
    assert page.status_code == 200
    rows = list(csv.DictReader(io.StringIO(file)))
    satisfied = [row for row in rows if row["質問"].startswith("全体として")]
    assert [row["件数"] for row in satisfied] == ["11", "6", "0", "0", "1"]
    assert {row["答え"]: row["市の職員"] for row in satisfied}["よくなかった"] == "秘匿"
    assert [row["件数"] for row in rows if row["質問"].startswith("これからの")] == ["秘匿"]
    assert "よかった点3" in {row["答え"] for row in rows}


def test_looking_leaves_an_entry_in_the_log(site):
    with site.app_context():
        form = a_full_box()
    with at(AFTER):
        client = signed_in(site)
        client.get(f"/console/events/{form.event_id}/feedback/results/")
        log = signed_in(site, Role.AUDITOR).get("/console/audit/")
    assert "アンケートの結果の閲覧" in log.text


def test_texts_come_in_another_order_each_time(app):
    form = closed(a_full_box())
    orders = {
        next(tally.texts for tally in tallies.results(form).tallies if tally.question.key == "good") for _ in range(4)
    }
    assert len(orders) > 1


def test_what_is_asked_stays_once_somebody_has_answered(app):
    form = a_form(an_event_held())
    answered(form, 1)
    shorter, seen = editing.without(form.definition, 0, 0), codec.digest(form.definition)
    with pytest.raises(Begun):
        services.ask(form.event_id, shorter, seen=seen, by=ORGANIZER, now=LATER)
    with pytest.raises(Begun):
        services.arrange(form.event_id, form.last_day, "age", by=ORGANIZER, now=LATER)


def test_a_closed_form_is_not_opened_again(app):
    form = a_form(an_event_held())
    with pytest.raises(Over):
        services.arrange(form.event_id, AFTER.date(), form.breakdown, by=ORGANIZER, now=AFTER)


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.CANCELLED])
def test_an_event_that_nobody_came_to_has_no_form(app, status):
    event = an_event(status=status)
    with pytest.raises(NotYetHeld):
        services.make(event.id, by=ORGANIZER, now=NOW)


def test_an_event_too_long_ago_gets_no_form_that_nobody_could_answer(app):
    event_id = an_event_held()
    until = HELD + rules.LONGEST
    with pytest.raises(TooLate):
        services.make(event_id, by=ORGANIZER, now=until + timedelta(days=1))
    assert a_form(event_id, now=until).state is State.OPEN


def test_the_page_of_such_an_event_says_so_instead_of_offering_the_form(site):
    with site.app_context():
        event_id = an_event_held()
    page = f"/console/events/{event_id}/feedback/"
    with at(LATER):
        assert "標準の質問で作る" in signed_in(site).get(page).text
    with at(HELD + rules.LONGEST + timedelta(days=1)):
        late = signed_in(site, email="late@city.example.jp")
        assert ("標準の質問で作る" in late.get(page).text, "60日を過ぎている" in late.get(page).text) == (False, True)
        assert post(late, f"/console/events/{event_id}/edit/", f"{page}new/").status_code == 422


def test_without_its_question_the_breakdown_is_none(app):
    form = a_form(an_event_held())
    shorter, seen = editing.without(form.definition, 0, 0), codec.digest(form.definition)
    services.ask(form.event_id, shorter, seen=seen, by=ORGANIZER, now=LATER)
    assert queries.of_event(form.event_id, now=LATER).breakdown == ""
