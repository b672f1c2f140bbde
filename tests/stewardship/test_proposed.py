"""`flask doctor` finds every promise about proposals that is broken, and nothing in what the verbs have done."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.infra.db import db
from app.proposals import applying, deciding, queries, reviewing, screening
from app.proposals.models import ReviewSheet
from app.proposals.screening_types import DecisionDraft, Outcome, RoundKind
from app.proposals.types import ProposalState
from app.stewardship import doctor
from app.stewardship.proposed import PROPOSED, overpaid, unfinished
from tests.factories import NOW, ORGANIZER
from tests.proposals.groups import a_proposal
from tests.proposals.panel import a_round, give, the_criteria, the_reviewers
from tests.proposals.programmes import a_programme

LATER = NOW + timedelta(hours=1)
LONG_AGO = ", ".join(f"{day} = '2020-04-01'" for day in queries.DAYS)
# What is broken, how, and who is named: a proposal of the story, or a sheet by its place.
PLANTED = (
    ("proposal_course", "UPDATE proposal SET course_id = {foreign} WHERE id = {drafted}", ("drafted",)),
    ("review_sheet", "UPDATE review_sheet SET proposal_id = {drafted} WHERE id = {sheet6}", ("sheet6",)),
    ("review_counted", "UPDATE review_sheet SET counted = true WHERE id = {sheet1}", ("sheet1",)),
    (
        "review_counted",
        "UPDATE reviewer SET revoked_at = '2026-01-01 00:00:00.000000' WHERE id = {last}",
        ("sheet4", "sheet7"),
    ),
    ("review_counted", "UPDATE review_sheet SET counted = true WHERE round_id = {second}", ("sheet10",)),
    (
        "review_result",
        "UPDATE review_entry SET average = 301 WHERE proposal_id = {adopted} AND round_id = {papers}",
        ("adopted",),
    ),
    (
        "review_result",
        "UPDATE review_entry SET place = 2 WHERE proposal_id = {adopted} AND round_id = {papers}",
        ("adopted",),
    ),
    ("review_result", "UPDATE review_sheet SET counted = false WHERE id = {sheet4}", ("adopted",)),
    ("review_result", "UPDATE review_score SET points = 5 WHERE sheet_id = {sheet4}", ("adopted",)),
    ("review_result", "UPDATE review_entry SET sheets = 1 WHERE proposal_id = {third}", ("third",)),
    ("decision_screened", "UPDATE review_round SET closed_at = NULL WHERE id = {papers}", ("adopted", "declined")),
    ("decision_screened", "DELETE FROM review_entry WHERE proposal_id = {declined}", ("declined",)),
    ("decision_told", "DELETE FROM outbound_message WHERE kind = 'proposal.decided'", ("adopted",)),
    ("decision_told", "UPDATE proposal_decision SET told_at = NULL WHERE proposal_id = {adopted}", ("adopted",)),
    ("decision_told", "UPDATE proposal SET email = 'a@example.jp' WHERE id = {declined}", ("declined",)),
    ("proposal_contacts", f"UPDATE proposal_programme SET {LONG_AGO} WHERE id = {{programme}}", ("programme",)),
    ("proposal_form", "UPDATE proposal SET answers = '{{}}' WHERE id = {third}", ("third",)),
    ("proposal_amount", "UPDATE proposal_decision SET amount = 90001 WHERE proposal_id = {adopted}", ("adopted",)),
)


def found():
    """What is broken, of these promises alone."""
    ids = {promise.name: tuple(sorted(db.session.scalars(promise.broken(LATER)))) for promise in PROPOSED}
    return {**ids, "proposal_form": unfinished(), "proposal_amount": overpaid()}


def test_what_is_broken_is_named(any_app):
    story = a_story()
    assert doctor.examine(now=LATER) == []
    for name, statement, named in PLANTED:
        db.session.execute(sa.text(statement.format(**story)))
        assert found()[name] == tuple(story[one] for one in named), statement
        db.session.rollback()


def test_every_promise_about_proposals_is_broken_in_some_statement():
    beside = {"proposal_form", "proposal_amount"}
    assert {promise.name for promise in PROPOSED} | beside == {name for name, _statement, _named in PLANTED}


def a_story() -> dict[str, int]:
    """Two proposals decided and told, one of them by letter; a third in the second round; one withdrawn; one begun.

    Sheets of the first round: 1 is that of a reviewer in conflict, 2 to 4 count for the adopted one, 5 to 7 for the
    declined one, 8 is of the one withdrawn, 9 of the third. Sheet 10 is of the second round.
    """
    programme, foreign = a_programme(), a_programme(year=2028)
    ids, gone = {}, ""
    for name, phone in (("adopted", ""), ("declined", "+81864263111"), ("third", ""), ("withdrawn", "")):
        row, gone = a_proposal(programme, email="" if phone else f"{name}@example.jp", phone=phone)
        ids[name] = row.id
    criteria, panel = the_criteria(programme), the_reviewers(programme, 4)
    papers = a_round(programme, list(ids.values()))
    judge(panel, papers, ids, criteria)
    applying.withdraw(gone, now=NOW)
    screening.close_round(papers, anyway=True, by=ORGANIZER, now=LATER)
    for name, outcome, amount in (("adopted", Outcome.ADOPTED, 90_000), ("declined", Outcome.DECLINED, 0)):
        deciding.decide(ids[name], DecisionDraft(outcome, amount, "", "必要性。"), by=ORGANIZER, now=LATER)
    deciding.tell(programme.id, by=ORGANIZER, now=LATER)
    second = screening.open_round(programme.id, RoundKind.PRESENTATION, [ids["third"]], by=ORGANIZER, now=LATER)
    give(panel[1][1], second, ids["third"], criteria, 1, 1)
    sheets = db.session.scalars(sa.select(ReviewSheet.id).order_by(ReviewSheet.id)).all()
    drafted = a_proposal(programme, ProposalState.DRAFT)[0].id
    more = {
        "programme": programme.id,
        "papers": papers,
        "second": second,
        "last": panel[3][0],
        "foreign": foreign.courses[0].id,
    }
    return {**ids, **more, "drafted": drafted, **{f"sheet{n}": one for n, one in enumerate(sheets, start=1)}}


def judge(panel, papers, ids, criteria):
    give(panel[0][1], papers, ids["adopted"], criteria, 5, 5)
    reviewing.keep_out(panel[0][1], papers, ids["adopted"], "会員です。", now=NOW)
    for name, points in (("adopted", (1, 2)), ("declined", (1, 0))):
        for _who, token in panel[1:]:
            give(token, papers, ids[name], criteria, *points)
    for name in ("withdrawn", "third"):
        give(panel[1][1], papers, ids[name], criteria, 0, 0)
