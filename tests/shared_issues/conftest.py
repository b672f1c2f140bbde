from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.infra import clock
from app.infra.db import db
from app.shared_issues import answering, desk, queries, services
from app.shared_issues.types import AnswerDraft, AnswerKind, District, IssueDraft, Stage, Subject
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW, ORGANIZER


def a_draft(**changes: Any) -> IssueDraft:
    """A card that is complete."""
    values = {
        "title": "ごみ出しに困る高齢者",
        "subject": Subject.ENVIRONMENT,
        "district": District.KOJIMA,
        "background": "坂が急で、集積所まで運べない。",
        "affected": "一人暮らしの高齢者",
        **changes,
    }
    return IssueDraft(**values)


def a_card(unit_id: int, stage: Stage = Stage.PUBLISHED, *, now=NOW, **changes: Any) -> int:
    """A section's card, brought to that stage by the verbs; its id."""
    issue_id = services.begin(unit_id, a_draft(**changes), by=ORGANIZER, now=now)
    if stage is not Stage.DRAFT:
        services.propose(issue_id, by=ORGANIZER, now=now)
    if stage is Stage.PUBLISHED:
        desk.publish(issue_id, by=ORGANIZER, now=now)
    if stage is Stage.RETURNED:
        desk.return_(issue_id, "くわしく書いてください。", by=ORGANIZER, now=now)
    return issue_id


def answer(issue_id: int, key: str = "key", *, now=NOW, **changes: Any) -> int:
    """What a resident sent; its id."""
    values = {
        "kind": AnswerKind.JOIN,
        "name": "倉敷　花子",
        "email": "hanako@example.jp",
        "phone": "+81864263107",
        "text": "手伝えます。",
        **changes,
    }
    answering.answer(issue_id, AnswerDraft(submission_id=key, **values), now=now)
    return queries.answers(issue_id=issue_id).rows[0].id


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """The application as it stands behind a server, at NOW, rate limits on."""
    app = create_app(config_for(tmp_path, ratelimit=True))
    with app.app_context():
        make_tables()
    with clock.fixed(NOW):
        yield app
    with app.app_context():
        db.engine.dispose()
