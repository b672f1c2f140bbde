"""org: sections, staff, duties; staff who sign in and register as such

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

CHECKS = {
    "ck_staff_user_role": "role IN ('admin', 'organizer', 'manager', 'helper', 'auditor', 'member')",
    "ck_staff_user_section": "section <> '' OR role IN ('admin', 'auditor', 'member')",
    "ck_staff_user_member": "role <> 'member' OR staff_member_id IS NOT NULL",
}


def upgrade() -> None:
    op.create_table('org_unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_org_unit'))
    )
    op.create_table('staff_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kana', sa.String(length=80), nullable=False),
    sa.Column('kana_order', sa.String(length=240), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('position', sa.String(length=60), nullable=False),
    sa.Column('joined_year', sa.Integer(), nullable=True),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('email IS NULL OR email = lower(email)', name=op.f('ck_staff_member_email')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_member')),
    sa.UniqueConstraint('number', name=op.f('uq_staff_member_number'))
    )
    with op.batch_alter_table('staff_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_member_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_staff_member_kana_order'), ['kana_order'], unique=False)

    op.create_table('duty',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('promoter', 'coordinator', name='kind', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.CheckConstraint('ends_on IS NULL OR starts_on <= ends_on', name=op.f('ck_duty_days')),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_duty_staff_member_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_duty_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty')),
    sa.UniqueConstraint('fiscal_year', 'unit_id', 'kind', 'starts_on', name=op.f('uq_duty_fiscal_year_unit_id_kind_starts_on'))
    )
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_staff_member_id'), ['staff_member_id'], unique=False)
        batch_op.create_index('uq_duty_open', ['fiscal_year', 'unit_id', 'kind'], unique=True, sqlite_where=sa.text('ends_on IS NULL'), postgresql_where=sa.text('ends_on IS NULL'))

    op.create_table('org_succession',
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('old_id', sa.Integer(), nullable=False),
    sa.Column('new_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['new_id'], ['org_unit.id'], name=op.f('fk_org_succession_new_id')),
    sa.ForeignKeyConstraint(['old_id'], ['org_unit.id'], name=op.f('fk_org_succession_old_id')),
    sa.PrimaryKeyConstraint('fiscal_year', 'old_id', 'new_id', name=op.f('pk_org_succession'))
    )
    op.create_table('org_unit_year',
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.Enum('bureau', 'department', 'section', 'office', name='kind', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint('parent_id <> unit_id', name=op.f('ck_org_unit_year_parent')),
    sa.ForeignKeyConstraint(['parent_id'], ['org_unit.id'], name=op.f('fk_org_unit_year_parent_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_org_unit_year_unit_id')),
    sa.PrimaryKeyConstraint('unit_id', 'fiscal_year', name=op.f('pk_org_unit_year')),
    sa.UniqueConstraint('fiscal_year', 'code', name=op.f('uq_org_unit_year_fiscal_year_code'))
    )
    with op.batch_alter_table('org_unit_year', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_org_unit_year_fiscal_year_parent_id'), ['fiscal_year', 'parent_id'], unique=False)

    op.create_table('posting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.CheckConstraint('ends_on IS NULL OR starts_on <= ends_on', name=op.f('ck_posting_days')),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_member.id'], name=op.f('fk_posting_staff_member_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_posting_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posting')),
    sa.UniqueConstraint('staff_member_id', 'starts_on', name=op.f('uq_posting_staff_member_id_starts_on'))
    )
    with op.batch_alter_table('posting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_posting_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('uq_posting_open', ['staff_member_id'], unique=True, sqlite_where=sa.text('ends_on IS NULL'), postgresql_where=sa.text('ends_on IS NULL'))

    # One form for both databases: to add a constraint, SQLite's tables would have to be written anew.
    op.execute(f"ALTER TABLE registration ADD COLUMN staff_member_id INTEGER {_member_of('registration')}")
    held = sa.text("staff_member_id IS NOT NULL AND status <> 'cancelled'")
    op.create_index(
        "uq_registration_staff_member",
        "registration",
        ["event_id", "staff_member_id"],
        unique=True,
        sqlite_where=held,
        postgresql_where=held,
    )
    if op.get_context().dialect.name == "sqlite":
        _rewrite_staff_user()
    else:
        _alter_staff_user()


def _alter_staff_user() -> None:
    op.execute(f"ALTER TABLE staff_user ADD COLUMN staff_member_id INTEGER {_member_of('staff_user')}")
    op.create_unique_constraint("uq_staff_user_staff_member_id", "staff_user", ["staff_member_id"])
    for name, condition in CHECKS.items():
        op.execute(f"ALTER TABLE staff_user DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE staff_user ADD CONSTRAINT {name} CHECK ({condition})")


def _rewrite_staff_user() -> None:
    """SQLite cannot change a constraint: a new table takes the rows and the name. env.py holds foreign keys still."""
    op.execute("ALTER TABLE staff_user RENAME TO staff_user_before")
    checks = ", ".join(f"CONSTRAINT {name} CHECK ({condition})" for name, condition in CHECKS.items())
    op.execute(
        "CREATE TABLE staff_user ("
        "id INTEGER NOT NULL, email VARCHAR(254) NOT NULL, name VARCHAR(80) NOT NULL, role VARCHAR(16) NOT NULL, "
        "section VARCHAR(60) NOT NULL, password_hash VARCHAR(255) NOT NULL, one_time_until DATETIME, "
        "active BOOLEAN NOT NULL, created_at DATETIME NOT NULL, signed_in_at DATETIME, "
        f"staff_member_id INTEGER {_member_of('staff_user')}, "
        "CONSTRAINT ck_staff_user_email CHECK (email = lower(email)), "
        f"{checks}, "
        "CONSTRAINT pk_staff_user PRIMARY KEY (id), "
        "CONSTRAINT uq_staff_user_email UNIQUE (email), "
        "CONSTRAINT uq_staff_user_staff_member_id UNIQUE (staff_member_id))"
    )
    columns = "id, email, name, role, section, password_hash, one_time_until, active, created_at, signed_in_at"
    op.execute(f"INSERT INTO staff_user ({columns}) SELECT {columns} FROM staff_user_before")
    op.execute("DROP TABLE staff_user_before")


def _member_of(table: str) -> str:
    return f"CONSTRAINT fk_{table}_staff_member_id REFERENCES staff_member (id)"


def downgrade() -> None:
    raise NotImplementedError("go back by restoring the backup that was made before the upgrade")
