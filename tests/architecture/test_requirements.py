"""The list of libraries is true: what is listed is used, what is imported is listed."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions

from tests.architecture import tree

# Ours, and what only type checkers know.
OURS = {"app", "config", "tests", "wsgi", "_typeshed"}
# Used without an import: the drivers that DATABASE_URL and QUEUE_URL name.
BY_NAME = {"psycopg", "redis"}
# What these bring and hand out as part of themselves.
COMES_WITH = {
    "alembic": "flask-migrate",
    "click": "flask",
    "jinja2": "flask",
    "markupsafe": "flask",
    "werkzeug": "flask",
    "wtforms": "flask-wtf",
}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def listed(requirements):
    """Names in a requirements.in, normalised."""
    lines = (line.split("#")[0].strip() for line in requirements.splitlines())
    return {normal(re.match(r"[\w.-]+", line)[0]) for line in lines if line and not line.startswith("-")}


def imported(sources):
    """Top-level names of other people's modules that `sources` import."""
    names = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - OURS


def distributions(modules):
    """The distributions, normalised, that `modules` come from; what comes with another counts as that one."""
    known = packages_distributions()
    names = {normal(distribution) for module in modules for distribution in known.get(module, [module])}
    return {COMES_WITH.get(name, name) for name in names}


def used():
    return distributions(imported(tree.text(path) for path in tree.code())) | BY_NAME


def test_every_imported_library_is_listed():
    assert used() - listed(tree.text("requirements.in")) == set()


def test_every_listed_library_is_used():
    assert listed(tree.text("requirements.in")) - used() == set()


def test_lists_and_imports_are_read_right():
    assert listed("# why\nFlask~=3.1\npsycopg[binary]~=3.3 # driver\n-c requirements.txt\n") == {"flask", "psycopg"}
    assert imported(["import os, yaml.loader\nfrom app.kernel import text\nfrom wtforms.fields import x"]) == {
        "yaml",
        "wtforms",
    }
    assert distributions({"yaml", "wtforms"}) == {"pyyaml", "flask-wtf"}


def test_every_pinned_library_has_a_hash():
    for path in ("requirements.txt", "requirements-dev.txt"):
        for pin in re.split(r"\n(?=[a-zA-Z])", (tree.ROOT / path).read_text(encoding="utf-8"))[1:]:
            assert "--hash=sha256:" in pin, pin
