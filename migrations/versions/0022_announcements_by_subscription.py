"""announcements by subscription

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

OUTCOMES = (
    'accepted', 'tentative', 'asked', 'cancelled', 'noted', 'again', 'outdated', 'too_late', 'stranger', 'unknown', 'explained',
    'unexplained', 'returned', 'delayed', 'unknown_return', 'automatic', 'letter', 'unreadable', 'too_large', 'repeated',
    'unsubscribed',
)
OUTCOME = f"outcome IN ({', '.join(repr(one) for one in OUTCOMES)})"


def upgrade() -> None:
    op.create_table('subscription',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('every', sa.Boolean(), nullable=False),
    sa.Column('link_nonce', sa.String(length=24), nullable=False),
    sa.Column('link_hash', sa.String(length=64), nullable=False),
    sa.Column('confirmed_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('resting_since', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription')),
    sa.UniqueConstraint('email', name=op.f('uq_subscription_email')),
    sa.UniqueConstraint('link_hash', name=op.f('uq_subscription_link_hash')),
    sa.UniqueConstraint('public_id', name=op.f('uq_subscription_public_id'))
    )
    op.create_table('subscription_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('every', sa.Boolean(), nullable=False),
    sa.Column('series', sa.JSON(), nullable=False),
    sa.Column('link_nonce', sa.String(length=24), nullable=False),
    sa.Column('link_hash', sa.String(length=64), nullable=False),
    sa.Column('asked_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription_request')),
    sa.UniqueConstraint('email', name=op.f('uq_subscription_request_email')),
    sa.UniqueConstraint('link_hash', name=op.f('uq_subscription_request_link_hash')),
    sa.UniqueConstraint('public_id', name=op.f('uq_subscription_request_public_id'))
    )
    with op.batch_alter_table('subscription_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subscription_request_asked_at'), ['asked_at'], unique=False)

    op.create_table('subscribed_series',
    sa.Column('subscription_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('series_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_subscribed_series_series_id')),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscription.id'], name=op.f('fk_subscribed_series_subscription_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('subscription_id', 'series_id', name=op.f('pk_subscribed_series'))
    )
    with op.batch_alter_table('subscribed_series', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subscribed_series_series_id'), ['series_id'], unique=False)

    op.create_table('announcement',
    sa.Column('event_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_id', sa.Integer(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('begun_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('finished_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('people >= 0 AND last_id >= 0', name=op.f('ck_announcement_counts')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_announcement_event_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_announcement'))
    )
    with op.batch_alter_table('announcement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcement_begun_at'), ['begun_at'], unique=False)

    op.add_column('event', sa.Column('announces', sa.Boolean(), server_default=sa.true(), nullable=False))
    # SQLite writes the table anew to change a check.
    with op.batch_alter_table('taken_mail', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_taken_mail_outcome'), type_='check')
        batch_op.create_check_constraint(op.f('ck_taken_mail_outcome'), OUTCOME)


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
