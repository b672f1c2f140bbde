"""links to choose a password

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('password_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('link_nonce', sa.String(length=24), nullable=False),
    sa.Column('link_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_password_link_email')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_password_link')),
    sa.UniqueConstraint('link_hash', name=op.f('uq_password_link_link_hash'))
    )
    op.create_index(op.f('ix_password_link_email'), 'password_link', ['email'], unique=False)
    op.create_index(op.f('ix_password_link_created_at'), 'password_link', ['created_at'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
