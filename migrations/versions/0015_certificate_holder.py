"""certificates of members of staff, also of those who met a requirement without coming

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('staff_member_id', sa.Integer(), nullable=True))
        batch_op.alter_column('registration_id', existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(
            batch_op.f('ck_certificate_holder'), 'registration_id IS NOT NULL OR staff_member_id IS NOT NULL'
        )
        batch_op.create_foreign_key(
            batch_op.f('fk_certificate_staff_member_id'), 'staff_member', ['staff_member_id'], ['id']
        )
    op.execute(
        'UPDATE certificate SET staff_member_id ='
        ' (SELECT r.staff_member_id FROM registration r WHERE r.id = certificate.registration_id)'
    )
    op.create_index(op.f('ix_certificate_staff_member_id'), 'certificate', ['staff_member_id'], unique=False)
    op.create_index('uq_certificate_member', 'certificate', ['event_id', 'staff_member_id'], unique=True,
                    sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
    op.create_table('requirement_certificate',
    sa.Column('certificate_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_requirement_certificate_certificate_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirement.id'], name=op.f('fk_requirement_certificate_requirement_id')),
    sa.PrimaryKeyConstraint('certificate_id', name=op.f('pk_requirement_certificate'))
    )
    op.create_index(op.f('ix_requirement_certificate_requirement_id'), 'requirement_certificate', ['requirement_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
