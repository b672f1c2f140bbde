"""how places are given: approval, and draws with their promise, list and result

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

ADMISSION = "admission IN ('first_come', 'approval', 'lottery')"
TICKETS = 'tickets_first_time BETWEEN 1 AND 9 AND tickets_in_city BETWEEN 1 AND 9'


def upgrade() -> None:
    # SQLite writes the table anew to change a check.
    with op.batch_alter_table('event') as batch_op:
        batch_op.add_column(sa.Column('draw_waits', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('tickets_first_time', sa.Integer(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('tickets_in_city', sa.Integer(), server_default='1', nullable=False))
        batch_op.drop_constraint(op.f('ck_event_admission'), type_='check')
        batch_op.create_check_constraint(op.f('ck_event_admission'), ADMISSION)
        batch_op.create_check_constraint(op.f('ck_event_tickets'), TICKETS)
    for name in ('first_time', 'in_city'):
        op.add_column('registration', sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table('draw',
    sa.Column('event_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('commitment', sa.String(length=64), nullable=False),
    sa.Column('committed_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('list_hash', sa.String(length=64), nullable=False),
    sa.Column('frozen_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('drawn_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('drawn_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint("(frozen_at IS NULL) = (list_hash = '')", name=op.f('ck_draw_frozen')),
    sa.CheckConstraint("(drawn_at IS NULL) = (drawn_by = '')", name=op.f('ck_draw_drawn')),
    sa.CheckConstraint('drawn_at IS NULL OR drawn_at >= frozen_at', name=op.f('ck_draw_times')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_draw_event_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_draw'))
    )
    op.create_table('draw_entry',
    sa.Column('registration_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=8), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('tickets', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('lot', sa.Enum('won', 'waiting', 'lost', 'withdrawn', name='lot', native_enum=False, create_constraint=True, length=16), nullable=True),
    sa.CheckConstraint('seats >= 1 AND tickets >= 1', name=op.f('ck_draw_entry_counts')),
    sa.CheckConstraint('(rank IS NULL) = (lot IS NULL)', name=op.f('ck_draw_entry_drawn')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_draw_entry_event_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_draw_entry_registration_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_draw_entry_sitting_id')),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_draw_entry')),
    sa.UniqueConstraint('sitting_id', 'rank', name=op.f('uq_draw_entry_sitting_id_rank'))
    )
    op.create_index(op.f('ix_draw_entry_event_id'), 'draw_entry', ['event_id'], unique=False)
    op.create_table('draw_seats',
    sa.Column('sitting_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seats', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_draw_seats_sitting_id')),
    sa.PrimaryKeyConstraint('sitting_id', name=op.f('pk_draw_seats'))
    )


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
