"""The tab 質問: questions are made, ordered and taken from the library, and no answer is lost; the counter asks too."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.delivery.models import OutboundMessage
from app.events import asking, queries, services
from app.events.errors import QuestionInUse, TooManyQuestions
from app.events.models import Event
from app.infra import clock
from app.infra.db import db
from app.questions.errors import BrokenDefinition
from app.questions.party import Answered
from app.questions.types import Condition, Kind, Option
from app.registrations import answering
from app.registrations import services as registrations
from app.registrations.models import Registration
from tests.console.desk import Desk, statements
from tests.factories import NOW, ORGANIZER, a_question, a_sitting, an_application, an_event
from tests.public.door import fields, problems
from tests.staff import post


def page_of(desk: Desk, number: int | str = "") -> str:
    return f"/console/events/{desk.event_id}/questions/" + (f"{number}/" if number != "" else "")


def asked(desk: Desk) -> list[Any]:
    return desk.ask(lambda: list(queries.by_id(desk.event_id).asked))


def answered(desk: Desk, **said: Any) -> int:
    """Somebody applied and answered; the registration's id."""
    application = an_application(desk.sitting_id, answered=Answered((said,), tuple(said)))
    with desk.site.app_context():
        place = registrations.apply(application, now=NOW)
        return db.session.scalar(sa.select(Registration.id).filter_by(reference=place.reference)) or 0


def test_a_question_is_made_changed_and_ordered(desk: Desk, organizer: FlaskClient) -> None:
    new = page_of(desk, 0)
    typed = {"label": "年代", "kind": "single", "required": "y", "options-0-label": "30代", "options-1-label": "40代"}
    assert post(organizer, new, **typed).status_code == 303
    assert post(organizer, new, label="月齢", kind="line", when=_when(desk)).status_code == 303
    first, second = asked(desk)
    assert [option.label for option in first.question.options] == ["30代", "40代"]
    assert second.question.condition == Condition(first.question.key, (first.question.options[0].key,))
    refused = post(organizer, page_of(desk), do=f"up:{second.id}")
    assert refused.status_code == 422, "a question cannot come before the one that decides about it"
    post(organizer, page_of(desk), do="take:coming")
    third = asked(desk)[2]
    assert post(organizer, page_of(desk), do=f"up:{third.id}").status_code == 303
    assert [row.id for row in asked(desk)] == [first.id, third.id, second.id]
    assert "会場までの交通手段" in organizer.get(page_of(desk, "preview")).text


def _when(desk: Desk) -> list[str]:
    question = asked(desk)[0].question
    return [f"{question.key}={question.options[0].key}"]


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(desk: Desk, organizer: FlaskClient) -> None:
    page = post(organizer, page_of(desk, 0), label="年代", kind="single")
    assert (page.status_code, fields(page)["label"]) == (422, ["年代"])
    rows = post(organizer, page_of(desk, 0), label="年代", kind="single", row="options-add")
    assert rows.status_code == 200


def test_removing_keeps_answers_and_says_so(any_desk: Desk) -> None:
    with any_desk.site.app_context():
        for key in ("answered", "idle"):
            a_question(any_desk.event_id, key=key)
    answered(any_desk, answered="はい、あります")
    rows = {row.question.key: row for row in asked(any_desk)}
    with any_desk.site.app_context():
        assert asking.remove(any_desk.event_id, rows["answered"].id, by=ORGANIZER, now=NOW)
        assert not asking.remove(any_desk.event_id, rows["idle"].id, by=ORGANIZER, now=NOW)
        event = queries.by_id(any_desk.event_id)
        assert [(row.question.key, row.retired) for row in event.asked] == [("answered", True)]
        assert answering.words(event.asked, answering.of_one(1)) == [("おたずね", "はい、あります")]


@pytest.fixture
def any_desk(any_app: Any) -> Desk:
    event = an_event()
    return Desk(any_app, event.id, a_sitting(event, capacity=400).id)


def test_another_kind_of_answer_is_another_question_and_an_option_that_goes_stays_readable(any_desk: Desk) -> None:
    event_id = any_desk.event_id
    with any_desk.site.app_context():
        a_question(event_id, Kind.SINGLE, "地区", key="area", options=("児島", "玉島"))
        a_question(event_id, Kind.LINE, "ご意見", key="words")
    answered(any_desk, area="area2", words="よかった")
    with any_desk.site.app_context():
        area, words = queries.by_id(event_id).asked
        fewer = replace(area.question, options=(area.question.options[0], Option("new", "真備")))
        asking.change(event_id, area.id, fewer, by=ORGANIZER, now=NOW)
        asking.change(event_id, words.id, replace(words.question, kind=Kind.TEXT), by=ORGANIZER, now=NOW)
        now_asked = queries.by_id(event_id)
        assert [question.kind for question in now_asked.questions] == [Kind.SINGLE, Kind.TEXT]
        assert [option.label for option in now_asked.questions[0].offered] == ["児島", "真備"]
        said = dict(answering.words(now_asked.asked, answering.of_one(1)))
        assert said == {"地区": "玉島", "ご意見": "よかった"}
        back = replace(now_asked.questions[0], options=(*now_asked.questions[0].offered, Option("again", "玉島")))
        asking.change(event_id, area.id, back, by=ORGANIZER, now=NOW)
        assert {o.label: o.key for o in queries.by_id(event_id).questions[0].offered}["玉島"] == "area2"


