"""Answers that are files."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response
from werkzeug.http import dump_options_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, file_name: str, media_type: str, *, personal: bool = False) -> Response:
    """A download named `file_name` (RFC 6266: a plain ASCII name and the real one in UTF-8).

    `personal` content is never kept by a cache. What a file holds must not act as a page of ours: CSP sandbox.
    """
    response = Response(content, content_type=media_type)
    ascii_name = file_name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    options = {"filename": ascii_name, "filename*": f"UTF-8''{quote(file_name, safe='')}"}
    response.headers["Content-Disposition"] = dump_options_header("attachment", options)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store" if personal else "public, max-age=300"
    return response
