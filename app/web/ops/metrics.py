"""Figures for Prometheus, read from the database and the queue: the same whichever process answers."""

from __future__ import annotations

from flask import Response, current_app

from app.delivery import queries as outbox
from app.infra import readiness
from app.kernel.errors import NotFound
from app.web.ops import bp
from app.web.parts.access import ANYONE, allow


@bp.get("/metrics")
@allow(ANYONE)
def metrics() -> Response:
    """Prometheus text, where METRICS=1; elsewhere there is no such address."""
    if not current_app.config["TSUDOI"].metrics:
        raise NotFound
    lines = [
        "# HELP tsudoi_queue_jobs Jobs waiting for a worker.",
        "# TYPE tsudoi_queue_jobs gauge",
        f"tsudoi_queue_jobs {readiness.queue_length()}",
        "# HELP tsudoi_outbox_messages Messages in the outbox by state.",
        "# TYPE tsudoi_outbox_messages gauge",
        *(f'tsudoi_outbox_messages{{state="{state.value}"}} {n}' for state, n in sorted(outbox.counts().items())),
    ]
    return Response("\n".join((*lines, "")), content_type="text/plain; version=0.0.4; charset=utf-8")
