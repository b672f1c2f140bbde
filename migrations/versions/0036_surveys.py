"""surveys: the yearly survey of all sections

Revision ID: 0036
Revises: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('survey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('section', sa.String(length=80), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('opened_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('published_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('closed_at IS NULL OR opened_at IS NOT NULL', name=op.f('ck_survey_closed')),
    sa.CheckConstraint('published_at IS NULL OR opened_at IS NOT NULL', name=op.f('ck_survey_published')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey')),
    sa.UniqueConstraint('fiscal_year', name=op.f('uq_survey_fiscal_year'))
    )
    op.create_table('survey_figure',
    sa.Column('fiscal_year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('projects', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.CheckConstraint("source <> ''", name=op.f('ck_survey_figure_source')),
    sa.CheckConstraint('fiscal_year BETWEEN 1989 AND 2200', name=op.f('ck_survey_figure_fiscal_year')),
    sa.CheckConstraint('projects >= 0', name=op.f('ck_survey_figure_projects')),
    sa.PrimaryKeyConstraint('fiscal_year', name=op.f('pk_survey_figure'))
    )
    op.create_table('survey_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'submitted', 'returned', 'accepted', name='state', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('no_projects', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.String(length=80), nullable=False),
    sa.Column('submitted_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('submitted_by', sa.String(length=80), nullable=False),
    sa.Column('submitted_member_id', sa.Integer(), nullable=True),
    sa.Column('approved_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('approved_by', sa.String(length=80), nullable=True),
    sa.Column('accepted_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(accepted_at IS NOT NULL) = (state = 'accepted')", name=op.f('ck_survey_answer_accepted')),
    sa.CheckConstraint("approved_at IS NULL OR state IN ('submitted', 'accepted')", name=op.f('ck_survey_answer_approved')),
    sa.CheckConstraint("state <> 'accepted' OR approved_at IS NOT NULL", name=op.f('ck_survey_answer_confirmed')),
    sa.CheckConstraint("state NOT IN ('submitted', 'accepted') OR submitted_at IS NOT NULL", name=op.f('ck_survey_answer_submitted')),
    sa.CheckConstraint('(approved_at IS NULL) = (approved_by IS NULL)', name=op.f('ck_survey_answer_approved_by')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_survey_answer_version')),
    sa.ForeignKeyConstraint(['submitted_member_id'], ['staff_member.id'], name=op.f('fk_survey_answer_submitted_member_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_answer_survey_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_survey_answer_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_answer')),
    sa.UniqueConstraint('survey_id', 'unit_id', name=op.f('uq_survey_answer_survey_id_unit_id'))
    )
    op.create_table('survey_reminded',
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_reminded_survey_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_survey_reminded_unit_id')),
    sa.PrimaryKeyConstraint('survey_id', 'unit_id', 'days', name=op.f('pk_survey_reminded'))
    )
    op.create_table('survey_reminder',
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), autoincrement=False, nullable=False),
    sa.CheckConstraint('days BETWEEN -60 AND 60', name=op.f('ck_survey_reminder_days')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_reminder_survey_id')),
    sa.PrimaryKeyConstraint('survey_id', 'days', name=op.f('pk_survey_reminder'))
    )
    op.create_table('survey_part',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('section_key', sa.String(length=40), nullable=False),
    sa.Column('row_key', sa.String(length=24), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('updated_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['survey_answer.id'], name=op.f('fk_survey_part_answer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_part')),
    sa.UniqueConstraint('answer_id', 'section_key', 'row_key', name=op.f('uq_survey_part_answer_id_section_key_row_key'))
    )
    op.create_table('survey_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('step', sa.Enum('submitted', 'withdrawn', 'approved', 'sent_back', 'returned', 'accepted', name='step', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('remark', sa.String(length=1000), nullable=False),
    sa.Column('no_projects', sa.Boolean(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.CheckConstraint("(remark <> '') = (step IN ('sent_back', 'returned'))", name=op.f('ck_survey_step_remark')),
    sa.ForeignKeyConstraint(['answer_id'], ['survey_answer.id'], name=op.f('fk_survey_step_answer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_step')),
    sa.UniqueConstraint('answer_id', 'number', name=op.f('uq_survey_step_answer_id_number'))
    )
    op.create_table('survey_handed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('part_id', sa.Integer(), nullable=False),
    sa.Column('question_key', sa.String(length=40), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('done_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['part_id'], ['survey_part.id'], name=op.f('fk_survey_handed_part_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_survey_handed_staff_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_handed')),
    sa.UniqueConstraint('part_id', 'question_key', 'staff_member_id', name=op.f('uq_survey_handed_part_id_question_key_staff_member_id'))
    )
    with op.batch_alter_table('survey_handed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_handed_staff_member_id'), ['staff_member_id'], unique=False)

    op.create_table('survey_pair',
    sa.Column('one_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('same', sa.Boolean(), nullable=False),
    sa.Column('at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.CheckConstraint('one_id < other_id', name=op.f('ck_survey_pair_ordered')),
    sa.ForeignKeyConstraint(['one_id'], ['survey_part.id'], name=op.f('fk_survey_pair_one_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['other_id'], ['survey_part.id'], name=op.f('fk_survey_pair_other_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('one_id', 'other_id', name=op.f('pk_survey_pair'))
    )
    with op.batch_alter_table('survey_pair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_pair_other_id'), ['other_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('survey_pair', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_survey_pair_other_id'))

    op.drop_table('survey_pair')
    with op.batch_alter_table('survey_handed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_survey_handed_staff_member_id'))

    op.drop_table('survey_handed')
    op.drop_table('survey_step')
    op.drop_table('survey_part')
    op.drop_table('survey_reminder')
    op.drop_table('survey_reminded')
    op.drop_table('survey_answer')
    op.drop_table('survey_figure')
    op.drop_table('survey')
