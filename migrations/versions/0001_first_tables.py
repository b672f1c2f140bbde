"""first tables

Revision ID: 0001
Revises: 
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.infra.db
from app.infra import audit_guard

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor_kind', sa.String(length=10), nullable=False),
    sa.Column('actor_id', sa.String(length=40), nullable=True),
    sa.Column('actor_label', sa.String(length=100), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('object_type', sa.String(length=30), nullable=False),
    sa.Column('object_id', sa.String(length=40), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('request_id', sa.String(length=40), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_object_type_object_id_id'), ['object_type', 'object_id', 'id'], unique=False)

    op.create_table('mail_relay',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('down_since', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=200), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_mail_relay_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_relay'))
    )
    op.create_table('outbound_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('thread', sa.String(length=120), nullable=False),
    sa.Column('to_name', sa.String(length=200), nullable=False),
    sa.Column('to_email', sa.String(length=254), nullable=True),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('once', sa.String(length=160), nullable=True),
    sa.Column('resend_of', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('pending', 'sending', 'sent', 'retry', 'failed', 'call', 'called', 'withdrawn', name='state', native_enum=False, create_constraint=True, length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('forgiven', sa.Integer(), nullable=False),
    sa.Column('due_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('lease_until', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=24), nullable=True),
    sa.Column('sent_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=200), nullable=False),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL) AND (lease_until IS NULL) = (lease_owner IS NULL)", name=op.f('ck_outbound_message_lease')),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_outbound_message_sent')),
    sa.CheckConstraint("to_email IS NOT NULL OR state IN ('call', 'called')", name=op.f('ck_outbound_message_address')),
    sa.CheckConstraint('attempts >= forgiven AND forgiven >= 0', name=op.f('ck_outbound_message_attempts')),
    sa.ForeignKeyConstraint(['resend_of'], ['outbound_message.id'], name=op.f('fk_outbound_message_resend_of')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbound_message')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outbound_message_message_id')),
    sa.UniqueConstraint('once', name=op.f('uq_outbound_message_once'))
    )
    with op.batch_alter_table('outbound_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbound_message_state_due_at'), ['state', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbound_message_thread_id'), ['thread', 'id'], unique=False)

    op.create_table('series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series')),
    sa.UniqueConstraint('slug', name=op.f('uq_series_slug'))
    )
    op.create_table('staff_user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('role', sa.Enum('admin', 'organizer', 'manager', 'helper', 'auditor', name='role', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('section', sa.String(length=60), nullable=False),
    sa.Column('password_hash', sa.String(length=255), nullable=False),
    sa.Column('one_time_until', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('signed_in_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("section <> '' OR role IN ('admin', 'auditor')", name=op.f('ck_staff_user_section')),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_staff_user_email')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_user')),
    sa.UniqueConstraint('email', name=op.f('uq_staff_user_email'))
    )
    op.create_table('venue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('room', sa.String(length=100), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('access', sa.Text(), nullable=False),
    sa.Column('parking', sa.Text(), nullable=False),
    sa.Column('barrier_free', sa.Text(), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_venue')),
    sa.UniqueConstraint('name', 'room', name=op.f('uq_venue_name_room'))
    )
    op.create_table('delivery_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('outbound_message_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.Enum('sent', 'deferred', 'rejected', 'lost', name='outcome', native_enum=False, create_constraint=True, length=10), nullable=False),
    sa.Column('code', sa.Integer(), nullable=True),
    sa.Column('detail', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['outbound_message_id'], ['outbound_message.id'], name=op.f('fk_delivery_attempt_outbound_message_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_attempt')),
    sa.UniqueConstraint('outbound_message_id', 'number', name=op.f('uq_delivery_attempt_outbound_message_id_number'))
    )
    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('status', sa.Enum('draft', 'published', 'cancelled', 'finished', name='status', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('audience', sa.Enum('residents', 'staff', 'both', name='audience', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('audience_note', sa.Text(), nullable=False),
    sa.Column('admission', sa.Enum('first_come', name='admission', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('section', sa.String(length=60), nullable=False),
    sa.Column('organizer', sa.String(length=100), nullable=False),
    sa.Column('contact_phone', sa.String(length=30), nullable=False),
    sa.Column('contact_fax', sa.String(length=30), nullable=False),
    sa.Column('contact_email', sa.String(length=254), nullable=False),
    sa.Column('opens_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closes_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('fee', sa.String(length=100), nullable=False),
    sa.Column('bring', sa.String(length=200), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('max_companions', sa.Integer(), nullable=False),
    sa.Column('asks_district', sa.Boolean(), nullable=False),
    sa.Column('asks_affiliation', sa.Boolean(), nullable=False),
    sa.Column('asks_needs', sa.Boolean(), nullable=False),
    sa.Column('needs_by', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('published_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('max_companions BETWEEN 0 AND 20', name=op.f('ck_event_max_companions')),
    sa.CheckConstraint('opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at', name=op.f('ck_event_window')),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_event_series_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sa.UniqueConstraint('slug', name=op.f('uq_event_slug'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_series_id_fiscal_year'), ['series_id', 'fiscal_year'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_status_fiscal_year'), ['status', 'fiscal_year'], unique=False)

    op.create_table('staff_session',
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('seen_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['staff_user.id'], name=op.f('fk_staff_session_user_id')),
    sa.PrimaryKeyConstraint('key_hash', name=op.f('pk_staff_session'))
    )
    with op.batch_alter_table('staff_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_session_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_staff_session_user_id'), ['user_id'], unique=False)

    op.create_table('agenda_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_agenda_item_event_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['agenda_item.id'], name=op.f('fk_agenda_item_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item'))
    )
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agenda_item_event_id'), ['event_id'], unique=False)

    op.create_table('event_helper',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_helper_event_id')),
    sa.ForeignKeyConstraint(['user_id'], ['staff_user.id'], name=op.f('fk_event_helper_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'event_id', name=op.f('pk_event_helper'))
    )
    with op.batch_alter_table('event_helper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_helper_event_id'), ['event_id'], unique=False)

    op.create_table('handout',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('file_key', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_handout_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handout')),
    sa.UniqueConstraint('file_key', name=op.f('uq_handout_file_key'))
    )
    with op.batch_alter_table('handout', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handout_event_id'), ['event_id'], unique=False)

    op.create_table('sitting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=60), nullable=False),
    sa.Column('starts_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('venue_id', sa.Integer(), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('seats_taken', sa.Integer(), nullable=False),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.Column('queue_counter', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.CheckConstraint('capacity IS NULL OR capacity >= 0', name=op.f('ck_sitting_capacity')),
    sa.CheckConstraint('seats_taken >= 0 AND (capacity IS NULL OR seats_taken <= capacity)', name=op.f('ck_sitting_seats')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_sitting_period')),
    sa.CheckConstraint('waiting >= 0', name=op.f('ck_sitting_waiting')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_sitting_event_id')),
    sa.ForeignKeyConstraint(['venue_id'], ['venue.id'], name=op.f('fk_sitting_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting'))
    )
    with op.batch_alter_table('sitting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sitting_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sitting_starts_at'), ['starts_at'], unique=False)

    op.create_table('attendance_sheet',
    sa.Column('sitting_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sheet_count', sa.Integer(), nullable=True),
    sa.Column('closed_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.String(length=100), nullable=True),
    sa.CheckConstraint('(closed_at IS NULL) = (closed_by IS NULL)', name=op.f('ck_attendance_sheet_closed')),
    sa.CheckConstraint('sheet_count BETWEEN 0 AND 9999', name=op.f('ck_attendance_sheet_sheet_count')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_attendance_sheet_sitting_id')),
    sa.PrimaryKeyConstraint('sitting_id', name=op.f('pk_attendance_sheet'))
    )
    op.create_table('headcount',
    sa.Column('sitting_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('category', sa.Enum('resident', 'staff', 'neighbour', name='category', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.CheckConstraint('people BETWEEN 1 AND 9999', name=op.f('ck_headcount_people')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_headcount_sitting_id')),
    sa.PrimaryKeyConstraint('sitting_id', 'category', name=op.f('pk_headcount'))
    )
    op.create_table('registration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=8), nullable=False),
    sa.Column('link_nonce', sa.String(length=24), nullable=False),
    sa.Column('link_hash', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Enum('pending', 'confirmed', 'waitlisted', 'offered', 'declined', 'cancelled', name='status', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('channel', sa.Enum('web', 'phone', 'fax', 'counter', 'postcard', name='channel', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('category', sa.Enum('resident', 'staff', 'neighbour', name='category', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kana', sa.String(length=80), nullable=False),
    sa.Column('kana_order', sa.String(length=240), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('email_mark', sa.String(length=64), nullable=True),
    sa.Column('phone_mark', sa.String(length=64), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('companions', sa.Integer(), nullable=False),
    sa.Column('district', sa.String(length=60), nullable=False),
    sa.Column('affiliation', sa.String(length=100), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('submission_key', sa.String(length=64), nullable=False),
    sa.Column('submission_digest', sa.String(length=64), nullable=False),
    sa.Column('possible_duplicate', sa.Boolean(), nullable=False),
    sa.Column('attended', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('queue_no', sa.Integer(), nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('applied_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('updated_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('cancelled_at', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.Text(), nullable=False),
    sa.Column('reminded_for', app.infra.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f('ck_registration_cancelled')),
    sa.CheckConstraint("email IS NOT NULL OR phone IS NOT NULL OR status = 'cancelled'", name=op.f('ck_registration_contact')),
    sa.CheckConstraint("status <> 'waitlisted' OR queue_no IS NOT NULL", name=op.f('ck_registration_queue')),
    sa.CheckConstraint("status = 'confirmed' OR NOT attended", name=op.f('ck_registration_attended')),
    sa.CheckConstraint('companions >= 0', name=op.f('ck_registration_companions')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_registration_event_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_registration_sitting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration')),
    sa.UniqueConstraint('event_id', 'submission_key', name=op.f('uq_registration_event_id_submission_key')),
    sa.UniqueConstraint('link_hash', name=op.f('uq_registration_link_hash')),
    sa.UniqueConstraint('public_id', name=op.f('uq_registration_public_id')),
    sa.UniqueConstraint('reference', name=op.f('uq_registration_reference')),
    sa.UniqueConstraint('sitting_id', 'queue_no', name=op.f('uq_registration_sitting_id_queue_no'))
    )
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_email_mark'), ['email_mark'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_phone_mark'), ['phone_mark'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_event_id_status_id'), ['event_id', 'status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_sitting_id_status_queue_no'), ['sitting_id', 'status', 'queue_no'], unique=False)

    op.create_table('speaker',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('agenda_item_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('affiliation', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['agenda_item_id'], ['agenda_item.id'], name=op.f('fk_speaker_agenda_item_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_speaker_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_speaker'))
    )
    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_speaker_event_id'), ['event_id'], unique=False)

    op.create_table('attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=True),
    sa.Column('kana', sa.String(length=80), nullable=False),
    sa.Column('category', sa.Enum('resident', 'staff', 'neighbour', name='category', native_enum=False, create_constraint=True, length=16), nullable=True),
    sa.Column('entry_key', sa.String(length=64), nullable=True),
    sa.Column('status', sa.Enum('present', 'late', 'left_early', 'absent', 'excused', name='status', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('marked_at', app.infra.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('marked_by', sa.String(length=100), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("(status IN ('absent', 'excused')) = (people = 0)", name=op.f('ck_attendance_people_came')),
    sa.CheckConstraint("registration_id IS NOT NULL OR status = 'present'", name=op.f('ck_attendance_walk_in_came')),
    sa.CheckConstraint('(registration_id IS NULL) = (category IS NOT NULL)', name=op.f('ck_attendance_walk_in_category')),
    sa.CheckConstraint('(registration_id IS NULL) = (entry_key IS NOT NULL)', name=op.f('ck_attendance_walk_in_key')),
    sa.CheckConstraint('(registration_id IS NULL) = (name IS NOT NULL)', name=op.f('ck_attendance_walk_in_name')),
    sa.CheckConstraint('people BETWEEN 0 AND 99', name=op.f('ck_attendance_people')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_attendance_registration_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_attendance_sitting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('sitting_id', 'entry_key', name=op.f('uq_attendance_sitting_id_entry_key')),
    sa.UniqueConstraint('sitting_id', 'registration_id', name=op.f('uq_attendance_sitting_id_registration_id'))
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_registration_id'), ['registration_id'], unique=False)

    op.create_table('registration_needs',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('sign_language', sa.Boolean(), nullable=False),
    sa.Column('captioning', sa.Boolean(), nullable=False),
    sa.Column('wheelchair', sa.Boolean(), nullable=False),
    sa.Column('childcare', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_registration_needs_registration_id')),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_registration_needs'))
    )

    for statement in audit_guard.create(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in audit_guard.drop(op.get_bind().dialect.name):
        op.execute(statement)

    op.drop_table('registration_needs')
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_registration_id'))

    op.drop_table('attendance')
    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_speaker_event_id'))

    op.drop_table('speaker')
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_sitting_id_status_queue_no'))
        batch_op.drop_index(batch_op.f('ix_registration_event_id_status_id'))
        batch_op.drop_index(batch_op.f('ix_registration_email_mark'))
        batch_op.drop_index(batch_op.f('ix_registration_phone_mark'))

    op.drop_table('registration')
    op.drop_table('headcount')
    op.drop_table('attendance_sheet')
    with op.batch_alter_table('sitting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sitting_starts_at'))
        batch_op.drop_index(batch_op.f('ix_sitting_event_id'))

    op.drop_table('sitting')
    with op.batch_alter_table('handout', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_handout_event_id'))

    op.drop_table('handout')
    with op.batch_alter_table('event_helper', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_helper_event_id'))

    op.drop_table('event_helper')
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agenda_item_event_id'))

    op.drop_table('agenda_item')
    with op.batch_alter_table('staff_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_session_user_id'))
        batch_op.drop_index(batch_op.f('ix_staff_session_created_at'))

    op.drop_table('staff_session')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_status_fiscal_year'))
        batch_op.drop_index(batch_op.f('ix_event_series_id_fiscal_year'))

    op.drop_table('event')
    op.drop_table('delivery_attempt')
    op.drop_table('venue')
    op.drop_table('staff_user')
    op.drop_table('series')
    with op.batch_alter_table('outbound_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outbound_message_thread_id'))
        batch_op.drop_index(batch_op.f('ix_outbound_message_state_due_at'))

    op.drop_table('outbound_message')
    op.drop_table('mail_relay')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entry_object_type_object_id_id'))

    op.drop_table('audit_entry')
