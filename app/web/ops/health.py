"""Is the process alive; can the service do its work."""

from __future__ import annotations

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue

from app.infra import readiness
from app.web.ops import bp
from app.web.parts.access import ANYONE, allow
from config import ROOT


@bp.get("/healthz")
@allow(ANYONE)
def alive() -> ResponseReturnValue:
    """200 as long as this process answers; asks nothing else."""
    return jsonify(status="ok")


@bp.get("/readyz")
@allow(ANYONE)
def ready() -> ResponseReturnValue:
    """200 when database and queue answer and the migrations are at head, else 503 with the part that is not."""
    parts = readiness.checks(current_app.config.get("MIGRATIONS", ROOT / "migrations"))
    good = all(parts.values())
    return jsonify(status="ok" if good else "unavailable", checks=parts), 200 if good else 503
