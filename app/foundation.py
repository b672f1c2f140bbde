"""What every process stands on: configuration, database, queue, files, the way out for mail. No doors, no commands.

The worker needs no more than this; pages, forms and documents would be 40 MB in it that it never uses.
"""

from __future__ import annotations

from flask import Flask

from app.accounts import renderings as account_renderings
from app.compliance import renderings as compliance_renderings
from app.delivery.mailer import mailer
from app.elearning import renderings as elearning_renderings
from app.feedback import renderings as feedback_renderings
from app.inbox.mailbox import mailbox
from app.infra import db, logs
from app.infra.jobs import jobs
from app.infra.links import links
from app.infra.storage import storage
from app.proposals import renderings as proposal_renderings
from app.registrations import bulk_mail, renderings
from app.shared_issues import renderings as shared_issue_renderings
from app.subscriptions import renderings as subscription_renderings
from app.surveys import renderings as survey_renderings
from app.worksheets import renderings as worksheet_renderings
from config import Config


def lay(config: Config | None = None) -> Flask:
    """The application of `config`, or of the environment, without doors. Raises config.WrongSetting."""
    config = config or Config.from_environ()
    app = Flask("app", instance_path=str(config.instance), static_folder="design/static", template_folder=None)
    app.config.update(config.flask())
    if not config.testing:
        logs.setup()
    # Queue, counters and uploads live here, also where the data is in PostgreSQL.
    config.instance.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    storage.init_app(app)
    jobs.init_app(app)
    links.init_app(app)
    mailer.init_app(app)
    mailbox.configure(config)
    account_renderings.register()
    renderings.register()
    bulk_mail.register()
    compliance_renderings.register()
    elearning_renderings.register()
    worksheet_renderings.register()
    subscription_renderings.register()
    shared_issue_renderings.register()
    proposal_renderings.register()
    feedback_renderings.register()
    survey_renderings.register()
    return app
