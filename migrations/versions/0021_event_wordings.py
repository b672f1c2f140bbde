"""an event's own words and sender in its messages

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('event_sender',
    sa.Column('event_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('reply_to', sa.String(length=254), nullable=False),
    sa.CheckConstraint("name <> '' OR reply_to <> ''", name=op.f('ck_event_sender_chosen')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_sender_event_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_event_sender'))
    )
    op.create_table('event_wording',
    sa.Column('event_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('opening', sa.Text(), nullable=False),
    sa.Column('closing', sa.Text(), nullable=False),
    sa.Column('standard', sa.Boolean(), nullable=False),
    sa.CheckConstraint("standard OR opening <> ''", name=op.f('ck_event_wording_standard')),
    sa.CheckConstraint("subject <> '' OR opening <> '' OR closing <> ''", name=op.f('ck_event_wording_said')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_wording_event_id')),
    sa.PrimaryKeyConstraint('event_id', 'kind', name=op.f('pk_event_wording'))
    )


def downgrade() -> None:
    op.drop_table('event_wording')
    op.drop_table('event_sender')
