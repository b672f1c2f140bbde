"""elearning: courses

Revision ID: 0033
Revises: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('course',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('section', sa.String(length=80), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course')),
    sa.UniqueConstraint('fiscal_year', 'code', name=op.f('uq_course_fiscal_year_code'))
    )
    op.create_table('course_reminder_sent',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sent_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_reminder_sent_course_id')),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_course_reminder_sent_staff_member_id')),
    sa.PrimaryKeyConstraint('course_id', 'staff_member_id', 'days', name=op.f('pk_course_reminder_sent'))
    )
    op.create_table('course_reminder_step',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), autoincrement=False, nullable=False),
    sa.CheckConstraint('days BETWEEN -60 AND 60', name=op.f('ck_course_reminder_step_days')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_reminder_step_course_id')),
    sa.PrimaryKeyConstraint('course_id', 'days', name=op.f('pk_course_reminder_step'))
    )
    op.create_table('course_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('published_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('pass_percent', sa.Integer(), nullable=False),
    sa.Column('most_tries', sa.Integer(), nullable=True),
    sa.Column('definition', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('solutions', sa.JSON(), nullable=False),
    sa.CheckConstraint('most_tries BETWEEN 1 AND 20', name=op.f('ck_course_version_most_tries')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_course_version_number')),
    sa.CheckConstraint('pass_percent BETWEEN 1 AND 100', name=op.f('ck_course_version_pass_percent')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_version_course_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_version')),
    sa.UniqueConstraint('course_id', 'number', name=op.f('uq_course_version_course_id_number'))
    )
    with op.batch_alter_table('course_version', schema=None) as batch_op:
        batch_op.create_index('uq_course_version_draft', ['course_id'], unique=True, sqlite_where=sa.text('published_at IS NULL'), postgresql_where=sa.text('published_at IS NULL'))

    op.create_table('course_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('counts', sa.Boolean(), nullable=False),
    sa.Column('at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number >= 1', name=op.f('ck_course_attempt_number')),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_course_attempt_staff_member_id')),
    sa.ForeignKeyConstraint(['version_id'], ['course_version.id'], name=op.f('fk_course_attempt_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_attempt')),
    sa.UniqueConstraint('version_id', 'staff_member_id', 'number', name=op.f('uq_course_attempt_version_id_staff_member_id_number'))
    )
    with op.batch_alter_table('course_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_attempt_staff_member_id'), ['staff_member_id'], unique=False)

    op.create_table('course_completion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('completed_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_completion_course_id')),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_course_completion_staff_member_id')),
    sa.ForeignKeyConstraint(['version_id'], ['course_version.id'], name=op.f('fk_course_completion_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_completion')),
    sa.UniqueConstraint('code', name=op.f('uq_course_completion_code')),
    sa.UniqueConstraint('course_id', 'staff_member_id', name=op.f('uq_course_completion_course_id_staff_member_id'))
    )
    with op.batch_alter_table('course_completion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_completion_staff_member_id'), ['staff_member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_course_completion_version_id'), ['version_id'], unique=False)

    op.create_table('course_unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('unit_key', sa.String(length=24), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('page', 'pdf', 'slides', 'video', 'link', name='kind', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('file_key', sa.String(length=40), nullable=True),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('file_size', sa.Integer(), nullable=False),
    sa.Column('captions_key', sa.String(length=40), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(kind = 'link') = (url <> '')", name=op.f('ck_course_unit_link')),
    sa.CheckConstraint("(kind IN ('pdf', 'slides', 'video')) = (file_key IS NOT NULL)", name=op.f('ck_course_unit_file')),
    sa.CheckConstraint("captions_key IS NULL OR kind = 'video'", name=op.f('ck_course_unit_captions')),
    sa.CheckConstraint("kind <> 'page' OR body <> ''", name=op.f('ck_course_unit_page')),
    sa.CheckConstraint("kind <> 'video' OR captions_key IS NOT NULL OR body <> ''", name=op.f('ck_course_unit_readable')),
    sa.CheckConstraint('(file_key IS NULL) = (file_size = 0)', name=op.f('ck_course_unit_file_size')),
    sa.ForeignKeyConstraint(['version_id'], ['course_version.id'], name=op.f('fk_course_unit_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_unit')),
    sa.UniqueConstraint('version_id', 'unit_key', name=op.f('uq_course_unit_version_id_unit_key'))
    )
    with op.batch_alter_table('course_unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_unit_captions_key'), ['captions_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_course_unit_file_key'), ['file_key'], unique=False)

    op.create_table('unit_reading',
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('read_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_unit_reading_staff_member_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['course_unit.id'], name=op.f('fk_unit_reading_unit_id')),
    sa.PrimaryKeyConstraint('staff_member_id', 'unit_id', name=op.f('pk_unit_reading'))
    )
    with op.batch_alter_table('unit_reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_reading_unit_id'), ['unit_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('unit_reading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_unit_reading_unit_id'))

    op.drop_table('unit_reading')
    with op.batch_alter_table('course_unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_course_unit_file_key'))
        batch_op.drop_index(batch_op.f('ix_course_unit_captions_key'))

    op.drop_table('course_unit')
    with op.batch_alter_table('course_completion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_course_completion_version_id'))
        batch_op.drop_index(batch_op.f('ix_course_completion_staff_member_id'))

    op.drop_table('course_completion')
    with op.batch_alter_table('course_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_course_attempt_staff_member_id'))

    op.drop_table('course_attempt')
    with op.batch_alter_table('course_version', schema=None) as batch_op:
        batch_op.drop_index('uq_course_version_draft', sqlite_where=sa.text('published_at IS NULL'), postgresql_where=sa.text('published_at IS NULL'))

    op.drop_table('course_version')
    op.drop_table('course_reminder_step')
    op.drop_table('course_reminder_sent')
    op.drop_table('course')
