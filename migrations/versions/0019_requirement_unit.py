"""requirements that bind the staff of chosen units

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

AUDIENCE = "audience IN ('promoters', 'coordinators', 'sections', 'list', 'everyone')"


def upgrade() -> None:
    op.create_table('requirement_unit',
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirement.id'], name=op.f('fk_requirement_unit_requirement_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_requirement_unit_unit_id')),
    sa.PrimaryKeyConstraint('requirement_id', 'unit_id', name=op.f('pk_requirement_unit'))
    )
    with op.batch_alter_table('requirement', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_requirement_audience'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_requirement_audience'), AUDIENCE)


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
