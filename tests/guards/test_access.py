"""Roles × routes: who reaches which address, and that what is forbidden looks like what does not exist."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.accounts.permissions import PERMISSIONS, Role
from app.infra.db import db
from app.registrations import queries as registrations
from app.registrations.types import Filters
from app.web.parts.access import SIGNED_IN
from tests.conftest import config_for
from tests.factories import NOW, a_sitting, an_event, apply_for
from tests.staff import at, signed_in

TABLE = Path(__file__).parent / "routes.txt"
OTHER_SECTION = "防災危機管理室"


def routes(app: Flask) -> dict[str, str]:
    """`METHODS rule` → who may enter, in the words of routes.txt."""
    found = {}
    for rule in app.url_map.iter_rules():
        allowed = getattr(app.view_functions[rule.endpoint], "allowed", None)
        methods = ",".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
        found[f"{methods} {rule.rule}"] = getattr(allowed, "value", "nobody")
    return found


def written() -> dict[str, str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.rsplit("\t", 1) for line in lines if line and not line.startswith("#"))


def test_every_route_stands_in_the_table_with_who_may_enter(app):
    assert routes(app) == written(), "say in tests/guards/routes.txt who may enter, and in CHANGELOG what vanished"


def test_addresses_are_kebab_case_with_typed_numbers(app):
    odd = [r.rule for r in app.url_map.iter_rules() if re.search(r"[A-Z_]", re.sub(r"<[^>]*>", "", r.rule))]
    untyped = [r.rule for r in app.url_map.iter_rules() if re.search(r"<\w*_id>", r.rule)]
    assert (odd, untyped) == ([], [])


@pytest.fixture
def house(app):
    """An event of our section and one of another, each with a sitting and a registration."""
    made = {}
    for name, section in (("own", "市民活動推進課"), ("other", OTHER_SECTION)):
        event = an_event(section=section)
        sitting = a_sitting(event)
        apply_for(sitting)
        registration = registrations.console_list(Filters(event_id=event.id)).rows[0]
        made[name] = {"event_id": event.id, "sitting_id": sitting.id, "registration_id": registration.id}
    made["unknown"] = {"event_id": 99999, "sitting_id": 99999, "registration_id": 99999}
    db.session.remove()
    return made


def pages(app, ids):
    """(address, who may enter) of every console page that these ids can fill."""
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or not rule.rule.startswith("/console/") or not rule.arguments <= set(ids):
            continue
        address = rule.rule
        for name, value in ids.items():
            address = address.replace(f"<int:{name}>", str(value))
        yield address, app.view_functions[rule.endpoint].allowed


@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_what_the_table_gives_it_and_nothing_else(app, house, role):
    with at(NOW):
        client = signed_in(app, role)
        wrong = {}
        for address, allowed in pages(app, house["own"]):
            status = client.get(address).status_code
            may = allowed is SIGNED_IN or allowed in PERMISSIONS[role]
            # A helper is bound to no event here, so that even what helpers may do answers as if it were not there.
            good = status < 400 or status in {404, 409, 422} if may else status in {403, 404}
            if not good:
                wrong[address] = (status, str(allowed))
    assert wrong == {}


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.MANAGER, Role.HELPER])
def test_another_section_looks_like_nothing_at_all(app, house, role):
    with at(NOW):
        client = signed_in(app, role)
        for (other, allowed), (unknown, _) in zip(
            pages(app, house["other"]), pages(app, house["unknown"]), strict=True
        ):
            if allowed in PERMISSIONS[role] and other != unknown:
                there, nowhere = client.get(other), client.get(unknown)
                assert there.status_code == nowhere.status_code == 404, other
                assert without_numbers(there.text) == without_numbers(nowhere.text), other


def without_numbers(page: str) -> str:
    """The page without what differs from one answer to the next: incident, nonce, token."""
    return re.sub(r'(nonce|value)="[^"]*"|<code[^>]*>[^<]*</code>', "", page)


def test_reading_never_writes(demonstration, tmp_path):
    shutil.copy(demonstration, tmp_path / "tsudoi.db")
    app = create_app(config_for(tmp_path))
    client = signed_in(app, Role.ORGANIZER)
    with app.app_context():
        before = fingerprint()
        event = registrations.console_list(Filters(event_id=6)).rows[0]
        ids = {"event_id": event.event_id, "sitting_id": event.sitting_id, "registration_id": event.id}
        token = registrations.with_link(event.id)[1]
        public = ["/", "/events/", f"/events/{event.event_slug}/", f"/r/{token}/", f"/r/{token}/cancel/"]
    for address in [*public, *(a for a, _allowed in pages(app, ids) if not re.search(r"roster\.|roster-", a))]:
        client.get(address)
        client.head(address)
    with app.app_context():
        assert fingerprint() == before
        db.engine.dispose()


def fingerprint() -> dict[str, list]:
    """Everything that matters in the database; who looked and when somebody was last seen may change."""
    left_out = {"audit_entry", "staff_session"}
    tables = [t for t in db.metadata.sorted_tables if t.name not in left_out]
    return {t.name: [tuple(row) for row in db.session.execute(t.select())] for t in tables}


def test_the_guard_finds_a_view_that_is_not_in_the_table(tmp_path):
    app = create_app(config_for(tmp_path))
    app.add_url_rule("/console/planted/", "planted", lambda: "")
    assert routes(app) != written()
