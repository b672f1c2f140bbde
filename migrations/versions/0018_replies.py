"""answers of calendars, returned messages, and the mailbox they arrive in

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reply_mailbox',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('looked_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('failing_since', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('next_look_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('error', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(failing_since IS NULL) = (error = '')", name=op.f('ck_reply_mailbox_failing')),
    sa.CheckConstraint('id = 1', name=op.f('ck_reply_mailbox_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_mailbox'))
    )
    op.create_table('taken_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('outcome', sa.Enum('accepted', 'tentative', 'asked', 'cancelled', 'noted', 'again', 'outdated', 'too_late', 'stranger', 'unknown', 'explained', 'unexplained', 'returned', 'delayed', 'unknown_return', 'automatic', 'letter', 'unreadable', 'too_large', 'repeated', name='outcome', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('taken_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_taken_mail')),
    sa.UniqueConstraint('key', name=op.f('uq_taken_mail_key'))
    )
    with op.batch_alter_table('taken_mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_taken_mail_outcome'), ['outcome'], unique=False)

    op.create_table('delivery_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('outbound_message_id', sa.Integer(), nullable=False),
    sa.Column('at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Enum('returned', 'delayed', name='kind', native_enum=False, create_constraint=True, length=10), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('detail', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['outbound_message_id'], ['outbound_message.id'], name=op.f('fk_delivery_report_outbound_message_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_report'))
    )
    with op.batch_alter_table('delivery_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_report_outbound_message_id'), ['outbound_message_id'], unique=False)

    op.create_table('calendar_reply',
    sa.Column('registration_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('answer', sa.Enum('accepted', 'tentative', 'declined', name='answer', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('stamp_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('sequence >= 0', name=op.f('ck_calendar_reply_sequence')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_calendar_reply_registration_id')),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_calendar_reply'))
    )
    op.add_column('event', sa.Column('declines_cancel', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
