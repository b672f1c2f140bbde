"""Results and decisions leave as files: scores of closed rounds alone, no formulas, no contacts, and it is noted."""

from __future__ import annotations

import csv
import io

from openpyxl import load_workbook

from app.infra.audit import AuditEntry
from app.infra.db import db
from app.proposals import deciding, screening, tables
from app.proposals.screening_types import DecisionDraft, Outcome, RoundKind
from tests.factories import NOW, ORGANIZER
from tests.proposals.groups import a_proposal
from tests.proposals.panel import a_round, give, the_criteria, the_reviewers
from tests.proposals.programmes import a_programme
from tests.staff import signed_in


def a_screening():
    """The first of two proposals is decided and told; the second round, of the other, is open; both programmes' ids."""
    programme, other = a_programme(), a_programme(year=2028)
    first = a_proposal(programme, group_name="=1+1", email="himitsu@example.jp")[0]
    second = a_proposal(programme, email="", phone="+81864263111")[0]
    criteria, panel = the_criteria(programme), the_reviewers(programme, 2)
    papers = a_round(programme, [first.id, second.id])
    for n, (_who, token) in enumerate(panel):
        give(token, papers, first.id, criteria, 4 + n, 4)
        give(token, papers, second.id, criteria, 1, 1)
    screening.close_round(papers, anyway=False, by=ORGANIZER, now=NOW)
    deciding.decide(first.id, DecisionDraft(Outcome.CONDITIONAL, 80_000, "保険", "必要"), by=ORGANIZER, now=NOW)
    deciding.tell(programme.id, by=ORGANIZER, now=NOW)
    later = a_round(programme, [second.id], RoundKind.PRESENTATION)
    give(panel[0][1], later, second.id, criteria, 5, 5)
    return programme.id, other.id


def test_results_leave_as_files_without_what_is_still_secret(site):
    organizer = signed_in(site)
    with site.app_context():
        programme_id, empty_id = a_screening()
    page = f"/console/proposals/{programme_id}/results"
    assert f"{page}.csv" in organizer.get(f"{page}/").text
    text = organizer.get(f"{page}.csv").data.decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["団体"], first["1次の平均"], first["1次の順位"]) == ("'=1+1", "12.5", "1")
    assert (first["採否"], first["決定した額（円）"], first["求めた額（円）"]) == ("条件付き採択", "80000", "90000")
    assert (first["通知日"], first["通知の方法"], first["条件"]) == ("2026-06-01", "メール", "保険")
    assert (second["1次の平均"], second["2次の平均"], second["2次の採点した委員"], second["採否"]) == (
        "3.0",
        "",
        "",
        "未定",
    )
    assert "himitsu" not in text
    sheet = load_workbook(io.BytesIO(organizer.get(f"{page}.xlsx").data)).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert {12.5, 80_000} <= set(cells)
    nothing = organizer.get(f"/console/proposals/{empty_id}/results.csv").data.decode("utf-8-sig")
    assert nothing.strip() == ",".join(tables.HEADER)
    with site.app_context():
        noted = db.session.query(AuditEntry).filter_by(action="proposal_programme.results_exported")
        assert [one.object_id for one in noted.order_by(AuditEntry.id)] == [str(programme_id)] * 2 + [str(empty_id)]
