"""reports: the yearly report and typed figures

Revision ID: 0037
Revises: 0036
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(length=60), nullable=False),
    sa.Column('publisher', sa.String(length=120), nullable=False),
    sa.Column('status', sa.Enum('draft', 'reviewed', 'frozen', name='status', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('carried_from', sa.Integer(), nullable=True),
    sa.Column('edited_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('edited_by', sa.String(length=100), nullable=False),
    sa.Column('edited_by_id', sa.String(length=40), nullable=True),
    sa.Column('reviewed_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reviewed_by', sa.String(length=100), nullable=False),
    sa.Column('reviewed_digest', sa.String(length=64), nullable=False),
    sa.Column('frozen_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('frozen_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint("(reviewed_at IS NULL) = (reviewed_digest = '')", name=op.f('ck_report_digest')),
    sa.CheckConstraint("(status = 'draft') = (reviewed_at IS NULL)", name=op.f('ck_report_reviewed')),
    sa.CheckConstraint("(status = 'frozen') = (frozen_at IS NOT NULL)", name=op.f('ck_report_frozen')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('fiscal_year', name=op.f('uq_report_fiscal_year'))
    )
    op.create_table('typed_figure',
    sa.Column('section', sa.String(length=60), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('typed_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('typed_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint("source <> ''", name=op.f('ck_typed_figure_source')),
    sa.CheckConstraint('value >= 0', name=op.f('ck_typed_figure_value')),
    sa.PrimaryKeyConstraint('section', 'fiscal_year', 'key', name=op.f('pk_typed_figure'))
    )
    op.create_table('report_correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('published_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_report_correction_text')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_correction_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_correction'))
    )
    with op.batch_alter_table('report_correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_correction_report_id'), ['report_id'], unique=False)

    op.create_table('report_figure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('unit', sa.String(length=10), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_figure_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_figure')),
    sa.UniqueConstraint('report_id', 'fiscal_year', 'key', name=op.f('uq_report_figure_report_id_fiscal_year_key'))
    )
    op.create_table('report_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('page', 'pdf', 'docx', 'csv', name='kind', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('file_key', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_file_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_file')),
    sa.UniqueConstraint('file_key', name=op.f('uq_report_file_file_key')),
    sa.UniqueConstraint('report_id', 'kind', name=op.f('uq_report_file_report_id_kind'))
    )
    op.create_table('report_photo',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('chapter', sa.String(length=40), nullable=False),
    sa.Column('alt', sa.String(length=300), nullable=False),
    sa.Column('caption', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('file_key', sa.String(length=60), nullable=False),
    sa.CheckConstraint("alt <> ''", name=op.f('ck_report_photo_alt')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_photo_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_photo')),
    sa.UniqueConstraint('file_key', name=op.f('uq_report_photo_file_key'))
    )
    with op.batch_alter_table('report_photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_photo_report_id'), ['report_id'], unique=False)

    op.create_table('report_text',
    sa.Column('report_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('chapter', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('carried', sa.Boolean(), nullable=False),
    sa.Column('edited_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('edited_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint('version >= 1', name=op.f('ck_report_text_version')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_text_report_id')),
    sa.PrimaryKeyConstraint('report_id', 'chapter', name=op.f('pk_report_text'))
    )


def downgrade() -> None:
    op.drop_table('report_text')
    with op.batch_alter_table('report_photo', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_photo_report_id'))

    op.drop_table('report_photo')
    op.drop_table('report_file')
    op.drop_table('report_figure')
    with op.batch_alter_table('report_correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_correction_report_id'))

    op.drop_table('report_correction')
    op.drop_table('typed_figure')
    op.drop_table('report')
