"""model projects: themes and tables

Revision ID: 0039
Revises: 0038
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('model_project',
    sa.Column('event_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('table_size', sa.Integer(), nullable=False),
    sa.Column('formed_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('table_size BETWEEN 2 AND 20', name=op.f('ck_model_project_table_size')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_model_project_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_model_project'))
    )
    op.create_table('model_theme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('reporter', sa.String(length=100), nullable=False),
    sa.Column('sections', sa.String(length=200), nullable=False),
    sa.Column('tables', sa.Integer(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_model_theme_title')),
    sa.CheckConstraint('tables BETWEEN 0 AND 20', name=op.f('ck_model_theme_tables')),
    sa.ForeignKeyConstraint(['event_id'], ['model_project.event_id'], name=op.f('fk_model_theme_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_model_theme')),
    sa.UniqueConstraint('event_id', 'id', name=op.f('uq_model_theme_event_id_id'))
    )
    op.create_table('next_step',
    sa.Column('registration_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_next_step_text')),
    sa.ForeignKeyConstraint(['event_id'], ['model_project.event_id'], name=op.f('fk_next_step_event_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_next_step_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_next_step'))
    )
    with op.batch_alter_table('next_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_next_step_event_id'), ['event_id'], unique=False)

    op.create_table('table_card',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('quadrant', sa.Enum('now', 'plan', 'easy', 'later', name='quadrant', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_table_card_text')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_table_card_number')),
    sa.ForeignKeyConstraint(['event_id', 'theme_id'], ['model_theme.event_id', 'model_theme.id'], name=op.f('fk_table_card_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_table_card'))
    )
    with op.batch_alter_table('table_card', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_table_card_event_id'), ['event_id'], unique=False)

    op.create_table('table_seat',
    sa.Column('registration_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('person', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.CheckConstraint('number >= 1', name=op.f('ck_table_seat_number')),
    sa.CheckConstraint('person >= 0', name=op.f('ck_table_seat_person')),
    sa.ForeignKeyConstraint(['event_id', 'theme_id'], ['model_theme.event_id', 'model_theme.id'], name=op.f('fk_table_seat_event_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_table_seat_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('registration_id', 'person', name=op.f('pk_table_seat'))
    )
    with op.batch_alter_table('table_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_table_seat_event_id'), ['event_id'], unique=False)

    op.create_table('theme_choice',
    sa.Column('registration_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=True),
    sa.Column('second_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('first_id <> second_id', name=op.f('ck_theme_choice_differ')),
    sa.CheckConstraint('first_id IS NOT NULL OR second_id IS NULL', name=op.f('ck_theme_choice_first')),
    sa.ForeignKeyConstraint(['event_id', 'first_id'], ['model_theme.event_id', 'model_theme.id'], name=op.f('fk_theme_choice_first_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id', 'second_id'], ['model_theme.event_id', 'model_theme.id'], name=op.f('fk_theme_choice_second_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_theme_choice_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_theme_choice'))
    )
    with op.batch_alter_table('theme_choice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_theme_choice_event_id'), ['event_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('theme_choice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_theme_choice_event_id'))

    op.drop_table('theme_choice')
    with op.batch_alter_table('table_seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_table_seat_event_id'))

    op.drop_table('table_seat')
    with op.batch_alter_table('table_card', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_table_card_event_id'))

    op.drop_table('table_card')
    with op.batch_alter_table('next_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_next_step_event_id'))

    op.drop_table('next_step')
    op.drop_table('model_theme')
    op.drop_table('model_project')
