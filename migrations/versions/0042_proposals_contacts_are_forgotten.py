"""proposals: contacts are forgotten

Revision ID: 0042
Revises: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None

REACHABLE = "email <> '' OR phone <> ''"
NO_CONTACT = "contact_name = '' AND email = '' AND phone = '' AND postcode = '' AND address = ''"


def upgrade() -> None:
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.add_column(sa.Column('forgotten_at', app.infra.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(op.f('ck_proposal_reachable'), type_='check')
        batch_op.create_check_constraint(op.f('ck_proposal_reachable'), f'forgotten_at IS NOT NULL OR {REACHABLE}')
        batch_op.create_check_constraint(op.f('ck_proposal_forgotten'), f'forgotten_at IS NULL OR ({NO_CONTACT})')

    with op.batch_alter_table('reviewer', schema=None) as batch_op:
        batch_op.alter_column('email', existing_type=sa.String(length=254), nullable=True)
        batch_op.create_check_constraint(op.f('ck_reviewer_forgotten'), 'email IS NOT NULL OR revoked_at IS NOT NULL')


def downgrade() -> None:
    # What was forgotten does not come back: the older tables get an address that leads nowhere (RFC 2606).
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_proposal_forgotten'), type_='check')
    op.execute("UPDATE proposal SET email = 'forgotten@example.invalid' WHERE forgotten_at IS NOT NULL")
    op.execute("UPDATE reviewer SET email = 'forgotten-' || id || '@example.invalid' WHERE email IS NULL")
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_proposal_reachable'), type_='check')
        batch_op.create_check_constraint(op.f('ck_proposal_reachable'), REACHABLE)
        batch_op.drop_column('forgotten_at')

    with op.batch_alter_table('reviewer', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_reviewer_forgotten'), type_='check')
        batch_op.alter_column('email', existing_type=sa.String(length=254), nullable=False)
