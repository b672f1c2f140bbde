"""shared issues

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('shared_issue_figure',
    sa.Column('fiscal_year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('typed_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('typed_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint("source <> ''", name=op.f('ck_shared_issue_figure_source')),
    sa.CheckConstraint('number BETWEEN 0 AND 9999', name=op.f('ck_shared_issue_figure_number')),
    sa.PrimaryKeyConstraint('fiscal_year', name=op.f('pk_shared_issue_figure'))
    )
    op.create_table('shared_issue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('subject', sa.Enum('welfare', 'children', 'learning', 'safety', 'environment', 'town', 'culture', 'industry', 'rights', 'other', name='subject', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('district', sa.Enum('whole', 'kurashiki', 'mizushima', 'kojima', 'tamashima', 'sho', 'chayamachi', 'funao', 'mabi', name='district', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('background', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('affected', sa.String(length=1000), nullable=False),
    sa.Column('existing', sa.String(length=1000), nullable=False),
    sa.Column('sections', sa.String(length=300), nullable=False),
    sa.Column('groups', sa.String(length=300), nullable=False),
    sa.Column('progress', sa.Enum('seeking', 'considering', 'realized', 'ended', name='progress', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('stage', sa.Enum('draft', 'proposed', 'returned', 'published', name='stage', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('remark', sa.String(length=1000), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.String(length=100), nullable=False),
    sa.Column('proposed_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('published_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('posted_url', sa.String(length=300), nullable=False),
    sa.Column('posted_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(posted_url = '') = (posted_on IS NULL)", name=op.f('ck_shared_issue_posted')),
    sa.CheckConstraint("(stage = 'returned') = (remark <> '')", name=op.f('ck_shared_issue_returned')),
    sa.CheckConstraint("stage <> 'proposed' OR proposed_at IS NOT NULL", name=op.f('ck_shared_issue_proposed')),
    sa.CheckConstraint("stage <> 'published' OR published_at IS NOT NULL", name=op.f('ck_shared_issue_published')),
    sa.CheckConstraint("stage NOT IN ('proposed', 'published') OR (background <> '' AND affected <> '')", name=op.f('ck_shared_issue_told')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_shared_issue_title')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_shared_issue_version')),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_shared_issue_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_issue')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('shared_issue', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shared_issue_stage_published_at'), ['stage', 'published_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_shared_issue_unit_id'), ['unit_id'], unique=False)

    op.create_table('shared_issue_contribution',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('shown_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('shown_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_shared_issue_contribution_text')),
    sa.ForeignKeyConstraint(['issue_id'], ['shared_issue.id'], name=op.f('fk_shared_issue_contribution_issue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_issue_contribution'))
    )
    with op.batch_alter_table('shared_issue_contribution', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shared_issue_contribution_issue_id'), ['issue_id'], unique=False)

    op.create_table('shared_issue_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('theme', 'event', 'proposal', 'other', name='kind', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('url', sa.String(length=300), nullable=False),
    sa.CheckConstraint("title <> '' AND url <> ''", name=op.f('ck_shared_issue_link_said')),
    sa.ForeignKeyConstraint(['issue_id'], ['shared_issue.id'], name=op.f('fk_shared_issue_link_issue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_issue_link')),
    sa.UniqueConstraint('issue_id', 'url', name=op.f('uq_shared_issue_link_issue_id_url'))
    )
    op.create_table('shared_issue_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('join', 'know', name='kind', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('state', sa.Enum('new', 'in_hand', 'done', 'refused', name='state', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('submission_key', sa.String(length=64), nullable=False),
    sa.Column('contribution_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint("name <> '' AND text <> ''", name=op.f('ck_shared_issue_answer_said')),
    sa.CheckConstraint('email IS NOT NULL OR phone IS NOT NULL', name=op.f('ck_shared_issue_answer_contact')),
    sa.ForeignKeyConstraint(['contribution_id'], ['shared_issue_contribution.id'], name=op.f('fk_shared_issue_answer_contribution_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['issue_id'], ['shared_issue.id'], name=op.f('fk_shared_issue_answer_issue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_issue_answer')),
    sa.UniqueConstraint('contribution_id', name=op.f('uq_shared_issue_answer_contribution_id')),
    sa.UniqueConstraint('submission_key', name=op.f('uq_shared_issue_answer_submission_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('shared_issue_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shared_issue_answer_issue_id'), ['issue_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_shared_issue_answer_state_updated_at'), ['state', 'updated_at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('shared_issue_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shared_issue_answer_state_updated_at'))
        batch_op.drop_index(batch_op.f('ix_shared_issue_answer_issue_id'))

    op.drop_table('shared_issue_answer')
    op.drop_table('shared_issue_link')
    with op.batch_alter_table('shared_issue_contribution', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shared_issue_contribution_issue_id'))

    op.drop_table('shared_issue_contribution')
    with op.batch_alter_table('shared_issue', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shared_issue_unit_id'))
        batch_op.drop_index(batch_op.f('ix_shared_issue_stage_published_at'))

    op.drop_table('shared_issue')
    op.drop_table('shared_issue_figure')
