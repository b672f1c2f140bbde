"""feedback: anonymous answers

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('feedback_form',
    sa.Column('event_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('breakdown', sa.String(length=40), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.CheckConstraint('length(code) = 6', name=op.f('ck_feedback_form_code')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_feedback_form_event_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_feedback_form')),
    sa.UniqueConstraint('code', name=op.f('uq_feedback_form_code'))
    )
    op.create_table('feedback_ballot',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['feedback_form.event_id'], name=op.f('fk_feedback_ballot_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_ballot')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('feedback_ballot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_ballot_event_id'), ['event_id'], unique=False)

    op.create_table('feedback_spent',
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['feedback_form.event_id'], name=op.f('fk_feedback_spent_event_id')),
    sa.PrimaryKeyConstraint('key_hash', name=op.f('pk_feedback_spent')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('feedback_spent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_spent_event_id'), ['event_id'], unique=False)

    op.create_table('feedback_text',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=100), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_feedback_text_text')),
    sa.ForeignKeyConstraint(['event_id'], ['feedback_form.event_id'], name=op.f('fk_feedback_text_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_text')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('feedback_text', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_text_event_id'), ['event_id'], unique=False)

    op.create_table('feedback_ticket',
    sa.Column('link_hash', sa.String(length=64), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['feedback_form.event_id'], name=op.f('fk_feedback_ticket_event_id')),
    sa.PrimaryKeyConstraint('link_hash', name=op.f('pk_feedback_ticket')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('feedback_ticket', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_ticket_event_id'), ['event_id'], unique=False)

    op.create_table('feedback_thanked',
    sa.Column('event_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('registration_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['feedback_form.event_id'], name=op.f('fk_feedback_thanked_event_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_feedback_thanked_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('event_id', 'registration_id', name=op.f('pk_feedback_thanked'))
    )
    with op.batch_alter_table('feedback_thanked', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_thanked_registration_id'), ['registration_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('feedback_thanked', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_thanked_registration_id'))

    op.drop_table('feedback_thanked')
    with op.batch_alter_table('feedback_ticket', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_ticket_event_id'))

    op.drop_table('feedback_ticket')
    with op.batch_alter_table('feedback_text', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_text_event_id'))

    op.drop_table('feedback_text')
    with op.batch_alter_table('feedback_spent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_spent_event_id'))

    op.drop_table('feedback_spent')
    with op.batch_alter_table('feedback_ballot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_ballot_event_id'))

    op.drop_table('feedback_ballot')
    op.drop_table('feedback_form')
