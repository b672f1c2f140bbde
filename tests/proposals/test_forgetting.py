"""A year after the final reports nobody knows any more how to reach groups and reviewers; what was decided stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from app.delivery.models import OutboundMessage
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.japanese_dates import local_date
from app.proposals import applying, deciding, forgetting, found, queries, reviews, rules, screening, services
from app.proposals.models import Proposal
from app.proposals.screening_types import DecisionDraft, Outcome
from app.proposals.types import ProposalState
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER
from tests.proposals.groups import a_proposal, an_applicant
from tests.proposals.panel import a_round, give, the_criteria, the_reviewers
from tests.proposals.programmes import YEAR, a_programme, details_of, the_days
from tests.staff import signed_in

ADDRESS = {"email": "himitsu@example.jp", "phone": "+81864263111", "postcode": "7108565", "address": "西中新田640"}


def a_decision():
    """A programme with a group that was adopted and told, and one that is not over; two of the links."""
    programme, other = a_programme(), a_programme(year=YEAR + 1, opens_on=local_date(NOW + timedelta(days=200)))
    row, token = a_proposal(programme, **ADDRESS)
    criteria, panel = the_criteria(programme), the_reviewers(programme, 2)
    kept = the_reviewers(other, 1)[0][0]
    papers = a_round(programme, [row.id])
    for _who, link in panel:
        give(link, papers, row.id, criteria, 3, 3)
    screening.close_round(papers, anyway=False, by=ORGANIZER, now=NOW)
    deciding.decide(row.id, DecisionDraft(Outcome.ADOPTED, 90_000, "", "必要"), by=ORGANIZER, now=NOW)
    deciding.tell(programme.id, by=ORGANIZER, now=NOW)
    return programme, row, token, panel[0], kept


def test_contacts_and_mails_go_and_figures_and_words_stay(any_app):
    programme, row, token, (who, _link), kept = a_decision()
    before = (queries.all_figures(), reviews.adopted(programme.id))
    due = NOW + (programme.dates.final_due_on - local_date(NOW)) + rules.CONTACTS_KEPT
    assert forgetting.sweep(now=due - timedelta(days=1)) == 0
    assert found.by_id(row.id).applicant.email == "himitsu@example.jp"
    assert forgetting.sweep(now=due) == 3
    assert forgetting.sweep(now=due) == 0
    applicant = found.by_token(token).applicant
    assert (applicant.contact_name, applicant.email, applicant.phone, applicant.postcode, applicant.address) == (
        "",
    ) * 5
    assert applicant.group_name == row.applicant.group_name
    assert (queries.all_figures(), reviews.adopted(programme.id)) == before
    assert (reviews.reviewer(who).email, reviews.reviewer(who).name) == ("", "委員0")
    assert reviews.reviewer(kept).email
    # Only the mail to the reviewer of the programme that is not over is left.
    assert [one.to_name for one in db.session.scalars(sa.select(OutboundMessage))] == ["委員0"]
    done = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.like("%.forgotten")))
    assert sorted(done) == ["proposal.forgotten", "reviewer.forgotten", "reviewer.forgotten"]
    assert doctor.examine(now=due + timedelta(days=2)) == []


def test_a_group_that_may_write_again_can_be_reached_again(any_app):
    programme = a_programme()
    _row, token = a_proposal(programme, ProposalState.DRAFT)
    later = NOW + timedelta(days=900)
    assert forgetting.sweep(now=later) == 1
    wanted = replace(details_of(programme), dates=the_days(local_date(later)))
    services.edit(programme.id, wanted, by=ORGANIZER, now=later)
    applying.describe(token, an_applicant(programme, email="wieder@example.jp"), now=later)
    assert db.session.query(Proposal).one().forgotten_at is None
    assert found.by_token(token).applicant.email == "wieder@example.jp"


def test_the_pages_say_beforehand_and_afterwards_what_becomes_of_contacts(site):
    organizer, public = signed_in(site), site.test_client()
    with site.app_context():
        programme, row, token, (_who, link), _kept = a_decision()
    console = f"/console/proposals/{programme.id}"
    assert "から1年で消去します" in public.get(f"/proposals/{YEAR}/apply/").text
    assert "実績報告の期限から1年で" in public.get("/about/privacy/").text
    assert "から1年で消去します" in organizer.get(f"{console}/screening/reviewers/").text
    assert public.get(f"/review/{link}/").status_code == 200
    with site.app_context():
        forgetting.sweep(now=NOW + timedelta(days=900))
    pages = [
        public.get(f"/proposal/{token}/"),
        organizer.get(f"/console/proposals/received/{row.id}/"),
        organizer.get(f"{console}/screening/reviewers/"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "消去しました" in page.text
        assert "himitsu" not in page.text
    for paper in (f"/console/proposals/received/{row.id}/proposal.pdf", f"{console}/results/letters.pdf"):
        assert organizer.get(paper).data.startswith(b"%PDF")
    assert organizer.get(f"{console}/results.csv").status_code == 200
    assert public.get(f"/review/{link}/").status_code == 404
