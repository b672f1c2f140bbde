"""seats that are kept: held back by the organizer, and for an audience until a day

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

SEATS = 'seats_taken >= 0 AND (capacity IS NULL OR seats_taken + kept <= capacity)'
SEATS_BEFORE = 'seats_taken >= 0 AND (capacity IS NULL OR seats_taken <= capacity)'


def upgrade() -> None:
    op.create_table('allotment',
    sa.Column('sitting_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('category', sa.Enum('resident', 'staff', 'neighbour', name='category', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('releases_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('released_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('places >= 1', name=op.f('ck_allotment_places')),
    sa.CheckConstraint('taken >= 0', name=op.f('ck_allotment_taken')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_allotment_sitting_id')),
    sa.PrimaryKeyConstraint('sitting_id', 'category', name=op.f('pk_allotment'))
    )
    op.create_index(op.f('ix_allotment_released_at_releases_at'), 'allotment', ['released_at', 'releases_at'], unique=False)
    # SQLite writes the table anew to change a check.
    with op.batch_alter_table('sitting') as batch_op:
        batch_op.add_column(sa.Column('held_back', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('kept', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('allotted', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.drop_constraint(op.f('ck_sitting_seats'), type_='check')
        batch_op.create_check_constraint(op.f('ck_sitting_seats'), SEATS)
        batch_op.create_check_constraint(op.f('ck_sitting_kept'), 'held_back >= 0 AND kept >= held_back')
        batch_op.create_check_constraint(op.f('ck_sitting_kept_of_something'), 'capacity IS NOT NULL OR kept = 0')


def downgrade() -> None:
    with op.batch_alter_table('sitting') as batch_op:
        batch_op.drop_constraint(op.f('ck_sitting_kept_of_something'), type_='check')
        batch_op.drop_constraint(op.f('ck_sitting_kept'), type_='check')
        batch_op.drop_constraint(op.f('ck_sitting_seats'), type_='check')
        batch_op.create_check_constraint(op.f('ck_sitting_seats'), SEATS_BEFORE)
        batch_op.drop_column('allotted')
        batch_op.drop_column('kept')
        batch_op.drop_column('held_back')
    op.drop_index(op.f('ix_allotment_released_at_releases_at'), table_name='allotment')
    op.drop_table('allotment')
