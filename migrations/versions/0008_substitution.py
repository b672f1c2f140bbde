"""colleagues who come in somebody's place

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('substitution',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('named_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_substitution_registration_id')),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_substitution_staff_member_id')),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_substitution'))
    )
    op.create_index(op.f('ix_substitution_staff_member_id'), 'substitution', ['staff_member_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
