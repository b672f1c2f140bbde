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

    def save(self, content: bytes, folder: str = "") -> str:
        """Keep `content` and return its new key; in a `folder` the key begins with its name and a slash."""
        key = f"{folder}/{random_id(18)}" if folder else random_id(18)
        place = f"{self._root}/{key}"
        self._system.makedirs(place.rpartition("/")[0], exist_ok=True)
        self._system.pipe_file(place, content)
        return key

    def load(self, key: str) -> bytes:
        """The bytes kept under `key`. Raises FileNotFoundError."""
        return bytes(self._system.cat_file(f"{self._root}/{key}"))

    def head(self, key: str, size: int) -> bytes:
        """The first `size` bytes kept under `key`. Raises FileNotFoundError."""
        return self.part(key, 0, size)

    def part(self, key: str, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end` of what is kept under `key`. Raises FileNotFoundError."""
        return bytes(self._system.cat_file(f"{self._root}/{key}", start=start, end=end))

    def keys(self, folder: str) -> list[str]:
        """The keys in a folder; none where it was never used. A place that keeps its listings is asked anew."""
        place = f"{self._root}/{folder}"
        self._system.invalidate_cache(place)
        if not self._system.exists(place):
            return []
        names = (str(path).rpartition("/")[2] for path in self._system.ls(place, detail=False))
        return sorted(f"{folder}/{name}" for name in names)

    def has(self, key: str) -> bool:
        """True when something is kept under `key`."""
        return bool(self._system.exists(f"{self._root}/{key}"))

    def delete(self, key: str) -> None:
        """Forget `key`. Raises FileNotFoundError."""
        self._system.rm_file(f"{self._root}/{key}")


storage = Storage()
