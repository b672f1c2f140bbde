"""offers to swap sittings

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('swap_offer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('giver_id', sa.Integer(), nullable=False),
    sa.Column('taker_id', sa.Integer(), nullable=False),
    sa.Column('giver_sitting_id', sa.Integer(), nullable=False),
    sa.Column('taker_sitting_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('open', 'accepted', 'declined', 'withdrawn', 'lapsed', name='state', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('made_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('giver_id <> taker_id', name=op.f('ck_swap_offer_two')),
    sa.CheckConstraint('giver_sitting_id <> taker_sitting_id', name=op.f('ck_swap_offer_sittings')),
    sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f('ck_swap_offer_settled')),
    sa.ForeignKeyConstraint(['giver_id'], ['registration.id'], name=op.f('fk_swap_offer_giver_id')),
    sa.ForeignKeyConstraint(['taker_id'], ['registration.id'], name=op.f('fk_swap_offer_taker_id')),
    sa.ForeignKeyConstraint(['giver_sitting_id'], ['sitting.id'], name=op.f('fk_swap_offer_giver_sitting_id')),
    sa.ForeignKeyConstraint(['taker_sitting_id'], ['sitting.id'], name=op.f('fk_swap_offer_taker_sitting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_swap_offer'))
    )
    op.create_index('uq_swap_offer_open', 'swap_offer', ['giver_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.create_index(op.f('ix_swap_offer_taker_id'), 'swap_offer', ['taker_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
