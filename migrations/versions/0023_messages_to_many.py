"""messages to many

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bulk_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('recipients', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('made_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=100), nullable=False),
    sa.Column('tested_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('sent_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('sent_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint("(sent_at IS NULL) = (sent_by = '')", name=op.f('ck_bulk_message_sent')),
    sa.CheckConstraint("subject <> '' AND body <> ''", name=op.f('ck_bulk_message_said')),
    sa.CheckConstraint('sent_at IS NULL OR tested_at IS NOT NULL', name=op.f('ck_bulk_message_tested')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_bulk_message_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_message'))
    )
    with op.batch_alter_table('bulk_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bulk_message_event_id'), ['event_id'], unique=False)

    op.create_table('bulk_attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bulk_message_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('file_key', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['bulk_message_id'], ['bulk_message.id'], name=op.f('fk_bulk_attachment_bulk_message_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_attachment')),
    sa.UniqueConstraint('file_key', name=op.f('uq_bulk_attachment_file_key'))
    )
    with op.batch_alter_table('bulk_attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bulk_attachment_bulk_message_id'), ['bulk_message_id'], unique=False)

    op.create_table('bulk_recipient',
    sa.Column('bulk_message_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('registration_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('outbound_message_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['bulk_message_id'], ['bulk_message.id'], name=op.f('fk_bulk_recipient_bulk_message_id')),
    sa.ForeignKeyConstraint(['outbound_message_id'], ['outbound_message.id'], name=op.f('fk_bulk_recipient_outbound_message_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_bulk_recipient_registration_id')),
    sa.PrimaryKeyConstraint('bulk_message_id', 'registration_id', name=op.f('pk_bulk_recipient')),
    sa.UniqueConstraint('outbound_message_id', name=op.f('uq_bulk_recipient_outbound_message_id'))
    )
    with op.batch_alter_table('bulk_recipient', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bulk_recipient_registration_id'), ['registration_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('bulk_recipient', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bulk_recipient_registration_id'))

    op.drop_table('bulk_recipient')
    with op.batch_alter_table('bulk_attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bulk_attachment_bulk_message_id'))

    op.drop_table('bulk_attachment')
    with op.batch_alter_table('bulk_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bulk_message_event_id'))

    op.drop_table('bulk_message')
