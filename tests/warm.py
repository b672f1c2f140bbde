"""What makes a run short: files in memory; addresses, templates and passwords are worked out once in a process."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from app.accounts import passwords

MEMORY = Path("/dev/shm")
ROOM = 6 * 1024**3


class CompiledTemplates(BytecodeCache):
    """Templates by name and content; those of one run are all compiled with the same settings."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


class KnownPasswords(PasswordHasher):
    """Argon2 as it is used, asked once for each password and for each right pair; a wrong one is tried each time."""

    def __init__(self, *costs: Any, **more: Any) -> None:
        super().__init__(*costs, **more)
        self._hashes: dict[str, str] = {}
        self._right: set[tuple[str, str]] = set()

    def hash(self, password: str) -> str:
        if password not in self._hashes:
            self._hashes[password] = super().hash(password)
        return self._hashes[password]

    def verify(self, hash_: str, password: str) -> bool:
        if (hash_, password) not in self._right:
            super().verify(hash_, password)
            self._right.add((hash_, password))
        return True


def stay_in_memory() -> None:
    """From now on temporary files lie in memory where it has room: each commit waits for a disk otherwise.

    Whoever names a folder with TMPDIR gets that.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def keep_templates() -> None:
    """From now on no application compiles a template that another has compiled."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}


def keep_passwords() -> None:
    """From now on a password that many tests sign in with is hashed once, at its full cost."""
    passwords._hasher = KnownPasswords.from_parameters(passwords._hasher._parameters)


def keep_addresses() -> None:
    """From now on no application compiles an address that another has compiled: two thirds of what making one takes."""
    compiled: dict[tuple[str, tuple[tuple[bool, str], ...], bool], Callable[..., tuple[str, str]]] = {}
    compile_ = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compile_(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in compiled:
            compiled[key] = compile_(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = once


@cache
def settle() -> None:
    """What is loaded by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
