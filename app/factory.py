"""The house, put together: the foundation, and on it design, doors and commands."""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate

from app import cli, foundation, web
from app.design import jinja
from app.infra import db, ratelimit
from config import ROOT, Config

migrate = Migrate()


def build(config: Config | None = None) -> Flask:
    """The application for `config`, or for the environment. Raises config.WrongSetting."""
    app = foundation.lay(config)
    ratelimit.init_app(app)
    jinja.init_app(app)
    web.init_app(app)
    cli.init_app(app)
    migrate.init_app(app, db.db, directory=str(ROOT / "migrations"))
    return app
