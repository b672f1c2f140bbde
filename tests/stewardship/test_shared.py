"""What is promised about shared issues and the year's plan: nothing is found where it holds, and each breach is."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.infra.db import db
from app.shared_issues import answering
from app.shared_issues.types import Stage
from app.stewardship.shared import SHARED
from app.year_plan import services
from tests.factories import NOW, ORGANIZER, a_unit
from tests.shared_issues.conftest import a_card, answer

BREACHES = {
    "contribution": "UPDATE shared_issue_contribution SET issue_id = 2",
    "issue_published": "UPDATE shared_issue SET stage = 'published', published_at = created_at WHERE id = 2",
    "plan_year": "UPDATE year_plan_entry SET starts_on = '2026-03-31' WHERE starts_on < '2026-04-02'",
}


def broken() -> set[str]:
    return {promise.name for promise in SHARED if db.session.scalars(promise.broken(NOW)).first() is not None}


@pytest.mark.parametrize("name", list(BREACHES))
def test_a_broken_promise_is_found_and_no_other(any_app, name):
    unit = a_unit()
    answering.show(answer(a_card(unit)), "手伝える方がいます。", by=ORGANIZER, now=NOW)
    a_card(unit, Stage.PROPOSED)
    services.begin(2026, "市民活動推進課", by=ORGANIZER, now=NOW)
    assert broken() == set()
    db.session.execute(sa.text(BREACHES[name]))
    assert broken() == {name}
