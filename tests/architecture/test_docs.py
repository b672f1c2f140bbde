"""Documents name only commands, files and settings that exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from app import create_app
from tests.architecture import tree
from tests.architecture.tree import Breach
from tests.conftest import config_for

QUOTED = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```(?:sh|shell|console|bash)?\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
FILE = re.compile(r"(?:(?:app|docs|tests|migrations|\.ci)/[\w./-]+|[\w-]+\.(?:py|in|toml|md))/?")
PLACEHOLDER = re.compile(r"[<>*…{}]")


def _line(source, position):
    return source.count("\n", 0, position) + 1


def said(source):
    """(line, words) of everything written as code in a document."""
    for block in BLOCK.finditer(source):
        for offset, line in enumerate(block[1].splitlines(), 1):
            yield _line(source, block.start()) + offset, line.strip().removeprefix("$ ")
    outside = re.sub(r"^```.*?^```", lambda m: "\n" * m[0].count("\n"), source, flags=re.DOTALL | re.MULTILINE)
    for quoted in QUOTED.finditer(outside):
        yield _line(outside, quoted.start()), quoted[1].strip()


def targets(makefile):
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


def unknown_targets(path, source, known):
    for line, words in said(source):
        for target in re.findall(r"(?:^|&& |; )make ([a-z][a-z-]*)", words):
            if target not in known:
                yield Breach(path, line, f"`make {target}` does not exist")


def unknown_commands(path, source, root: click.Group):
    for line, words in said(source):
        spoken = re.match(r"(?:\.venv/bin/)?flask ((?:[a-z-]+ ?)+)", words)
        command: click.Command = root
        for word in spoken[1].split() if spoken else ():
            if not isinstance(command, click.Group):
                break
            found = command.commands.get(word)
            if found is None:
                yield Breach(path, line, f"`flask {spoken[1].strip()}`: {word} does not exist")
                break
            command = found


def unknown_files(path, source, exists):
    for line, words in said(source):
        if FILE.fullmatch(words) and not PLACEHOLDER.search(words) and not exists(words):
            yield Breach(path, line, f"`{words}` does not exist")
    for link in LINK.finditer(source):
        target = str((Path(path).parent / link[1]).as_posix())
        if "://" not in link[1] and not link[1].startswith("mailto:") and not exists(target):
            yield Breach(path, _line(source, link.start()), f"link to {link[1]}, which does not exist")


def unknown_documents(path, source, exists):
    for number, line in enumerate(source.splitlines(), 1):
        for name in re.findall(r"(?<![\w/.-])[\w./-]+\.md\b", line):
            if not exists(name) and not exists(str(Path(path).parent / name)):
                yield Breach(path, number, f"names {name}, which is not here: say the fact, or where it comes from")


def exists(name):
    return (tree.ROOT / name).resolve().exists() or any(path.endswith(f"/{name}") for path in tree.files())


def documents():
    return [path for path in tree.matching(r".*\.md") if not path.startswith("app/")]


@pytest.fixture
def commands(tmp_path):
    return create_app(config_for(tmp_path)).cli


def test_documents_name_only_make_targets_that_exist():
    known = targets(tree.text("Makefile"))
    assert tree.found(lambda path, source: unknown_targets(path, source, known), documents()) == []


def test_an_unknown_make_target_is_found():
    known = {"run"}
    assert list(unknown_targets("x.md", "Type `make fly` now.", known))
    assert list(unknown_targets("x.md", "```\ngit clone x && make fly\n```\n", known))
    assert not list(unknown_targets("x.md", "Type `make run PORT=80`, make sure it runs.", known))


def test_documents_name_only_flask_commands_that_exist(commands):
    assert tree.found(lambda path, source: unknown_commands(path, source, commands), documents()) == []


def test_an_unknown_flask_command_is_found():
    root = click.Group("flask", commands={"demo": click.Group("demo", commands={"load": click.Command("load")})})
    assert list(unknown_commands("x.md", "`flask fly`", root))
    assert list(unknown_commands("x.md", "`flask demo unload`", root))
    assert not list(unknown_commands("x.md", "`flask demo load --help`, `flask demo load`", root))


def test_documents_name_only_files_that_exist():
    assert tree.found(lambda path, source: unknown_files(path, source, exists), documents()) == []


def test_an_unknown_file_is_found():
    assert list(unknown_files("docs/x.md", "see `app/nowhere.py`", exists))
    assert list(unknown_files("docs/x.md", "see [there](nowhere.md)", exists))
    assert not list(
        unknown_files("docs/x.md", "see `app/__init__.py`, `app/<room>/services.py`, [it](../Makefile)", exists)
    )


def test_comments_name_only_documents_that_exist():
    sources = tree.matching(r"(?!tests/architecture/).*\.(py|html|css|js|typ|toml|sh|in)|Makefile")
    assert tree.found(lambda path, source: unknown_documents(path, source, exists), sources) == []


def test_an_unknown_document_in_a_comment_is_found():
    assert list(unknown_documents("app/x.py", "# nowhere.md keeps the source", exists))
    assert not list(unknown_documents("app/x.py", "# CONTRIBUTING.md says how", exists))


def silent_targets(makefile):
    return [target for target in targets(makefile) if not re.search(rf"^{target}:.*## ", makefile, re.MULTILINE)]


def test_every_make_target_explains_itself():
    assert silent_targets(tree.text("Makefile")) == []


def test_a_silent_make_target_is_found():
    assert silent_targets("run: x ## Start\nfly:\n\techo\n") == ["fly"]
