"""worksheets: attachments, and who handed in

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('worksheet_attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('worksheet_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('file_key', sa.String(length=40), nullable=False),
    sa.Column('added_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.String(length=80), nullable=False),
    sa.Column('removed_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('size > 0', name=op.f('ck_worksheet_attachment_size')),
    sa.ForeignKeyConstraint(['worksheet_id'], ['worksheet.id'], name=op.f('fk_worksheet_attachment_worksheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet_attachment')),
    sa.UniqueConstraint('file_key', name=op.f('uq_worksheet_attachment_file_key'))
    )
    with op.batch_alter_table('worksheet_attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_worksheet_attachment_worksheet_id'), ['worksheet_id'], unique=False)

    op.create_table('worksheet_revision_attachment',
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('attachment_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['attachment_id'], ['worksheet_attachment.id'], name=op.f('fk_worksheet_revision_attachment_attachment_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['worksheet_revision.id'], name=op.f('fk_worksheet_revision_attachment_revision_id')),
    sa.PrimaryKeyConstraint('revision_id', 'attachment_id', name=op.f('pk_worksheet_revision_attachment'))
    )
    with op.batch_alter_table('worksheet_revision_attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_worksheet_revision_attachment_attachment_id'), ['attachment_id'], unique=False)

    with op.batch_alter_table('worksheet', schema=None) as batch_op:
        batch_op.add_column(sa.Column('submitted_member_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_worksheet_submitted_member_id'), 'staff_member', ['submitted_member_id'], ['id'])

    with op.batch_alter_table('worksheet_template', schema=None) as batch_op:
        batch_op.add_column(sa.Column('most_attachments', sa.Integer(), server_default='0', nullable=False))
        batch_op.create_check_constraint(batch_op.f('ck_worksheet_template_most_attachments'), 'most_attachments BETWEEN 0 AND 20')



def downgrade() -> None:
    with op.batch_alter_table('worksheet_template', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_worksheet_template_most_attachments'), type_='check')
        batch_op.drop_column('most_attachments')

    with op.batch_alter_table('worksheet', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_worksheet_submitted_member_id'), type_='foreignkey')
        batch_op.drop_column('submitted_member_id')

    with op.batch_alter_table('worksheet_revision_attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_worksheet_revision_attachment_attachment_id'))

    op.drop_table('worksheet_revision_attachment')
    with op.batch_alter_table('worksheet_attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_worksheet_attachment_worksheet_id'))

    op.drop_table('worksheet_attachment')
