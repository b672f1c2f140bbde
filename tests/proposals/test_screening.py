"""Reviewers give points that nobody else sees before a round is closed; conflicts are left out; then it is decided."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.infra.db import db
from app.kernel.errors import NotFound
from app.proposals import applying, checking, deciding, queries, reviewing, reviews, scoring, screening
from app.proposals.errors import (
    CriteriaFixed,
    InConflict,
    NoConditions,
    NotScreenable,
    ReviewerKnown,
    SheetsMissing,
    WrongAmount,
    WrongState,
)
from app.proposals.screening_types import (
    CriterionRow,
    DecisionDraft,
    Outcome,
    ReviewerDraft,
    RoundKind,
    SheetRow,
)
from tests.factories import NOW, ORGANIZER
from tests.proposals.groups import a_proposal
from tests.proposals.panel import a_round, give, the_criteria, the_reviewers
from tests.proposals.programmes import YEAR, a_programme
from tests.staff import post, signed_in

POINTS = st.integers(0, 5)


@given(
    st.lists(st.integers(1, 10), min_size=1, max_size=3),
    st.dictionaries(st.tuples(st.integers(1, 4), st.integers(1, 3)), st.lists(POINTS, max_size=3), max_size=12),
    st.sets(st.tuples(st.integers(1, 4), st.integers(1, 3))),
)
def test_averages_and_places_are_those_of_exact_fractions(weights, given_points, out):
    criteria = [CriterionRow(n, f"項目{n}", "", weight) for n, weight in enumerate(weights)]
    sheets = [
        SheetRow(who, what, dict(enumerate(points[: len(weights)])), "", False, NOW)
        for (who, what), points in given_points.items()
    ]
    exact: dict[int, Fraction] = {}
    for proposal in (1, 2, 3):
        whole = [
            sum(points[n] * weight for n, weight in enumerate(weights))
            for (who, what), points in given_points.items()
            if what == proposal and (who, what) not in out and len(points) >= len(weights)
        ]
        if whole:
            exact[proposal] = Fraction(sum(whole), len(whole))
    found = {one.proposal_id: one for one in scoring.results([1, 2, 3], criteria, sheets, out)}
    for proposal, score in found.items():
        if proposal not in exact:
            assert (score.average, score.place, score.sheets) == (None, None, 0)
            continue
        assert score.place == 1 + sum(1 for other in exact.values() if other > exact[proposal])
        assert abs(Fraction(score.average, 100) - exact[proposal]) <= Fraction(1, 200)
        assert score.lowest <= exact[proposal] <= score.highest


def test_five_reviewers_of_whom_one_is_in_conflict(any_app):
    programme = a_programme()
    first, second = (a_proposal(programme)[0].id for _ in range(2))
    criteria, reviewers = the_criteria(programme), the_reviewers(programme)
    papers = a_round(programme, [first, second])
    torn = reviewers[0][0]
    give(reviewers[0][1], papers, first, criteria, 5, 5)
    reviewing.keep_out(reviewers[0][1], papers, first, "会員です。", now=NOW)
    with pytest.raises(InConflict):
        give(reviewers[0][1], papers, first, criteria, 5, 5)
    for n, (_who, token) in enumerate(reviewers[1:]):
        give(token, papers, first, criteria, n, 1)
    for _who, token in reviewers:
        give(token, papers, second, criteria, 3, 3)
    (current,) = reviews.rounds(programme.id)
    assert reviews.scores(current) == []
    assert reviews.complete(current)[torn] == 1
    screening.close_round(papers, anyway=False, by=ORGANIZER, now=NOW)

    def result():
        return [
            (one.proposal_id, one.average_text, one.lowest, one.highest, one.sheets, one.place)
            for one in reviews.scores(reviews.rounds(programme.id)[0])
        ]

    frozen = [(second, "9.00", 9, 9, 5, 1), (first, "3.50", 2, 5, 4, 2)]
    assert result() == frozen
    with pytest.raises(WrongState):
        give(reviewers[1][1], papers, first, criteria, 5, 5)
    # What becomes known afterwards changes nothing of what was closed.
    screening.declare(reviewers[1][0], second, "取引先です。", by=ORGANIZER, now=NOW)
    screening.revoke(reviewers[2][0], by=ORGANIZER, now=NOW)
    screening.close_round(papers, anyway=True, by=ORGANIZER, now=NOW)
    assert result() == frozen
    counted = {(one.reviewer_id, one.proposal_id) for one in reviews.sheets(papers) if one.counted}
    assert (torn, first) not in counted
    assert len(counted) == 9


def test_a_round_is_not_closed_unseen_while_sheets_are_missing(any_app):
    programme = a_programme()
    one, other = (a_proposal(programme)[0].id for _ in range(2))
    withdrawn, token_of_group = a_proposal(programme)
    criteria, reviewers = the_criteria(programme), the_reviewers(programme, 2)
    papers = a_round(programme, [one, other, withdrawn.id])
    applying.withdraw(token_of_group, now=NOW)
    give(reviewers[0][1], papers, one, criteria, 3)
    with pytest.raises(SheetsMissing):
        screening.close_round(papers, anyway=False, by=ORGANIZER, now=NOW)
    with pytest.raises(NotScreenable):
        screening.close_round(papers, anyway=True, by=ORGANIZER, now=NOW)
    for proposal in (one, other):
        give(reviewers[0][1], papers, proposal, criteria, 3, 3)
    screening.close_round(papers, anyway=True, by=ORGANIZER, now=NOW)
    assert [score.sheets for score in reviews.scores(reviews.rounds(programme.id)[0])] == [1, 1, 0]


def test_rounds_follow_one_another_and_what_is_screened_stays_as_it_is(any_app):
    programme = a_programme()
    row, _token = a_proposal(programme)
    with pytest.raises(NotScreenable):
        a_round(programme, [row.id])
    criteria, (reviewer,) = the_criteria(programme), the_reviewers(programme, 1)
    with pytest.raises(NotScreenable):
        a_round(programme, [row.id], RoundKind.PRESENTATION)
    with pytest.raises(ReviewerKnown):
        screening.invite(programme.id, ReviewerDraft("別の人", "", "REVIEWER0@example.jp"), by=ORGANIZER, now=NOW)
    papers = a_round(programme, [row.id])
    with pytest.raises(NotScreenable):
        a_round(programme, [row.id])
    with pytest.raises(CriteriaFixed):
        screening.add_criterion(programme.id, "独創性", "", 1, by=ORGANIZER, now=NOW)
    with pytest.raises(WrongState):
        checking.return_(row.id, "もう一度", by=ORGANIZER, now=NOW)
    give(reviewer[1], papers, row.id, criteria, 1, 1)
    with pytest.raises(NotFound):
        give(reviewer[1], papers, row.id, criteria, 6)
    screening.close_round(papers, anyway=False, by=ORGANIZER, now=NOW)
    second = a_round(programme, [row.id], RoundKind.PRESENTATION)
    give(reviewer[1], second, row.id, criteria, 5, 5)
    screening.close_round(second, anyway=False, by=ORGANIZER, now=NOW)
    assert [reviews.scores(one)[0].average_text for one in reviews.rounds(programme.id)] == ["3.00", "15.00"]


def screened(programme) -> list[int]:
    """Three proposals whose papers were judged."""
    rows = [a_proposal(programme)[0].id for _ in range(2)]
    rows.append(a_proposal(programme, email="", phone="+81861234567")[0].id)
    criteria, (reviewer,) = the_criteria(programme), the_reviewers(programme, 1)
    papers = a_round(programme, rows)
    for row in rows:
        give(reviewer[1], papers, row, criteria, 3, 3, comment="よく考えられています。")
    screening.close_round(papers, anyway=False, by=ORGANIZER, now=NOW)
    return rows


def test_what_is_decided_is_told_once_and_then_public(any_app):
    programme = a_programme()
    early, _token = a_proposal(programme)
    with pytest.raises(NotScreenable):
        deciding.decide(early.id, DecisionDraft(Outcome.DECLINED, 0, "", "い"), by=ORGANIZER, now=NOW)
    one, two, three = screened(programme)
    for refusal, draft in (
        (WrongAmount, DecisionDraft(Outcome.ADOPTED, 90_001, "", "い")),
        (WrongAmount, DecisionDraft(Outcome.DECLINED, 1, "", "い")),
        (NoConditions, DecisionDraft(Outcome.CONDITIONAL, 1, "", "い")),
    ):
        with pytest.raises(refusal):
            deciding.decide(one, draft, by=ORGANIZER, now=NOW)
    for proposal, outcome, amount, conditions in (
        (one, Outcome.ADOPTED, 90_000, ""),
        (two, Outcome.DECLINED, 0, ""),
        (three, Outcome.CONDITIONAL, 80_000, "保険に入ること。"),
    ):
        draft = DecisionDraft(outcome, amount, conditions, "必要性が高いため。")
        deciding.decide(proposal, draft, by=ORGANIZER, now=NOW)
    assert reviews.adopted(programme.id) == []
    assert queries.figures(YEAR)[2].adopted is None
    assert deciding.tell(programme.id, by=ORGANIZER, now=NOW) == 3
    with pytest.raises(WrongState):
        deciding.tell(programme.id, by=ORGANIZER, now=NOW)
    with pytest.raises(WrongState):
        deciding.decide(one, DecisionDraft(Outcome.DECLINED, 0, "", "い"), by=ORGANIZER, now=NOW)
    assert [found.amount for found in reviews.adopted(programme.id)] == [90_000, 80_000]
    assert [(found.applications, found.adopted) for found in queries.figures(YEAR)][2] == (4, 2)
    # The group without an address gets a letter, no mail.
    told = db.session.query(OutboundMessage).filter_by(kind="proposal.decided").order_by(OutboundMessage.id)
    texts = [rendering.render(message.kind, message.payload).text for message in told]
    assert all("提案書のページを開く\nhttp" in text for text in texts)
    assert ["結果　　　採択" in texts[0], "結果　　　不採択" in texts[1], len(texts)] == [True, True, 2]


def test_a_reviewer_sees_the_own_points_and_nobody_sees_another_s_before_the_round_is_closed(site):
    organizer = signed_in(site)
    with site.app_context():
        programme = a_programme()
        row, _token = a_proposal(programme)
        criteria, ((_, mine), (_, theirs)) = the_criteria(programme), the_reviewers(programme, 2)
        papers = a_round(programme, [row.id])
        give(theirs, papers, row.id, criteria, 5, 4, comment="ほかの委員のことば")
    browser, page = site.test_client(), f"/review/{mine}/{row.id}/"
    fields = {f"points-{criteria[0]}": "2", f"points-{criteria[1]}": "1", "comment": "わたしのことば"}
    assert browser.post(page, data=fields).status_code == 303
    here, console = f"/review/{mine}/", f"/console/proposals/{programme.id}"
    opened = [browser.get(here).text, browser.get(page).text]
    desk = [organizer.get(f"{console}/{tab}/").text for tab in ("screening", "results", "screening/reviewers")]
    desk.append(organizer.get(f"/console/proposals/received/{row.id}/decision/").text)
    assert "あなたの採点　4点（15点満点）" in opened[0]
    assert "わたしのことば" in opened[1]
    for text in (*opened, *desk):
        assert "ほかの委員のことば" not in text
        assert "13点" not in text
        assert "平均　" not in text
    assert all("わたしのことば" not in text for text in desk)
    close = f"{console}/screening/"
    assert post(organizer, close, f"{close}{papers}/close/").status_code == 303
    assert "8.50" in organizer.get(close).text
    assert "平均　8.50点　1位" in browser.get(here).text
    assert "ほかの委員のことば" not in browser.get(page).text
    assert browser.post(page, data=fields).status_code == 422


def test_a_reviewer_s_link_opens_that_programme_alone_until_it_is_revoked(site):
    with site.app_context():
        programme, other = a_programme(), a_programme(year=YEAR + 1)
        row, group_s = a_proposal(programme, email="himitsu@example.jp")
        foreign, _token = a_proposal(other)
        unread, _token = a_proposal(programme)
        for one in (programme, other):
            the_criteria(one)
        ((who, token),) = the_reviewers(programme, 1)
        the_reviewers(other, 1)
        before = site.test_client().get(f"/review/{token}/{row.id}/").status_code
        a_round(programme, [row.id])
        a_round(other, [foreign.id])
    browser = site.test_client()
    assert before == 404
    page = browser.get(f"/review/{token}/{row.id}/")
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "himitsu@example.jp" not in page.text
    for missing in (foreign.id, unread.id):
        assert browser.get(f"/review/{token}/{missing}/").status_code == 404
        assert browser.get(f"/review/{token}/{missing}/proposal.pdf").status_code == 404
        assert browser.post(f"/review/{token}/{missing}/", data={}).status_code == 404
    assert browser.get(f"/proposal/{token}/").status_code == 404
    assert browser.get(f"/review/{group_s}/").status_code == 404
    conflict = f"/review/{token}/{row.id}/conflict/"
    assert browser.post(conflict, data={"reason": ""}).status_code == 422
    assert browser.post(conflict, data={"reason": "理事です。"}).status_code == 303
    assert browser.get(f"/review/{token}/{row.id}/").status_code == 404
    assert browser.get(f"/review/{token}/{row.id}/proposal.pdf").status_code == 404
    with site.app_context():
        screening.revoke(who, by=ORGANIZER, now=NOW)
    assert browser.get(f"/review/{token}/").status_code == 404


def test_the_organizer_screens_decides_prints_and_tells_through_the_pages(site):
    organizer = signed_in(site)
    with site.app_context():
        programme = a_programme()
        row, group_s = a_proposal(programme, address="倉敷市西中新田640", postcode="7108565")
    console = f"/console/proposals/{programme.id}/"
    criteria = f"{console}screening/criteria/"
    assert post(organizer, criteria, label="必要性", note="", weight="2").status_code == 303
    reviewers = f"{console}screening/reviewers/"
    assert post(organizer, reviewers, name="委員", affiliation="", email="x").status_code == 422
    invited = post(organizer, reviewers, name="委員", affiliation="大学", email="iin@example.jp")
    assert invited.status_code == 303
    with site.app_context():
        (who,) = reviews.reviewers(programme.id)
        token = reviews.with_link(who.public_id)[1]
        (asked,) = reviews.criteria(programme.id)
    assert token not in organizer.get(reviewers).text
    rounds = f"{console}screening/"
    assert post(organizer, rounds, f"{rounds}papers/open/", proposals=str(row.id)).status_code == 303
    missing = post(organizer, rounds, f"{rounds}1/close/")
    assert missing.status_code == 422
    assert "そろっていない採点があります" in missing.text
    site.test_client().post(f"/review/{token}/{row.id}/", data={f"points-{asked.id}": "4"})
    assert post(organizer, rounds, f"{rounds}1/close/").status_code == 303
    decision = f"/console/proposals/received/{row.id}/decision/"
    said = {"outcome": "conditional", "amount": "80,000円", "conditions": "<b>保険", "reasons": "必要なため。"}
    assert post(organizer, decision, **{**said, "amount": "99999"}).status_code == 422
    assert post(organizer, decision, **said).status_code == 303
    results = f"{console}results/"
    assert organizer.get(f"{results}letters.pdf").data.startswith(b"%PDF")
    public = site.test_client()
    assert "採択した事業" not in public.get(f"/proposals/{YEAR}/").text
    assert "保険" not in public.get(f"/proposal/{group_s}/").text
    assert post(organizer, results, f"{results}tell/").status_code == 303
    assert "80,000円" in public.get(f"/proposals/{YEAR}/").text
    assert "&lt;b&gt;保険" in public.get(f"/proposal/{group_s}/").text
    assert "&lt;b&gt;保険" not in public.get(f"/proposals/{YEAR}/").text
