"""letters for people without e-mail

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

POSTCODE = "postcode = '' OR (length(postcode) = 7 AND address <> '')"
STATES = "state IN ('pending', 'sending', 'sent', 'retry', 'failed', 'letter', 'posted', 'call', 'called', 'withdrawn')"
MESSAGE = {
    "state": STATES,
    "address": "to_email IS NOT NULL OR state IN ('letter', 'posted', 'call', 'called', 'withdrawn')",
    "way": "to_email IS NULL OR state NOT IN ('letter', 'posted', 'call', 'called')",
    "batch": (
        "(letter_batch_id IS NULL OR state IN ('letter', 'posted'))"
        " AND (state <> 'posted' OR letter_batch_id IS NOT NULL)"
    ),
}
KEPT = {
    "lease": "(state = 'sending') = (lease_until IS NOT NULL) AND (lease_until IS NULL) = (lease_owner IS NULL)",
    "sent": "(state = 'sent') = (sent_at IS NOT NULL)",
    "attempts": "attempts >= forgiven AND forgiven >= 0",
}
OUTCOME = "outcome IN ('sent', 'deferred', 'rejected', 'lost', 'reached', 'absent', 'left_word')"
BATCH = "CONSTRAINT fk_outbound_message_letter_batch_id REFERENCES letter_batch (id)"


def upgrade() -> None:
    op.create_table('letter_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=40), nullable=False),
    sa.Column('made_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=100), nullable=False),
    sa.Column('posted_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('posted_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint("(posted_at IS NULL) = (posted_by = '')", name=op.f('ck_letter_batch_posted')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_batch'))
    )
    op.create_index(op.f('ix_letter_batch_topic'), 'letter_batch', ['topic'], unique=False)
    op.add_column('event', sa.Column('asks_address', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('registration', sa.Column('address', sa.String(length=120), server_default='', nullable=False))
    # With its rule, which SQLite takes only together with the column.
    op.execute(
        "ALTER TABLE registration ADD COLUMN postcode VARCHAR(7) DEFAULT '' NOT NULL"
        f" CONSTRAINT ck_registration_postcode CHECK ({POSTCODE})"
    )
    if op.get_context().dialect.name == "sqlite":
        _rewrite_messages()
        _rewrite_attempts()
    else:
        _alter_both()
    op.create_index(
        op.f('ix_outbound_message_letter_batch_id'), 'outbound_message', ['letter_batch_id'], unique=False
    )


def _alter_both() -> None:
    op.execute(f"ALTER TABLE outbound_message ADD COLUMN letter_batch_id INTEGER {BATCH}")
    for name, condition in MESSAGE.items():
        _replace_check("outbound_message", f"ck_outbound_message_{name}", condition)
    op.add_column('delivery_attempt', sa.Column('by_label', sa.String(length=100), server_default='', nullable=False))
    _replace_check("delivery_attempt", "ck_delivery_attempt_outcome", OUTCOME)


def _replace_check(table: str, name: str, condition: str) -> None:
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})")


def _rewrite_messages() -> None:
    """SQLite cannot change a constraint: a new table takes the rows and the name. env.py holds foreign keys still."""
    for index in ("state_due_at", "thread_id"):
        op.execute(f"DROP INDEX ix_outbound_message_{index}")
    op.execute("ALTER TABLE outbound_message RENAME TO outbound_message_before")
    checks = ", ".join(
        f"CONSTRAINT ck_outbound_message_{name} CHECK ({condition})" for name, condition in (MESSAGE | KEPT).items()
    )
    op.execute(
        "CREATE TABLE outbound_message ("
        "id INTEGER NOT NULL, message_id VARCHAR(300) NOT NULL, kind VARCHAR(60) NOT NULL, "
        "thread VARCHAR(120) NOT NULL, to_name VARCHAR(200) NOT NULL, to_email VARCHAR(254), payload JSON NOT NULL, "
        "once VARCHAR(160), "
        "resend_of INTEGER CONSTRAINT fk_outbound_message_resend_of REFERENCES outbound_message (id), "
        f"letter_batch_id INTEGER {BATCH}, "
        "state VARCHAR(10) NOT NULL, attempts INTEGER NOT NULL, forgiven INTEGER NOT NULL, due_at DATETIME NOT NULL, "
        "lease_until DATETIME, lease_owner VARCHAR(24), sent_at DATETIME, last_error VARCHAR(200) NOT NULL, "
        "created_at DATETIME NOT NULL, "
        f"{checks}, "
        "CONSTRAINT pk_outbound_message PRIMARY KEY (id), "
        "CONSTRAINT uq_outbound_message_message_id UNIQUE (message_id), "
        "CONSTRAINT uq_outbound_message_once UNIQUE (once))"
    )
    columns = (
        "id, message_id, kind, thread, to_name, to_email, payload, once, resend_of, state, attempts, forgiven, due_at, "
        "lease_until, lease_owner, sent_at, last_error, created_at"
    )
    op.execute(f"INSERT INTO outbound_message ({columns}) SELECT {columns} FROM outbound_message_before")
    op.execute("DROP TABLE outbound_message_before")
    op.create_index('ix_outbound_message_state_due_at', 'outbound_message', ['state', 'due_at'], unique=False)
    op.create_index('ix_outbound_message_thread_id', 'outbound_message', ['thread', 'id'], unique=False)


def _rewrite_attempts() -> None:
    op.execute("ALTER TABLE delivery_attempt RENAME TO delivery_attempt_before")
    op.execute(
        "CREATE TABLE delivery_attempt ("
        "id INTEGER NOT NULL, "
        "outbound_message_id INTEGER NOT NULL, "
        "number INTEGER NOT NULL, at DATETIME NOT NULL, outcome VARCHAR(10) NOT NULL, code INTEGER, "
        "detail VARCHAR(200) NOT NULL, by_label VARCHAR(100) DEFAULT '' NOT NULL, "
        f"CONSTRAINT ck_delivery_attempt_outcome CHECK ({OUTCOME}), "
        "CONSTRAINT fk_delivery_attempt_outbound_message_id"
        " FOREIGN KEY (outbound_message_id) REFERENCES outbound_message (id) ON DELETE CASCADE, "
        "CONSTRAINT pk_delivery_attempt PRIMARY KEY (id), "
        "CONSTRAINT uq_delivery_attempt_outbound_message_id_number UNIQUE (outbound_message_id, number))"
    )
    columns = "id, outbound_message_id, number, at, outcome, code, detail"
    op.execute(f"INSERT INTO delivery_attempt ({columns}) SELECT {columns} FROM delivery_attempt_before")
    op.execute("DROP TABLE delivery_attempt_before")


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
