"""worksheets that a requirement demands besides the training

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('requirement_worksheet',
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirement.id'], name=op.f('fk_requirement_worksheet_requirement_id')),
    sa.ForeignKeyConstraint(['template_id'], ['worksheet_template.id'], name=op.f('fk_requirement_worksheet_template_id')),
    sa.PrimaryKeyConstraint('requirement_id', name=op.f('pk_requirement_worksheet'))
    )
    op.create_index(op.f('ix_requirement_worksheet_template_id'), 'requirement_worksheet', ['template_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
