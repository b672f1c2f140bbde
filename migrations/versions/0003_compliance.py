"""compliance: requirements of a fiscal year, reminders, exemptions, evidence

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('requirement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('audience', sa.Enum('promoters', 'coordinators', 'list', 'everyone', name='audience', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('substitutes', sa.Enum('refused', 'section_only', 'counts', name='substitutes', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('ended_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_requirement_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requirement')),
    sa.UniqueConstraint('fiscal_year', 'code', name=op.f('uq_requirement_fiscal_year_code'))
    )
    with op.batch_alter_table('requirement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_requirement_code'), ['code'], unique=False)

    op.create_table('evidence',
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('elsewhere', 'substitute', name='kind', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('substitute_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('recorded_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'substitute') = (substitute_id IS NOT NULL)", name=op.f('ck_evidence_substitute')),
    sa.CheckConstraint("kind <> 'elsewhere' OR note <> ''", name=op.f('ck_evidence_note')),
    sa.CheckConstraint('substitute_id <> staff_member_id', name=op.f('ck_evidence_another')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirement.id'], name=op.f('fk_evidence_requirement_id')),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_evidence_staff_member_id')),
    sa.ForeignKeyConstraint(['substitute_id'], ['staff_member.id'], name=op.f('fk_evidence_substitute_id')),
    sa.PrimaryKeyConstraint('requirement_id', 'staff_member_id', 'kind', name=op.f('pk_evidence'))
    )
    op.create_table('exemption',
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('granted_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_exemption_reason')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirement.id'], name=op.f('fk_exemption_requirement_id')),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_exemption_staff_member_id')),
    sa.PrimaryKeyConstraint('requirement_id', 'staff_member_id', name=op.f('pk_exemption'))
    )
    op.create_table('reminder_sent',
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sent_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirement.id'], name=op.f('fk_reminder_sent_requirement_id')),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_reminder_sent_staff_member_id')),
    sa.PrimaryKeyConstraint('requirement_id', 'staff_member_id', 'days', name=op.f('pk_reminder_sent'))
    )
    op.create_table('reminder_step',
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), autoincrement=False, nullable=False),
    sa.CheckConstraint('days BETWEEN -60 AND 60', name=op.f('ck_reminder_step_days')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirement.id'], name=op.f('fk_reminder_step_requirement_id')),
    sa.PrimaryKeyConstraint('requirement_id', 'days', name=op.f('pk_reminder_step'))
    )
    op.create_table('requirement_member',
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirement.id'], name=op.f('fk_requirement_member_requirement_id')),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_requirement_member_staff_member_id')),
    sa.PrimaryKeyConstraint('requirement_id', 'staff_member_id', name=op.f('pk_requirement_member'))
    )


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
