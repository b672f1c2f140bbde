"""events: questions and their answers

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('saved_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(length=60), nullable=False),
    sa.Column('label', sa.String(length=100), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('saved_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_question')),
    sa.UniqueConstraint('section', 'label', name=op.f('uq_saved_question_section_label'))
    )
    op.create_table('event_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('retired_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('place >= 0', name=op.f('ck_event_question_place')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_question_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_question')),
    sa.UniqueConstraint('event_id', 'key', name=op.f('uq_event_question_event_id_key'))
    )
    op.create_table('answer_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('file_key', sa.String(length=40), nullable=False),
    sa.Column('uploaded_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('size > 0', name=op.f('ck_answer_file_size')),
    sa.ForeignKeyConstraint(['question_id'], ['event_question.id'], name=op.f('fk_answer_file_question_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_answer_file_registration_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_file')),
    sa.UniqueConstraint('file_key', name=op.f('uq_answer_file_file_key')),
    sa.UniqueConstraint('key', name=op.f('uq_answer_file_key'))
    )
    with op.batch_alter_table('answer_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_file_registration_id_uploaded_at'), ['registration_id', 'uploaded_at'], unique=False)

    op.create_table('registration_answer',
    sa.Column('registration_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('question_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('person', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.CheckConstraint('person >= 0', name=op.f('ck_registration_answer_person')),
    sa.ForeignKeyConstraint(['question_id'], ['event_question.id'], name=op.f('fk_registration_answer_question_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_registration_answer_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('registration_id', 'question_id', 'person', name=op.f('pk_registration_answer'))
    )
    with op.batch_alter_table('registration_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_answer_question_id'), ['question_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('registration_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_answer_question_id'))

    op.drop_table('registration_answer')
    with op.batch_alter_table('answer_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answer_file_registration_id_uploaded_at'))

    op.drop_table('answer_file')
    op.drop_table('event_question')
    op.drop_table('saved_question')
