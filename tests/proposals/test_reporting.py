"""What becomes of a project that was adopted: two reports of the group, and both sides looking back."""

from __future__ import annotations

import re

import pytest

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.infra.db import db
from app.kernel.errors import NotFound
from app.proposals import deciding, reporting, reports, screening
from app.proposals.errors import ChangedMeanwhile, Incomplete, NoRemark, NotWritable, WrongState
from app.proposals.report_types import ReportKind, ReportState, Side
from app.proposals.screening_types import DecisionDraft, Outcome, RoundKind
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER
from tests.proposals.groups import a_proposal
from tests.proposals.panel import a_round, give, the_criteria, the_reviewers
from tests.proposals.programmes import YEAR, a_programme
from tests.staff import post, signed_in

INTERIM, FINAL = ReportKind.INTERIM, ReportKind.FINAL
DONE = {"progress": {"done": "3回開きました。", "rest": "あと2回開きます。"}}
BACK = {"together": {"aims": "well", "roles": "mostly", "talk": "well", "good": "顔の見える関係ができた。"}}


def settled(grant: int, cost: int) -> dict:
    own = {"row": "b", "source": "own", "amount": str(cost - grant)}
    return {
        "result": {"done": "あ", "people": "120", "effect": "い"},
        "income": [{"row": "a", "source": "grant", "amount": str(grant)}, own],
        "expenses": [{"row": "c", "item": "消耗品費", "amount": str(cost), "eligible": True}],
    }


def adopted(outcome: Outcome = Outcome.ADOPTED, amount: int = 80_000) -> tuple[int, str]:
    """A project that is carried out; its number and the token of its group."""
    programme = a_programme()
    row, token = a_proposal(programme)
    criteria, (reviewer,) = the_criteria(programme), the_reviewers(programme, 1)
    papers = a_round(programme, [row.id])
    give(reviewer[1], papers, row.id, criteria, 3, 3)
    screening.close_round(papers, anyway=False, by=ORGANIZER, now=NOW)
    deciding.decide(row.id, DecisionDraft(outcome, amount, "", "い"), by=ORGANIZER, now=NOW)
    deciding.tell(programme.id, by=ORGANIZER, now=NOW)
    return row.id, token


def test_only_what_was_adopted_and_told_is_reported_on(any_app):
    _row, declined = adopted(Outcome.DECLINED, 0)
    for token in (declined, "unknown"):
        with pytest.raises(NotFound):
            reporting.save(token, INTERIM, DONE, version=0, now=NOW)
        with pytest.raises(NotFound):
            reporting.reflect(token, BACK, now=NOW)


