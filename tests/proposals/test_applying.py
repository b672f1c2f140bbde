"""A group's proposal from the first page to the reference number, by its secret link alone."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.infra import clock
from app.infra.db import db
from app.kernel.errors import NotFound
from app.proposals import applying, checking, found, queries, services
from app.proposals.errors import (
    ChangedMeanwhile,
    CourseInUse,
    Incomplete,
    NotOpen,
    NotWritable,
    TooManyYears,
    WrongState,
    WrongTheme,
)
from app.proposals.models import Proposal
from app.proposals.types import ProposalState
from tests.factories import NOW, ORGANIZER
from tests.proposals.groups import a_proposal, an_applicant, begun, the_answers
from tests.proposals.programmes import YEAR, a_programme
from tests.proposals.test_programmes import replace_course
from tests.staff import post, signed_in, token_of

LATE = NOW + timedelta(days=31)
TOO_LATE = NOW + timedelta(days=60)


def messages() -> list[tuple[str, str, str]]:
    rows = db.session.query(OutboundMessage).order_by(OutboundMessage.id)
    return [(one.kind, one.to_email, rendering.render(one.kind, one.payload).text) for one in rows]


def test_only_a_digest_of_the_link_is_stored_and_the_same_form_begins_one_proposal(any_app):
    programme = a_programme()
    applicant = an_applicant(programme)
    token = applying.start(programme.id, applicant, "once", now=NOW)
    assert applying.start(programme.id, applicant, "once", now=NOW) == token
    row = db.session.query(Proposal).one()
    assert token not in str({column: getattr(row, column) for column in row.__table__.columns.keys()})  # noqa: SIM118
    assert found.by_token(token).applicant == applicant
    with pytest.raises(NotFound):
        found.by_token(row.public_id)


def test_the_course_decides_on_theme_and_years(any_app):
    programme = a_programme()
    for refusal, changes in (
        (WrongTheme, {"course": "行政提案コース"}),
        (WrongTheme, {"theme_id": 1}),
        (TooManyYears, {"course": "新規チャレンジコース", "support_year": 2}),
    ):
        with pytest.raises(refusal):
            begun(programme, **changes)
    with pytest.raises(NotOpen):
        begun(programme, now=LATE)


def test_two_people_with_the_link_never_overwrite_one_another_unseen(any_app):
    token = begun(a_programme())
    applying.save(token, the_answers(), version=1, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        applying.save(token, the_answers(grant=50_000), version=1, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        applying.submit(token, version=1, now=NOW)
    applying.submit(token, version=2, now=NOW)
    with pytest.raises(NotWritable):
        applying.save(token, the_answers(), version=3, now=NOW)


def test_what_is_missing_or_wrong_is_not_handed_in(any_app):
    token = begun(a_programme())
    applying.save(token, the_answers(grant=90_001, own=9_999), version=1, now=NOW)
    with pytest.raises(Incomplete) as refusal:
        applying.submit(token, version=2, now=NOW)
    assert [(one.section, one.row) for one in refusal.value.problems] == [("income", "a")]


def test_a_draft_ends_with_the_last_day_and_what_came_back_with_the_day_of_corrections(any_app):
    programme = a_programme()
    draft = begun(programme)
    row, token = a_proposal(programme, ProposalState.RETURNED)
    with pytest.raises(NotWritable):
        applying.save(draft, the_answers(), version=1, now=LATE)
    applying.save(token, the_answers(grant=80_000, own=20_000), version=row.version, now=LATE)
    with pytest.raises(NotWritable):
        applying.save(token, the_answers(), version=row.version + 1, now=TOO_LATE)
    applying.submit(token, version=row.version + 1, now=LATE)
    checking.accept(row.id, by=ORGANIZER, now=TOO_LATE)
    with pytest.raises(WrongState):
        checking.return_(row.id, "もう一度", by=ORGANIZER, now=TOO_LATE)
    assert queries.figures(YEAR)[2].applications == 1


def test_a_withdrawn_proposal_counts_no_more_and_its_course_keeps_its_bounds(any_app):
    programme = a_programme()
    row, token = a_proposal(programme)
    assert [one.applications for one in queries.figures(YEAR)] == [0, 0, 1, 0]
    applying.withdraw(token, now=NOW)
    assert [one.applications for one in queries.figures(YEAR)] == [0, 0, 0, 0]
    course = row.course
    services.change_course(programme.id, course.id, replace_course(course, who="市内の団体"), by=ORGANIZER, now=NOW)
    with pytest.raises(CourseInUse):
        services.change_course(programme.id, course.id, replace_course(course, ceiling=1), by=ORGANIZER, now=NOW)
    with pytest.raises(CourseInUse):
        services.remove_course(programme.id, course.id, by=ORGANIZER, now=NOW)


def test_mails_carry_the_link_the_number_and_what_to_put_right(app):
    row, token = a_proposal(a_programme(), ProposalState.RETURNED)
    sent = messages()
    assert [kind for kind, _, _ in sent] == ["proposal.started", "proposal.submitted", "proposal.returned"]
    for _kind, email, text in sent:
        assert email == row.applicant.email
        assert f"/proposal/{token}/" in text
        assert row.reference_text in text
    assert "規約を添付してください。" in sent[-1][2]
    last = db.session.query(OutboundMessage).order_by(OutboundMessage.id.desc()).first()
    applying.submit(token, version=row.version, now=NOW)
    assert not rendering.is_wanted(last.kind, last.payload)


def test_a_group_is_led_from_the_public_page_through_its_visits_to_the_number(site):
    with site.app_context():
        programme = a_programme()
        course = str(next(one.id for one in programme.courses if one.name == "市民提案コース"))
    browser = site.test_client()
    start = f"/proposals/{YEAR}/apply/"
    assert start in browser.get(f"/proposals/{YEAR}/").text
    page = browser.get(start).text
    key = re.search(r'name="submission_id"[^>]*value="([^"]+)"', page)[1]
    who = {"course": course, "theme": "", "support_year": "1", "group_name": "<i>食堂の会", "contact_name": "倉敷 花子"}
    wrong = browser.post(start, data={"csrf_token": token_of(page), "submission_id": key, **who})
    assert wrong.status_code == 422
    assert "どちらか一つは入力してください" in wrong.text
    assert "&lt;i&gt;食堂の会" in wrong.text
    who |= {"email": "shokudo@example.jp", "consent": "y", "csrf_token": token_of(wrong.text), "submission_id": key}
    made = browser.post(start, data=who)
    assert made.status_code == 303
    assert browser.post(start, data=who).location == made.location
    here = made.location

    # A later visit on another machine, with nothing but the link.
    page = site.test_client()
    first = page.get(here)
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert first.headers["Cache-Control"] == "no-store"
    row = re.search(r'name="rows-income" value="([^"]+)"', first.text)[1]
    version = re.search(r'name="version" value="(\d+)"', first.text)[1]
    sent = {
        "version": version,
        "rows-income": row,
        f"q-income-{row}-source": "grant",
        f"q-income-{row}-amount": "５０万",
        "q-plan-name": "<b>地域食堂",
        "do": "confirm",
    }
    answer = page.post(here, data=sent)
    assert answer.status_code == 422
    assert "「収入の予算」の行1の「金額」" in answer.text
    assert "５０万" in answer.text or "50万" in answer.text
    assert "&lt;b&gt;地域食堂" in answer.text
    version = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    stale = page.post(here, data={**sent, "version": str(int(version) - 1)})
    assert stale.status_code == 409
    assert "先に保存しています" in stale.text

    with site.app_context():
        token = here.split("/proposal/")[1].rstrip("/")
        begun = the_answers()
        begun["expenses"].append({"row": "row-9"})
        applying.save(token, begun, version=found.by_token(token).version, now=clock.now())
    confirm = page.get(f"{here}confirm/")
    # Two heads, two incomes, one expense; the row that nobody filled in is not among them.
    assert confirm.text.count("<tr") == 5
    version = re.search(r'name="version" value="(\d+)"', confirm.text)[1]
    assert page.post(f"{here}confirm/", data={"version": version}).status_code == 303
    done = page.get(here).text
    assert re.search(r"\d{4}-\d{4}", done)
    assert "提出済" in done
    assert page.get(f"{here}proposal.pdf").data.startswith(b"%PDF")


def test_files_are_looked_at_bounded_and_only_the_group_s_own(site):
    with site.app_context():
        programme = a_programme()
        token, other = begun(programme), begun(programme)
        applying.attach(other, "ほか.pdf", b"%PDF-1.7", now=clock.now())
        theirs = found.by_token(other).attachments[0].id
    page, here = site.test_client(), f"/proposal/{token}/attachments/"

    def send(name: str, content: bytes):
        version = re.search(r'name="version" value="(\d+)"', page.get(f"/proposal/{token}/").text)[1]
        return page.post(here, data={"version": version, "do": "attach", "file": (io.BytesIO(content), name)})

    assert "受け付けられるのは" in send("x.pdf", b"<html>").text
    for _ in range(5):
        assert send("規約.pdf", b"%PDF-1.7").status_code == 303
    assert "5個まで" in send("多すぎ.pdf", b"%PDF-1.7").text
    with site.app_context():
        mine = found.by_token(token).attachments[0].id
    answer = page.get(f"{here}{mine}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert page.get(f"{here}{theirs}/").status_code == 404


def test_the_organizer_reads_checks_and_gives_back(site):
    with site.app_context():
        programme = a_programme()
        row, token = a_proposal(programme, ProposalState.SUBMITTED)
        a_proposal(programme, ProposalState.DRAFT)
    client = signed_in(site)
    listed = client.get(f"/console/proposals/{programme.id}/received/?state=submitted").text
    assert row.applicant.group_name in listed
    assert listed.count(">地域食堂<") == 1
    one = f"/console/proposals/received/{row.id}/"
    assert post(client, one, f"{one}check/").status_code == 303
    empty = post(client, one, f"{one}return/", remark="")
    assert empty.status_code == 422
    assert "直してほしいことを入力してください。" in empty.text
    assert post(client, one, f"{one}return/", remark="規約を添付").status_code == 303
    assert client.get(f"{one}proposal.pdf").data.startswith(b"%PDF")
    assert post(client, one, f"{one}link/").status_code == 303
    with site.app_context():
        kind, email, text = messages()[-1]
    assert (kind, email) == ("proposal.link", row.applicant.email)
    assert f"/proposal/{token}/" in text
    assert token not in client.get(one).text
    stranger = signed_in(site, email="park@city.example.jp", section="公園課")
    assert stranger.get(one).status_code == 404
    assert stranger.get(f"{one}proposal.pdf").status_code == 404
