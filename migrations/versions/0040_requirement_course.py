"""requirement: a course

Revision ID: 0040
Revises: 0039
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('requirement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('course_id', sa.Integer(), nullable=True))
        batch_op.alter_column('event_id', existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(batch_op.f('fk_requirement_course_id'), 'course', ['course_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_requirement_taught'), 'event_id IS NOT NULL OR course_id IS NOT NULL')
        batch_op.create_index(batch_op.f('ix_requirement_course_id'), ['course_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('requirement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_requirement_course_id'))
        batch_op.drop_constraint(batch_op.f('ck_requirement_taught'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_requirement_course_id'), type_='foreignkey')
        batch_op.alter_column('event_id', existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column('course_id')
