"""Figures for Prometheus, read from the database and the queue: the same whichever process answers."""

from __future__ import annotations

from flask import Response, current_app

from app.delivery import queries as outbox
from app.inbox import queries as inbox
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
    lines += [
        "# HELP tsudoi_mail_taken_in_total Mails taken in by what came of them.",
        "# TYPE tsudoi_mail_taken_in_total counter",
        *(f'tsudoi_mail_taken_in_total{{outcome="{outcome.value}"}} {n}' for outcome, n in inbox.counts().items()),
        "# HELP tsudoi_reply_mailbox_failing 1 while the mailbox for replies cannot be opened.",
        "# TYPE tsudoi_reply_mailbox_failing gauge",
        f"tsudoi_reply_mailbox_failing {int(inbox.health().failing_since is not None)}",
    ]
    return Response("\n".join((*lines, "")), content_type="text/plain; version=0.0.4; charset=utf-8")
