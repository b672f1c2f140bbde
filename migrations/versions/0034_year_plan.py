"""year plan

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('year_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(length=80), nullable=False),
    sa.Column('begun_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_year_plan')),
    sa.UniqueConstraint('fiscal_year', 'section', name=op.f('uq_year_plan_fiscal_year_section'))
    )
    op.create_table('year_plan_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('page', sa.String(length=200), nullable=False),
    sa.Column('watch', sa.String(length=40), nullable=False),
    sa.Column('done_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(length=100), nullable=False),
    sa.Column('updated_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(done_at IS NULL) = (done_by = '')", name=op.f('ck_year_plan_entry_done')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_year_plan_entry_title')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_year_plan_entry_days')),
    sa.ForeignKeyConstraint(['plan_id'], ['year_plan.id'], name=op.f('fk_year_plan_entry_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_year_plan_entry')),
    sa.UniqueConstraint('plan_id', 'key', name=op.f('uq_year_plan_entry_plan_id_key'))
    )


def downgrade() -> None:
    op.drop_table('year_plan_entry')
    op.drop_table('year_plan')
