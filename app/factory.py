"""The house, put together: configuration, infrastructure, design, doors, commands."""

from __future__ import annotations

from flask import Flask

from app import cli, web
from app.delivery.mailer import mailer
from app.design import jinja
from app.infra import db, logs, ratelimit
from app.infra.jobs import jobs
from app.infra.links import links
from app.infra.storage import storage
from app.registrations import renderings
from config import Config


def build(config: Config | None = None) -> Flask:
    """The application for `config`, or for the environment. Raises config.WrongSetting."""
    config = config or Config.from_environ()
    app = Flask("app", instance_path=str(config.instance), static_folder="design/static", template_folder=None)
    app.config.update(config.flask())
    if not config.testing:
        logs.setup()
    db.init_app(app)
    storage.init_app(app)
    jobs.init_app(app)
    links.init_app(app)
    mailer.init_app(app)
    ratelimit.init_app(app)
    jinja.init_app(app)
    web.init_app(app)
    renderings.register()
    cli.init_app(app)
    return app
