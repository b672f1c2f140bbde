"""registrations: named people and bodies

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

CHANNEL = "channel IN ('web', 'phone', 'fax', 'counter', 'postcard', 'imported', 'body')"
NAMING = "names_companions IN ('none', 'asked', 'required')"


def upgrade() -> None:
    op.create_table('body_place',
    sa.Column('registration_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('contact', sa.String(length=80), nullable=False),
    sa.Column('held', sa.Integer(), nullable=False),
    sa.Column('head_count', sa.Integer(), nullable=True),
    sa.Column('edit_until', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('head_count IS NULL OR head_count BETWEEN 1 AND held', name=op.f('ck_body_place_head_count')),
    sa.CheckConstraint('held >= 1', name=op.f('ck_body_place_held')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_body_place_registration_id')),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_body_place'))
    )
    with op.batch_alter_table('body_place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_body_place_edit_until'), ['edit_until'], unique=False)

    op.create_table('party_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kana', sa.String(length=80), nullable=False),
    sa.Column('note', sa.String(length=80), nullable=False),
    sa.Column('link_nonce', sa.String(length=24), nullable=False),
    sa.Column('link_hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_party_member_name')),
    sa.CheckConstraint('position >= 1', name=op.f('ck_party_member_position')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_party_member_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party_member')),
    sa.UniqueConstraint('link_hash', name=op.f('uq_party_member_link_hash')),
    sa.UniqueConstraint('registration_id', 'position', name=op.f('uq_party_member_registration_id_position'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('names_companions', sa.String(16), server_default='none', nullable=False))
        batch_op.create_check_constraint(batch_op.f('ck_event_names_companions'), NAMING)
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_registration_channel'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_registration_channel'), CHANNEL)


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
