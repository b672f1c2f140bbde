"""Who may import whom: the contracts of pyproject.toml are kept, name every room, and find a planted breach."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture import tree

# Packages that are no rooms: what is below the rooms, beside them, or above them.
NO_ROOMS = {
    "cli",
    "delivery",
    "demo",
    "design",
    "documents",
    "imports",
    "infra",
    "kernel",
    "questions",
    "stewardship",
    "web",
}

PLANTED = {
    "layers": ("app/kernel/planted.py", "import app.events.queries\n"),
    "doors": ("app/web/public/planted.py", "import app.web.console.planted\n"),
    "rooms": ("app/events/types.py", "import app.events.services\n"),
    "models-are-private": ("app/web/console/planted.py", "import app.events.models\n"),
    "no-http-in-rooms": ("app/registrations/planted.py", "import flask\n"),
    "pure": ("app/registrations/rules.py", "import app.infra.clock\n"),
}


def contracts():
    settings = tomllib.loads(tree.text("pyproject.toml"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def packages():
    return {path.split("/")[1] for path in tree.matching(r"app/[a-z_]+/__init__\.py")}


def lint(folder: Path) -> str:
    """What lint-imports prints about the tree in `folder`."""
    call = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", call], cwd=folder, capture_output=True, text=True, timeout=120)
    return done.stdout + done.stderr


def broken(printed: str) -> set[str]:
    """Ids of the contracts reported as broken."""
    unwrapped = " ".join(printed.split())
    return {key for key, c in contracts().items() if re.search(re.escape(c["name"]) + r" ?BROKEN", unwrapped)}


def test_the_contracts_are_kept():
    printed = lint(tree.ROOT)
    assert "0 broken." in printed, printed


@pytest.mark.slow
def test_a_planted_breach_of_each_contract_is_found(tmp_path):
    for path in ("pyproject.toml", *tree.matching(r"app/.*\.py")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree.ROOT / path, tmp_path / path)
    for path, line in PLANTED.values():
        with (tmp_path / path).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}")
    assert PLANTED.keys() == contracts().keys()
    assert broken(lint(tmp_path)) == PLANTED.keys()


def test_every_room_is_under_the_rules_of_rooms():
    rooms = {f"app.{name}" for name in packages() - NO_ROOMS}
    assert set(contracts()["rooms"]["containers"]) == rooms
    assert rooms <= set(contracts()["no-http-in-rooms"]["source_modules"])


def test_commands_and_worker_see_no_tables():
    assert set(contracts()["models-are-private"]["source_modules"]) == {"app.web", "app.cli", "app.worker"}


def test_packages_beside_the_rooms_know_no_http_either():
    beside = {f"app.{name}" for name in packages() & {"demo", "kernel", "stewardship"}}
    assert beside <= set(contracts()["no-http-in-rooms"]["source_modules"])
