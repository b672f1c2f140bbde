"""Migrations are numbered, stand in one line, and their head is pinned so that two branches conflict in git."""

from __future__ import annotations

import ast
import re

from tests.architecture import tree

PINNED = "migrations/.current-alembic-head"


def revision(source):
    """(revision, down_revision) of a migration's source."""
    names = {"revision", "down_revision"}
    assigned = [n for n in ast.parse(source).body if isinstance(n, ast.Assign) and n.targets[0].id in names]
    values = {n.targets[0].id: ast.literal_eval(n.value) for n in assigned}
    return values["revision"], values["down_revision"]


def out_of_line(migrations):
    """What is wrong with `migrations`, a mapping of file name to source; empty when they stand in one line."""
    wrong, before = [], None
    for number, (name, source) in enumerate(sorted(migrations.items()), 1):
        own, down = revision(source)
        if own != f"{number:04d}" or not re.fullmatch(rf"{own}_[a-z0-9_]+\.py", name):
            wrong.append(f"{name}: expected revision {number:04d} and its name to begin so")
        if down != before:
            wrong.append(f"{name}: comes after {down}, expected {before}")
        before = own
    return wrong


def present():
    paths = tree.matching(r"migrations/versions/.*\.py")
    return {path.rpartition("/")[2]: tree.text(path) for path in paths}


def test_migrations_stand_in_one_line():
    assert out_of_line(present()) == []


def test_two_heads_and_a_gap_are_found():
    first, second = "revision = '0001'\ndown_revision = None", "revision = '0002'\ndown_revision = '0001'"
    assert out_of_line({"0001_start.py": first, "0002_more.py": second}) == []
    assert out_of_line({"0001_start.py": first, "0002_more.py": second, "0003_too.py": second.replace("0002", "0003")})
    assert out_of_line({"0001_start.py": first, "0003_more.py": second.replace("0002", "0003")})
    assert out_of_line({"start.py": first})


def test_the_head_is_pinned():
    heads = sorted(name.removesuffix(".py") for name in present())[-1:]
    pinned = tree.text(PINNED).split() if PINNED in tree.files() else []
    assert pinned == heads, f"write {heads} to {PINNED}; `make migration` does it"
