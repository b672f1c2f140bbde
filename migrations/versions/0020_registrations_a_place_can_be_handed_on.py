"""registrations: a place can be handed on

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('handover',
    sa.Column('registration_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('from_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('registration_id <> from_id', name=op.f('ck_handover_two')),
    sa.ForeignKeyConstraint(['from_id'], ['registration.id'], name=op.f('fk_handover_from_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_handover_registration_id')),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_handover')),
    sa.UniqueConstraint('from_id', name=op.f('uq_handover_from_id'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('hands_on', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('hands_on')

    op.drop_table('handover')
