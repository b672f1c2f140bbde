"""seats that are offered to those who wait, and calls to them

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

CHECKS = {
    'waiting_mode': "waiting_mode IN ('automatic', 'offer')",
    'large_parties': "large_parties IN ('skip', 'wait', 'partial')",
    'partial': "large_parties <> 'partial' OR waiting_mode = 'offer'",
}


def upgrade() -> None:
    op.create_table('seat_offer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('made_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('answer_by', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('open', 'accepted', 'declined', 'expired', 'withdrawn', name='state', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('settled_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(length=100), nullable=False),
    sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f('ck_seat_offer_settled')),
    sa.CheckConstraint("(state = 'open') = (settled_by = '')", name=op.f('ck_seat_offer_settled_by')),
    sa.CheckConstraint('answer_by > made_at', name=op.f('ck_seat_offer_window')),
    sa.CheckConstraint('seats >= 1', name=op.f('ck_seat_offer_seats')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_seat_offer_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_offer'))
    )
    with op.batch_alter_table('seat_offer', schema=None) as batch_op:
        batch_op.create_index('ix_seat_offer_due', ['answer_by'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.create_index(batch_op.f('ix_seat_offer_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index('uq_seat_offer_open', ['registration_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('waiting_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('called_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('called_by', sa.String(length=100), nullable=False),
    sa.Column('outcome', sa.Enum('accepted', 'declined', 'no_answer', name='outcome', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_waiting_call_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting_call'))
    )
    with op.batch_alter_table('waiting_call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_waiting_call_registration_id'), ['registration_id'], unique=False)

    # SQLite writes the table anew to add a check.
    with op.batch_alter_table('event') as batch_op:
        batch_op.add_column(sa.Column('waiting_mode', sa.String(length=16), server_default='automatic', nullable=False))
        batch_op.add_column(sa.Column('large_parties', sa.String(length=16), server_default='skip', nullable=False))
        for name, rule in CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_event_{name}'), rule)


def downgrade() -> None:
    with op.batch_alter_table('event') as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f'ck_event_{name}'), type_='check')
        batch_op.drop_column('large_parties')
        batch_op.drop_column('waiting_mode')

    with op.batch_alter_table('waiting_call', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_waiting_call_registration_id'))

    op.drop_table('waiting_call')
    with op.batch_alter_table('seat_offer', schema=None) as batch_op:
        batch_op.drop_index('uq_seat_offer_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_seat_offer_registration_id'))
        batch_op.drop_index('ix_seat_offer_due', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.drop_table('seat_offer')
