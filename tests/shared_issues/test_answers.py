"""What residents answer: taken once, told to the section, dealt with, shown without the person, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.errors import NotFound
from app.shared_issues import answering, queries, rules, services
from app.shared_issues.errors import Closed, NamesPerson, WrongState
from app.shared_issues.models import SharedIssueAnswer
from app.shared_issues.types import AnswerState, Progress, Stage
from tests.factories import NOW, ORGANIZER, a_duty, a_unit
from tests.shared_issues.conftest import a_card, answer
from tests.staff import post, token_of

BY = {"by": ORGANIZER, "now": NOW}
PERSON = ("倉敷", "花子", "hanako@example.jp", "86-426-3107", "864263107")


def test_a_form_sent_twice_is_one_answer_and_one_mail_that_says_nothing_of_the_person(any_app):
    unit = a_unit(name="環境政策課")
    a_duty(unit)
    issue_id = a_card(unit)
    first = answer(issue_id, "same")
    assert answer(issue_id, "same") == first
    written = select_mails("shared_issue.answered")
    assert len(written) == 1
    mail = rendering.render(written[0].kind, written[0].payload)
    assert "参加したい" in mail.text
    assert f"/my/issues/{issue_id}/" in mail.text
    assert not any(part in mail.text + mail.html + mail.subject + str(written[0].payload) for part in PERSON)
    answering.deal_with(first, AnswerState.DONE, "", **BY)
    assert not rendering.is_wanted(written[0].kind, written[0].payload)


def select_mails(kind: str) -> list[OutboundMessage]:
    return list(db.session.scalars(sa.select(OutboundMessage).filter_by(kind=kind)))


def test_what_was_sent_is_shown_without_the_person_and_stays_when_the_person_is_forgotten(any_app):
    issue_id = a_card(a_unit())
    sent = answer(issue_id, text="倉敷花子です。手伝えます。")
    for told in ("倉敷 花子です。", "電話は０８６－４２６－３１０７", "HANAKO@example.jp まで"):
        with pytest.raises(NamesPerson):
            answering.show(sent, told, **BY)
    answering.show(sent, "手伝える方がいます。", **BY)
    with pytest.raises(WrongState):
        answering.show(sent, "手伝える方がいます。", **BY)
    answering.forget(sent, **BY)
    with pytest.raises(NotFound):
        queries.answer(sent)
    contributions = queries.public(issue_id).contributions
    assert [one.text for one in contributions] == ["手伝える方がいます。"]
    answering.hide(issue_id, contributions[0].id, **BY)
    assert queries.public(issue_id).contributions == ()
    noted = " ".join(
        f"{row.actor_label} {row.fields} {row.reason}" for row in db.session.scalars(sa.select(AuditEntry))
    )
    assert not any(part in noted for part in PERSON)


def test_an_answer_is_forgotten_a_year_after_it_was_settled_and_not_before(any_app):
    issue_id = a_card(a_unit())
    settled, open_one = answer(issue_id, "a"), answer(issue_id, "b", now=NOW + timedelta(seconds=1))
    answering.show(settled, "近くに集まりがあります。", **BY)
    answering.deal_with(settled, AnswerState.REFUSED, "同じ内容", **BY)
    year = rules.ANSWERS_KEPT
    assert answering.sweep(now=NOW + year - timedelta(seconds=1)) == 0
    assert answering.sweep(now=NOW + year) == 1
    assert [row.id for row in queries.answers().rows] == [open_one]
    # The number of a row that is gone is never given to another person's.
    assert answer(issue_id, "c", now=NOW + timedelta(days=1)) > open_one
    assert len(queries.public(issue_id).contributions) == 1


@pytest.mark.usefixtures("app")
def test_only_a_public_issue_that_is_not_over_takes_answers():
    unit = a_unit()
    ended, hidden = a_card(unit), a_card(unit, Stage.PROPOSED)
    services.move_on(ended, Progress.ENDED, **BY)
    with pytest.raises(Closed):
        answer(ended)
    with pytest.raises(NotFound):
        answer(hidden)


@given(
    st.text("倉敷山田花子太郎", min_size=2, max_size=5),
    st.sampled_from(["", " ", "　"]),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_a_name_is_found_however_it_is_spaced(name, gap, before, after):
    written = gap.join(name)
    assert rules.names_person(before + written + after, name, None, None)


def test_a_resident_answers_on_a_page_and_mistakes_keep_what_was_typed(site: Flask):
    with site.app_context():
        issue_id = a_card(a_unit(name="環境政策課"))
    page, browser = f"/issues/{issue_id}/answer/", site.test_client()
    form = browser.get(f"{page}?kind=know").text
    assert 'value="know" checked' in form
    assert "お名前と連絡先は" in form
    key = form.partition('name="submission_id" id="submission_id" value="')[2].partition('"')[0]
    typed = {"kind": "know", "name": "倉敷 花子", "text": "集まりを知っています。", "submission_id": key}
    refused = send(browser, page, form, **typed)
    assert refused.status_code == 422
    for words in ("どちらか一つは入力してください", "利用目的をお読みになり", "集まりを知っています。", "倉敷　花子"):
        assert words in refused.text
    for _again in range(2):
        sent = send(browser, page, form, **typed, phone="０８６-４２６-３１０７", consent="y")
        assert (sent.status_code, sent.location) == (303, f"/issues/{issue_id}/answered/")
    assert "環境政策課と市民活動推進課で読み" in browser.get(sent.location).text
    stranger = post(site.test_client(), page, **typed, phone="086-426-3107", consent="y")
    assert (stranger.status_code, "有効期限" in stranger.text) == (422, True)
    with site.app_context():
        kept = db.session.scalars(sa.select(SharedIssueAnswer)).all()
    assert [(one.name, one.phone, one.email) for one in kept] == [("倉敷　花子", "+81864263107", None)]
    public = browser.get(f"/issues/{issue_id}/").text
    assert not any(part in public for part in ("花子", "426-3107", "集まりを知っています"))


def test_the_organizer_s_own_card_names_one_section(site: Flask):
    with site.app_context():
        issue_id = a_card(a_unit(name="市民活動推進課"))
    for page in ("answer", "answered"):
        assert "市民活動推進課と" not in site.test_client().get(f"/issues/{issue_id}/{page}/").text


def send(browser, page, form, **fields):
    return browser.post(page, data={"csrf_token": token_of(form), **fields}, headers={"Origin": "http://localhost"})


def test_a_flood_of_answers_is_stopped(site: Flask):
    with site.app_context():
        issue_id = a_card(a_unit())
    browser, page = site.test_client(), f"/issues/{issue_id}/answer/"
    form = browser.get(page).text
    codes = [send(browser, page, form).status_code for _ in range(21)]
    assert codes == [422] * 20 + [429]
