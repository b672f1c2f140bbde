"""checklists of events; which event was copied into which year

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('checklist_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('counting', sa.Enum('days', 'working_days', name='counting', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('done_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_checklist_step_title')),
    sa.CheckConstraint('days BETWEEN -365 AND 365', name=op.f('ck_checklist_step_days')),
    sa.CheckConstraint("(done_at IS NULL) = (done_by = '')", name=op.f('ck_checklist_step_done')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_checklist_step_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_step')),
    sa.UniqueConstraint('event_id', 'key', name=op.f('uq_checklist_step_event_id_key'))
    )
    op.create_table('event_copy',
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_copy_event_id')),
    sa.ForeignKeyConstraint(['source_id'], ['event.id'], name=op.f('fk_event_copy_source_id')),
    sa.PrimaryKeyConstraint('source_id', 'fiscal_year', name=op.f('pk_event_copy')),
    sa.UniqueConstraint('event_id', name=op.f('uq_event_copy_event_id'))
    )


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