def test_a_report_goes_to_the_city_and_back(any_app):
    proposal, token = adopted()
    with pytest.raises(Incomplete):
        reporting.submit(token, INTERIM, version=0, now=NOW)
    reporting.save(token, INTERIM, DONE, version=0, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        reporting.save(token, INTERIM, DONE, version=0, now=NOW)
    reporting.submit(token, INTERIM, version=1, now=NOW)
    with pytest.raises(NotWritable):
        reporting.save(token, INTERIM, DONE, version=2, now=NOW)
    with pytest.raises(NoRemark):
        reporting.return_(proposal, INTERIM, "", by=ORGANIZER, now=NOW)
    reporting.return_(proposal, INTERIM, "参加者の数を書いてください。", by=ORGANIZER, now=NOW)
    last = db.session.query(OutboundMessage).order_by(OutboundMessage.id.desc()).first()
    assert "参加者の数を書いてください。" in rendering.render(last.kind, last.payload).text
    with pytest.raises(WrongState):
        reporting.accept(proposal, INTERIM, by=ORGANIZER, now=NOW)
    reporting.submit(token, INTERIM, version=2, now=NOW)
    assert not rendering.is_wanted(last.kind, last.payload)
    reporting.accept(proposal, INTERIM, by=ORGANIZER, now=NOW)
    assert reports.one(proposal, INTERIM).state is ReportState.ACCEPTED
    assert reports.one(proposal, FINAL).state is ReportState.DRAFT


@pytest.mark.parametrize(
    ("grant", "cost", "place"), [(80_001, 100_000, "a"), (46_000, 51_000, "a"), (80_000, 90_000, None)]
)
def test_a_settlement_stays_within_what_was_decided_and_the_share(app, grant, cost, place):
    _row, token = adopted()
    saved = reporting.save(token, FINAL, settled(grant, cost), version=0, now=NOW)
    assert [one.row for one in saved.problems] == ([place] if place else [])


def test_both_sides_look_back_and_see_one_another_once_they_have(site):
    organizer = signed_in(site)
    with site.app_context():
        proposal, token = adopted()
        reporting.reflect_for_city(
            proposal, {"together": {**BACK["together"], "good": "市のことば"}}, by=ORGANIZER, now=NOW
        )
    browser, page = site.test_client(), f"/proposal/{token}/reflection/"
    assert "市のことば" not in browser.get(page).text
    sent = {f"q-together-{key}": value for key, value in BACK["together"].items()}
    wrong = browser.post(page, data={**sent, "q-together-aims": ""})
    assert wrong.status_code == 422
    assert "「目的を共有できたか」を選んでください。" in wrong.text
    assert "顔の見える関係ができた。" in wrong.text
    assert browser.post(page, data=sent).status_code == 303
    assert "市のことば" in browser.get(page).text
    desk = f"/console/proposals/received/{proposal}/reflection/"
    assert "顔の見える関係ができた。" in organizer.get(desk).text
    assert post(organizer, desk, **{**sent, "q-together-good": "<b>直した"}).status_code == 303
    assert "&lt;b&gt;直した" in browser.get(page).text
    with site.app_context():
        assert set(reports.reflections(proposal)) == {Side.GROUP, Side.CITY}


def test_who_gives_up_what_was_adopted_is_told_what_that_means(site):
    with site.app_context():
        _proposal_id, token = adopted()
        _other, waiting = a_proposal(a_programme(year=YEAR + 1))
    pages = [site.test_client().get(f"/proposal/{one}/withdraw/").text for one in (token, waiting)]
    assert ["採択した事業の一覧からなくなり" in page for page in pages] == [True, False]
    assert ["審査を受けられません" in page for page in pages] == [False, True]


def test_the_group_reports_by_its_link_and_the_organizer_accepts(site):
    organizer = signed_in(site)
    with site.app_context():
        proposal, token = adopted()
    browser, page = site.test_client(), f"/proposal/{token}/reports/interim/"
    assert page in browser.get(f"/proposal/{token}/").text
    version = re.search(r'name="version" value="(\d+)"', browser.get(page).text)[1]
    sent = {"version": version, "q-progress-done": "3回開きました。", "do": "submit"}
    wrong = browser.post(page, data=sent)
    assert wrong.status_code == 422
    assert "3回開きました。" in wrong.text
    sent |= {"q-progress-rest": "あと2回", "version": re.search(r'name="version" value="(\d+)"', wrong.text)[1]}
    assert browser.post(page, data=sent).status_code == 303
    one = f"/console/proposals/received/{proposal}/reports/interim/"
    assert "3回開きました。" in organizer.get(one).text
    assert post(organizer, one, f"{one}accept/").status_code == 303
    assert "受理" in browser.get(page).text
    stranger = signed_in(site, email="park@city.example.jp", section="公園課")
    for missing in (one, f"/console/proposals/received/{proposal}/reflection/"):
        assert stranger.get(missing).status_code == 404
    assert browser.get("/proposal/unknown/reports/final/").status_code == 404


def a_finished_programme(year: int, projects: int) -> tuple[int, str]:
    """All its projects adopted after both rounds; its number and the token of its reviewer."""
    programme = a_programme(year=year)
    rows = [a_proposal(programme) for _ in range(projects)]
    criteria, (reviewer,) = the_criteria(programme), the_reviewers(programme, 1)
    for kind in RoundKind:
        current = a_round(programme, [row.id for row, _token in rows], kind)
        for row, _token in rows:
            give(reviewer[1], current, row.id, criteria, 3, 3)
        screening.close_round(current, anyway=False, by=ORGANIZER, now=NOW)
    for row, _token in rows:
        deciding.decide(row.id, DecisionDraft(Outcome.ADOPTED, 80_000, "", "い"), by=ORGANIZER, now=NOW)
    deciding.tell(programme.id, by=ORGANIZER, now=NOW)
    for _row, token in rows:
        reporting.reflect(token, BACK, now=NOW)
        reporting.save(token, INTERIM, DONE, version=0, now=NOW)
    return programme.id, reviewer[1]


def test_lists_ask_the_database_as_often_for_many_as_for_one(site):
    organizer, anybody = signed_in(site), site.test_client()
    with site.app_context():
        finished = [(YEAR, *a_finished_programme(YEAR, 1)), (YEAR + 1, *a_finished_programme(YEAR + 1, 4))]
    counted = []
    for year, programme, reviewer in finished:
        tabs = ("received", "screening", "screening/reviewers", "results", "reports")
        counted.append([statements(site, organizer, f"/console/proposals/{programme}/{tab}/") for tab in tabs])
        counted[-1] += [statements(site, anybody, page) for page in (f"/review/{reviewer}/", f"/proposals/{year}/")]
    assert counted[0] == counted[1]
