"""registrations that came in a file of another service

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

CHANNEL = "channel IN ('web', 'phone', 'fax', 'counter', 'postcard', 'imported')"


def upgrade() -> None:
    # SQLite writes the table anew to change a check.
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_registration_channel'), type_='check')
        batch_op.create_check_constraint(op.f('ck_registration_channel'), CHANNEL)


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
