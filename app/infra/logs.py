"""JSON logs, one line an event, with the request's id and without personal data."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from app.infra.audit import request_id

# Whatever slips into a message: addresses, long numbers and link tokens are masked before a line is written.
_PERSONAL = re.compile(
    r"[^\s\"'<>@]+@[^\s\"'<>@]+|(?<![\w.])\+?\d[\d-]{8,}\d(?![\w.])|(?<=/r/)[\w-]{16,}|(?<=/link/)[\w-]{16,}"
    r"|(?<=/f/)[a-z2-9]{6}/[\w-]{16,}"
)
_KEPT = {"timestamp", "request_id", "incident"}


def setup(*, level: int = logging.INFO) -> None:
    """Send the standard library's logging through structlog to standard error as JSON."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _with_request_id,
        _mask,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("huey", "alembic.runtime.migration"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _with_request_id(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if current := request_id.get():
        event["request_id"] = current
    return event


def _mask(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str) and key not in _KEPT:
            event[key] = _PERSONAL.sub("[…]", value)
    return event
