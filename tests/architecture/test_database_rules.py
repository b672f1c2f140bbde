"""One place commits, doors ask rooms, and a flush says why."""

from __future__ import annotations

import ast

from tests.architecture import tree
from tests.architecture.tree import Breach

# What only rooms may say. A door that needs one of these needs a query or a verb instead.
DATABASE_METHODS = {"execute", "scalar", "scalars", "scalar_one", "filter_by", "with_for_update", "add_all"}
DATABASE_MODULES = {"sqlalchemy", "flask_sqlalchemy", "app.infra.db"}


def session_calls(source, method):
    """Lines that call `method` of a database session."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method:
            owner = ast.unparse(node.func.value)
            yield from [node.lineno] * owner.endswith("session")


def commits(path, source):
    if path != "app/infra/db.py":
        for line in session_calls(source, "commit"):
            yield Breach(path, line, "a verb commits through @transaction of app.infra.db, nowhere else")


def flushes_without_reason(path, source):
    lines = ["", *source.splitlines()]
    for line in session_calls(source, "flush"):
        if not lines[line - 1].strip().startswith("#") and "#" not in lines[line]:
            yield Breach(path, line, "say in a comment why the row is needed before the commit")


def backrefs(path, source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg == "backref":
            yield Breach(path, node.value.lineno, "backref adds an attribute out of sight: use back_populates")


def database_words(path, source):
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        spoken = isinstance(node, ast.Attribute) and node.attr in DATABASE_METHODS
        if spoken or any(name in DATABASE_MODULES or name.startswith("sqlalchemy.") for name in names):
            yield Breach(path, node.lineno, "a door holds no database words: ask a room's queries or services")


def test_only_transaction_commits():
    assert tree.found(commits, tree.code()) == []


def test_a_commit_elsewhere_is_found():
    assert list(commits("app/events/services.py", "db.session.commit()"))
    assert not list(commits("app/infra/db.py", "db.session.commit()"))


def test_every_flush_says_why():
    assert tree.found(flushes_without_reason, tree.code()) == []


def test_a_flush_without_reason_is_found():
    assert list(flushes_without_reason("app/x.py", "db.session.add(row)\ndb.session.flush()\n"))
    assert not list(flushes_without_reason("app/x.py", "# The audit row needs its id.\ndb.session.flush()\n"))
    assert not list(flushes_without_reason("app/x.py", "x = 1\nfile.flush()\n"))


def test_relations_are_declared_on_both_sides():
    assert tree.found(backrefs, tree.code()) == []


def test_a_backref_is_found():
    assert list(backrefs("app/x.py", "sittings = relationship('Sitting', backref='event')"))


def test_doors_hold_no_database_words():
    assert tree.found(database_words, tree.matching(r"app/(web|cli)/.*\.py")) == []


def test_a_database_word_in_a_door_is_found():
    for source in (
        "import sqlalchemy as sa",
        "from sqlalchemy.orm import Session",
        "from app.infra.db import db",
        "from app.infra import db",
        "rows = session.execute(x)",
        "Event.query.filter_by(slug=slug)",
    ):
        assert list(database_words("app/web/public/x.py", source)), source
