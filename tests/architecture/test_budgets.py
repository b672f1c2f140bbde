"""Sizes stay small enough to read: a file on a few screens, a function on one, a view at a glance."""

from __future__ import annotations

import ast
import re

from tests.architecture import tree
from tests.architecture.tree import Breach

FILE, TEST_FILE, FUNCTION, VIEW = 400, 500, 50, 25
# Names that say nothing about what is inside; such a file grows without end.
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "base"}
# Late imports are allowed where the house is put together and where a command loads what it needs.
MAY_IMPORT_LATE = re.compile(r"app/(__init__|factory)\.py|app/cli/.*")


def too_long(path, source):
    limit = TEST_FILE if path.startswith("tests/") else FILE
    lines = source.count("\n")
    return [Breach(path, limit + 1, f"{lines} lines; split it by what it does, {limit} is the limit")] * (lines > limit)


def long_functions(path, source):
    for function in tree.functions(source):
        lines = function.end_lineno - function.lineno + 1
        if lines > FUNCTION:
            yield Breach(path, function.lineno, f"{function.name} has {lines} lines, {FUNCTION} is the limit")


def is_view(function):
    calls = (d.func for d in function.decorator_list if isinstance(d, ast.Call))
    return any(isinstance(c, ast.Attribute) and c.attr in {"get", "post", "route"} for c in calls)


def long_views(path, source):
    for function in filter(is_view, tree.functions(source)):
        lines = function.end_lineno - function.lineno + 1
        if lines > VIEW:
            yield Breach(path, function.lineno, f"view {function.name} has {lines} lines; parse, call, render: {VIEW}")


def late_imports(path, source):
    if MAY_IMPORT_LATE.fullmatch(path):
        return
    for function in tree.functions(source):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield Breach(path, node.lineno, f"import inside {function.name}: it hides a cycle; move it to the top")


def unnumbered_tasks(path, source):
    task = re.compile("(TO" + "DO|FIX" + r"ME)\b(?!\(#\d+\))")
    for number, line in enumerate(source.splitlines(), 1):
        if task.search(line):
            yield Breach(path, number, "do it now, or file an issue and write its number: (#12)")


def empty_names(path, _source=""):
    parts = re.split(r"[/.]", path)
    return [
        Breach(path, 1, f"'{name}' says nothing: name it by what it does") for name in parts if name in SAYS_NOTHING
    ]


def test_files_are_within_their_budget():
    assert tree.found(too_long, tree.code() + tree.matching(r"tests/.*\.py")) == []


def test_a_file_over_its_budget_is_found():
    assert list(too_long("app/x.py", "x = 1\n" * 401))
    assert not list(too_long("tests/test_x.py", "x = 1\n" * 500))
    assert list(too_long("tests/test_x.py", "x = 1\n" * 501))


def test_functions_are_within_their_budget():
    assert tree.found(long_functions, tree.code()) == []


def test_most_functions_are_much_shorter():
    lengths = sorted(f.end_lineno - f.lineno + 1 for path in tree.code() for f in tree.functions(tree.text(path)))
    assert lengths[int(len(lengths) * 0.95)] <= 40


def test_a_long_function_is_found():
    assert list(long_functions("app/x.py", "def f():\n" + "    x = 1\n" * 50))
    assert not list(long_functions("app/x.py", "def f():\n" + "    x = 1\n" * 49))


def test_views_are_within_their_budget():
    assert tree.found(long_views, tree.matching(r"app/web/.*\.py")) == []


def test_a_long_view_is_found():
    view = "@bp.post('/')\n@allow(ANYONE)\ndef page():\n" + "    x = 1\n" * 25
    assert list(long_views("app/web/x.py", view))
    assert not list(long_views("app/web/x.py", view.replace("@bp.post('/')", "@cached")))


def test_imports_stand_at_the_top():
    assert tree.found(late_imports, tree.code()) == []


def test_an_import_inside_a_function_is_found():
    source = "def f():\n    from app.events import queries\n"
    assert list(late_imports("app/events/x.py", source))
    assert not list(late_imports("app/cli/demo.py", source))


def test_no_task_is_left_without_an_issue():
    assert tree.found(unnumbered_tasks, tree.matching(r".*\.(py|html|txt|css|js|typ|md|toml|sh)|Makefile")) == []


def test_a_task_without_an_issue_is_found():
    task = "# TO" + "DO"
    assert list(unnumbered_tasks("app/x.py", f"{task}: later\n"))
    assert not list(unnumbered_tasks("app/x.py", f"{task}(#12): later\n"))


def test_every_file_name_says_what_is_inside():
    assert tree.found(empty_names, tree.code()) == []


def test_a_name_that_says_nothing_is_found():
    assert list(empty_names("app/events/utils.py"))
