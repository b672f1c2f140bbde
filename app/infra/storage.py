"""Uploaded files, each under a random name, in a folder or in S3 (STORAGE_URL, through fsspec)."""

from __future__ import annotations

from typing import Any

import fsspec
from flask import Flask

from app.infra.tokens import random_id


class Storage:
    """Files by key. A key is made here and never comes from a user."""

    def __init__(self) -> None:
        self._system: Any = None
        self._root = ""

    def init_app(self, app: Flask) -> None:
        """Open the place that STORAGE_URL names."""
        self._system, self._root = fsspec.core.url_to_fs(app.config["TSUDOI"].storage_url)

    def save(self, content: bytes) -> str:
        """Keep `content` and return its new key."""
        key = random_id(18)
        self._system.makedirs(self._root, exist_ok=True)
        self._system.pipe_file(f"{self._root}/{key}", content)
        return key

    def load(self, key: str) -> bytes:
        """The bytes kept under `key`. Raises FileNotFoundError."""
        return bytes(self._system.cat_file(f"{self._root}/{key}"))

    def has(self, key: str) -> bool:
        """True when something is kept under `key`."""
        return bool(self._system.exists(f"{self._root}/{key}"))

    def delete(self, key: str) -> None:
        """Forget `key`. Raises FileNotFoundError."""
        self._system.rm_file(f"{self._root}/{key}")


storage = Storage()
