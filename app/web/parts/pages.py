"""Pagination: which page is asked for, and the address of another one with all filters kept."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

MOST = 10_000


def page_number() -> int:
    """The page asked for in `?page=`, 1 for anything that is no sensible number."""
    text = request.args.get("page", "1")
    return min(max(int(text), 1), MOST) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def page_url(number: int) -> str:
    """The address of page `number` of the present list."""
    kept: dict[str, Any] = {k: v for k, v in request.args.items(multi=False) if k != "page" and v}
    return url_for(request.endpoint or "", **(request.view_args or {}), **kept, page=number)


def id_of(typed: str) -> int:
    """The id that a list on a page offered; 0, which nothing has, for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
