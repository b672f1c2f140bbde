"""What is committed runs anywhere: no path of somebody's machine, no package registry, no secret key."""

from __future__ import annotations

import re

from tests.architecture import tree
from tests.architecture.tree import Breach

# Written in pieces, so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(wo" + r"rk|ro" + r"ot|ho" + r"me/[a-z][\w-]*|Us" + r"ers/\w+)/")
REGISTRY = re.compile(
    r"files\.python" + r"hosted\.org|(?<![\w-])pypi\." + r"org|registry\." + r"npmjs|deb\." + r"debian\.org"
    r"|extra-index" + r"-url|index-url\s*="
)
SECRET = re.compile(r"BEGIN [A-Z ]*PRIVATE " + r"KEY|AKIA[0-9A-Z]{16}")

KEY_OF_A_TEST_SERVER = re.compile(r"tests/.*\.pem")


def bound_to_one_machine(path, source):
    for number, line in enumerate(source.splitlines(), 1):
        if MACHINE_PATH.search(line):
            yield Breach(path, number, "a path of one machine: start from the project's root")
        if REGISTRY.search(line):
            yield Breach(path, number, "a package registry's host: pip knows it from the machine's own settings")
        if SECRET.search(line) and not KEY_OF_A_TEST_SERVER.fullmatch(path):
            yield Breach(path, number, "a secret key: it belongs in the environment")


def text_files():
    def is_text(path):
        return b"\0" not in (tree.ROOT / path).read_bytes()[:4096]

    return [path for path in tree.files() if is_text(path)]


def test_nothing_is_bound_to_one_machine():
    assert tree.found(bound_to_one_machine, text_files()) == []


def test_what_is_bound_to_one_machine_is_found():
    for planted in (
        'open("/ho' + 'me/taro/tsudoi/x")',
        "cd /wo" + "rk/main",
        "pip install --extra-index" + "-url x",
        "-----BEGIN PRIVATE " + "KEY-----",
    ):
        assert list(bound_to_one_machine("x.py", planted)), planted
    assert not list(bound_to_one_machine("x.py", "location /events/ { }  # tests/wo" + "rk/x"))


def untidy(path, source):
    if source and (not source.endswith("\n") or source.endswith("\n\n")):
        yield Breach(path, source.count("\n"), "end the file with one newline")
    for number, line in enumerate(source.split("\n"), 1):
        if "\t" in line or line.endswith((" ", "\r")):
            yield Breach(path, number, "tab or blank at the end of the line")


def test_text_files_are_tidy():
    assert tree.found(untidy, tree.matching(r"(?!migrations/versions/).*\.(py|html|css|js|toml|yaml|sh|typ)")) == []


def test_untidy_text_is_found():
    for planted in ("x\ty\n", "x \n", "x\r\n", "x", "x\n\n"):
        assert list(untidy("x.py", planted)), planted
    assert not list(untidy("x.py", "x\n"))
    assert not list(untidy("x.py", ""))
