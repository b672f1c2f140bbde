"""What makes a run short: files in memory; addresses, statements, templates and passwords are worked out once in a
process."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app.accounts import passwords

MEMORY = Path("/dev/shm")
ROOM = 6 * 1024**3
STATEMENTS = 4000
GARBAGE = 20_000


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
    """From now on no application compiles an address that another has compiled: most of what making one takes."""
    compiled: dict[tuple[object, ...], Rule] = {}
    compile_ = Rule.compile

    def once(rule: Rule) -> None:
        if rule.defaults or rule.map is None or rule.map.host_matching:
            compile_(rule)
            return
        like = compiled.setdefault((rule.rule, rule.subdomain, rule.merge_slashes), rule)
        if like is rule:
            compile_(rule)
        rule._parts, rule._trace, rule._converters = like._parts, like._trace, like._converters
        rule.arguments = rule.arguments | like.arguments
        rule._build = like._build.__func__.__get__(rule, None)
        rule._build_unknown = like._build_unknown.__func__.__get__(rule, None)

    Rule.compile = once


def keep_statements() -> None:
    """From now on no database compiles a statement that another of its kind has compiled.

    Each engine has a dialect and a cache of its own. Those that are alike count as one, and share what they compiled.
    """
    compiled: LRUCache[Any, Any] = LRUCache(STATEMENTS)

    def kind(dialect: DefaultDialect) -> tuple[object, ...]:
        return type(dialect), dialect.paramstyle, getattr(dialect, "server_version_info", None)

    sa.Engine._compiled_cache = property(lambda engine: compiled, lambda engine, own: None)
    DefaultDialect.__eq__ = lambda one, other: one is other or kind(one) == kind(other)
    DefaultDialect.__hash__ = lambda dialect: hash(type(dialect))


@cache
def settle() -> None:
    """What is loaded by now stays: the collector need not look through it again and again, nor at each few things."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)