def test_what_would_not_hold_together_is_refused(desk: Desk) -> None:
    with desk.site.app_context():
        a_question(desk.event_id, Kind.YES_NO, "託児", key="care")
        a_question(desk.event_id, key="months", condition=Condition("care", ("yes",)))
        first = queries.by_id(desk.event_id).asked[0]
        with pytest.raises(QuestionInUse):
            asking.remove(desk.event_id, first.id, by=ORGANIZER, now=NOW)
        with pytest.raises(BrokenDefinition):
            a_question(desk.event_id, condition=Condition("nobody", ("yes",)))
        for _ in range(8):
            a_question(desk.event_id, per_person=True)
        with pytest.raises(TooManyQuestions):
            a_question(desk.event_id, per_person=True)


def test_a_saved_question_is_there_for_other_events_of_the_section_and_a_copy_asks_the_same(
    desk: Desk, organizer: FlaskClient
) -> None:
    with desk.site.app_context():
        a_question(desk.event_id, Kind.SINGLE, "班の希望", key="group", options=("A", "B"))
        other = an_event().id
    row = asked(desk)[0]
    post(organizer, page_of(desk), do=f"save:{row.id}")
    post(organizer, page_of(desk), do=f"save:{row.id}")
    other_page = f"/console/events/{other}/questions/"
    assert organizer.get(other_page).text.count("班の希望") == 3, "its words, and the names of its two buttons"
    assert post(organizer, other_page, do="take:1").status_code == 303
    assert post(organizer, other_page, do="forget:1").status_code == 303
    with desk.site.app_context():
        assert [q.label for q in queries.by_id(other).questions] == ["班の希望"]
        copy = services.copy_from_last_year(desk.event_id, by=ORGANIZER, now=clock.now())
        assert queries.by_id(copy).questions == (row.question,)
        services.delete_draft(copy, by=ORGANIZER, now=clock.now())


def test_the_counter_asks_the_same_and_internal_ones_which_no_helper_sees(
    desk: Desk, organizer: FlaskClient, helper: FlaskClient
) -> None:
    with desk.site.app_context():
        a_question(desk.event_id, Kind.LINE, "お住まい", key="home", required=True)
        a_question(desk.event_id, Kind.LINE, "聞き取りの記録", key="heard", internal=True)
        a_question(desk.event_id, Kind.FILE, "申込書の写し", key="paper", internal=True)
        a_sitting_to_come = a_sitting(_event(desk), starts_at=clock.now().replace(year=2027)).id
    counter = f"/console/events/{desk.event_id}/intake/"
    typed = {"sitting": str(a_sitting_to_come), "name": "倉敷　花子", "kana": "クラシキ", "phone": "086-426-3107"}
    typed |= {"told": "y", "q-heard": "声が小さい"}
    refused = post(organizer, counter, **typed)
    assert list(problems(refused)) == ["q-home"]
    assert fields(refused)["q-heard"] == ["声が小さい"]
    paper = (io.BytesIO(b"%PDF-1.7"), "申込書.pdf")
    assert post(organizer, counter, **typed, **{"q-home": "児島", "q-paper": paper}).status_code == 303
    shown = organizer.get("/console/registrations/1/").text
    assert "声が小さい" in shown
    assert "申込書.pdf" in shown
    assert "声が小さい" not in helper.get("/console/registrations/1/").text
    address = next(part for part in shown.split('"') if "/files/" in part)
    assert organizer.get(address).data == b"%PDF-1.7"
    assert helper.get(address).status_code == 403
    change = organizer.get("/console/registrations/1/change/")
    sent = {**fields(change), "q-heard": "書き直し"}
    mails = desk.ask(_mails)
    assert post(organizer, "/console/registrations/1/change/", **sent).status_code == 303
    assert desk.ask(lambda: answering.of_one(1)[0]["heard"]) == "書き直し"
    assert desk.ask(_mails) == mails, "the applicant never hears of what staff write down"


def _event(desk: Desk) -> Any:
    return db.session.get(Event, desk.event_id)


def _mails() -> int:
    return db.session.scalar(sa.select(sa.func.count(OutboundMessage.id))) or 0


def test_the_page_of_questions_asks_no_more_for_many(desk: Desk, organizer: FlaskClient) -> None:
    with desk.site.app_context():
        a_question(desk.event_id)
    few = statements(desk.site, organizer, page_of(desk))
    with desk.site.app_context():
        for _ in range(9):
            a_question(desk.event_id)
    assert statements(desk.site, organizer, page_of(desk)) == few
