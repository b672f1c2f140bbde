"""The files of the project, as git sees them: tracked ones, and new ones that are not ignored."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Files that others wrote and we ship as they are: their style is theirs.
VENDORED = re.compile(
    r"(^|/)(vendor|fonts)/|\.(png|ico|jpg|webp|woff2|otf|ttf|pdf|xlsx)$|^LICENSE$|^requirements[^/]*\.txt$"
)


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a rule is broken; str() is what the developer reads."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


@functools.cache
def files() -> tuple[str, ...]:
    """Paths of all our own files, relative to the root, sorted."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(sorted(p for p in set(listed.split("\0")) if p and not VENDORED.search(p) and (ROOT / p).is_file()))


def matching(pattern: str) -> list[str]:
    """Our files whose whole path matches `pattern`."""
    return [path for path in files() if re.fullmatch(pattern, path)]


def text(path: str) -> str:
    """The content of one of our files."""
    return (ROOT / path).read_text(encoding="utf-8")


def code() -> list[str]:
    """Python files of the application."""
    return matching(r"(app/.*|config|wsgi)\.py")


def found(guard, paths: list[str]) -> list[str]:
    """What `guard(path, source)` finds in `paths`, as lines to print."""
    return [str(breach) for path in paths for breach in guard(path, text(path))]


def functions(source: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a Python source."""
    return [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
