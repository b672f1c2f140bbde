"""worksheets: templates in numbered forms, sheets with their story, rows and what was chosen in them

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('worksheet_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('section', sa.String(length=80), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('needs_approval', sa.Boolean(), nullable=False),
    sa.Column('opened_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('closed_at IS NULL OR opened_at IS NOT NULL', name=op.f('ck_worksheet_template_closed')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet_template')),
    sa.UniqueConstraint('fiscal_year', 'code', name=op.f('uq_worksheet_template_fiscal_year_code'))
    )
    op.create_table('worksheet_form',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number >= 1', name=op.f('ck_worksheet_form_number')),
    sa.ForeignKeyConstraint(['template_id'], ['worksheet_template.id'], name=op.f('fk_worksheet_form_template_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet_form')),
    sa.UniqueConstraint('template_id', 'number', name=op.f('uq_worksheet_form_template_id_number'))
    )
    op.create_table('worksheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'submitted', 'returned', 'accepted', name='state', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.String(length=80), nullable=False),
    sa.Column('submitted_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('submitted_by', sa.String(length=80), nullable=False),
    sa.Column('approved_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('approved_by', sa.String(length=80), nullable=True),
    sa.Column('accepted_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(accepted_at IS NOT NULL) = (state = 'accepted')", name=op.f('ck_worksheet_accepted')),
    sa.CheckConstraint("approved_at IS NULL OR state IN ('submitted', 'accepted')", name=op.f('ck_worksheet_approved')),
    sa.CheckConstraint("state NOT IN ('submitted', 'accepted') OR submitted_at IS NOT NULL", name=op.f('ck_worksheet_submitted')),
    sa.CheckConstraint('(approved_at IS NULL) = (approved_by IS NULL)', name=op.f('ck_worksheet_approved_by')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_worksheet_version')),
    sa.ForeignKeyConstraint(['form_id'], ['worksheet_form.id'], name=op.f('fk_worksheet_form_id')),
    sa.ForeignKeyConstraint(['template_id'], ['worksheet_template.id'], name=op.f('fk_worksheet_template_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_worksheet_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet')),
    sa.UniqueConstraint('template_id', 'unit_id', name=op.f('uq_worksheet_template_id_unit_id'))
    )
    op.create_table('worksheet_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('worksheet_id', sa.Integer(), nullable=False),
    sa.Column('section_key', sa.String(length=40), nullable=True),
    sa.Column('row_key', sa.String(length=24), nullable=True),
    sa.Column('question_key', sa.String(length=40), nullable=True),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("text <> ''", name=op.f('ck_worksheet_comment_text')),
    sa.CheckConstraint('row_key IS NULL OR section_key IS NOT NULL', name=op.f('ck_worksheet_comment_row')),
    sa.ForeignKeyConstraint(['worksheet_id'], ['worksheet.id'], name=op.f('fk_worksheet_comment_worksheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet_comment'))
    )
    with op.batch_alter_table('worksheet_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_worksheet_comment_worksheet_id'), ['worksheet_id'], unique=False)

    op.create_table('worksheet_revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('worksheet_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('step', sa.Enum('submitted', 'withdrawn', 'approved', 'sent_back', 'returned', 'accepted', name='step', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['form_id'], ['worksheet_form.id'], name=op.f('fk_worksheet_revision_form_id')),
    sa.ForeignKeyConstraint(['worksheet_id'], ['worksheet.id'], name=op.f('fk_worksheet_revision_worksheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet_revision')),
    sa.UniqueConstraint('worksheet_id', 'number', name=op.f('uq_worksheet_revision_worksheet_id_number'))
    )
    op.create_table('worksheet_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('worksheet_id', sa.Integer(), nullable=False),
    sa.Column('section_key', sa.String(length=40), nullable=False),
    sa.Column('row_key', sa.String(length=24), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('agreed', sa.Boolean(), nullable=False),
    sa.Column('chosen', sa.Boolean(), nullable=False),
    sa.CheckConstraint('agreed OR NOT chosen', name=op.f('ck_worksheet_row_chosen')),
    sa.ForeignKeyConstraint(['template_id'], ['worksheet_template.id'], name=op.f('fk_worksheet_row_template_id')),
    sa.ForeignKeyConstraint(['worksheet_id'], ['worksheet.id'], name=op.f('fk_worksheet_row_worksheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet_row')),
    sa.UniqueConstraint('worksheet_id', 'section_key', 'row_key', name=op.f('uq_worksheet_row_worksheet_id_section_key_row_key'))
    )
    with op.batch_alter_table('worksheet_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_worksheet_row_template_id_worksheet_id_place'), ['template_id', 'worksheet_id', 'place'], unique=False)

    op.create_table('worksheet_choice',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('question_key', sa.String(length=40), nullable=False),
    sa.Column('option_key', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['row_id'], ['worksheet_row.id'], name=op.f('fk_worksheet_choice_row_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('row_id', 'question_key', 'option_key', name=op.f('pk_worksheet_choice'))
    )
    with op.batch_alter_table('worksheet_choice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_worksheet_choice_question_key_option_key'), ['question_key', 'option_key'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('worksheet_choice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_worksheet_choice_question_key_option_key'))

    op.drop_table('worksheet_choice')
    with op.batch_alter_table('worksheet_row', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_worksheet_row_template_id_worksheet_id_place'))

    op.drop_table('worksheet_row')
    op.drop_table('worksheet_revision')
    with op.batch_alter_table('worksheet_comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_worksheet_comment_worksheet_id'))

    op.drop_table('worksheet_comment')
    op.drop_table('worksheet')
    op.drop_table('worksheet_form')
    op.drop_table('worksheet_template')
