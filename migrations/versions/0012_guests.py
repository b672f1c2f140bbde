"""places for staff of other municipalities, and who asked for one

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('guest_quota',
    sa.Column('sitting_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint('taken >= 0 AND taken <= places', name=op.f('ck_guest_quota_places')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_guest_quota_sitting_id')),
    sa.PrimaryKeyConstraint('sitting_id', name=op.f('pk_guest_quota'))
    )
    op.create_table('guest',
    sa.Column('registration_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('municipality', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_guest_registration_id')),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_guest'))
    )


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
