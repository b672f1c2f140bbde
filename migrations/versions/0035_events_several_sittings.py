"""events: several sittings

Revision ID: 0035
Revises: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None

TAKEN = "sittings_taken IN ('one', 'some', 'all')"
COMPLETED = "completed_after IS NULL OR (sittings_taken = 'all' AND completed_after >= 1)"
LEAD = "lead_id IS NULL OR (lead_id <> id AND capacity IS NULL AND seats_taken = 0 AND waiting = 0)"


def upgrade() -> None:
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sittings_taken', sa.String(16), server_default='one', nullable=False))
        batch_op.add_column(sa.Column('completed_after', sa.Integer(), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_event_sittings_taken'), TAKEN)
        batch_op.create_check_constraint(batch_op.f('ck_event_completed_after'), COMPLETED)
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sign_up', sa.String(length=24), nullable=True))
        batch_op.create_index(batch_op.f('ix_registration_sign_up'), ['sign_up'], unique=False)
    with op.batch_alter_table('sitting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lead_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('meeting_no', sa.Integer(), server_default='1', nullable=False))
        batch_op.create_check_constraint(batch_op.f('ck_sitting_lead'), LEAD)
        batch_op.create_check_constraint(batch_op.f('ck_sitting_meeting_no'), 'meeting_no >= 1')
        batch_op.create_index(batch_op.f('ix_sitting_lead_id'), ['lead_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_sitting_lead_id'), 'sitting', ['lead_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('sitting', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_sitting_lead_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_sitting_lead_id'))
        batch_op.drop_constraint(batch_op.f('ck_sitting_meeting_no'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_sitting_lead'), type_='check')
        batch_op.drop_column('meeting_no')
        batch_op.drop_column('lead_id')
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_sign_up'))
        batch_op.drop_column('sign_up')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_event_completed_after'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_event_sittings_taken'), type_='check')
        batch_op.drop_column('completed_after')
        batch_op.drop_column('sittings_taken')
