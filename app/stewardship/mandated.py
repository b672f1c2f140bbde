"""The promises about mandated training: certificates, worksheets, and what a requirement demands."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.attendance.models import Attendance, Certificate, CertificateLedger
from app.attendance.types import CAME
from app.compliance.models import (
    Evidence,
    Requirement,
    RequirementCertificate,
    RequirementMember,
    RequirementUnit,
    RequirementWorksheet,
)
from app.compliance.types import Audience
from app.elearning.models import CourseCompletion
from app.questions.states import State
from app.registrations.models import Registration
from app.stewardship.promises import Found, Promise
from app.worksheets.models import (
    Worksheet,
    WorksheetAttachment,
    WorksheetRevision,
    WorksheetRevisionAttachment,
    WorksheetRow,
    WorksheetTemplate,
)


def _certified_without_mark(_now: datetime) -> Found:
    there = sa.exists().where(Attendance.registration_id == Certificate.registration_id, Attendance.status.in_(CAME))
    came = Certificate.registration_id.is_not(None)
    return sa.select(Certificate.id).where(Certificate.revoked_at.is_(None), came, ~there)


def _certified_without_proof(_now: datetime) -> Found:
    """Nobody came by it, and nothing was recorded that the requirement takes instead."""
    proved = sa.exists().where(
        RequirementCertificate.certificate_id == Certificate.id,
        Evidence.requirement_id == RequirementCertificate.requirement_id,
        Evidence.staff_member_id == Certificate.staff_member_id,
    )
    completed = sa.exists().where(
        RequirementCertificate.certificate_id == Certificate.id,
        Requirement.id == RequirementCertificate.requirement_id,
        CourseCompletion.course_id == Requirement.course_id,
        CourseCompletion.staff_member_id == Certificate.staff_member_id,
    )
    return sa.select(Certificate.id).where(
        Certificate.revoked_at.is_(None), Certificate.registration_id.is_(None), ~proved, ~completed
    )


def _certified_somebody_else(_now: datetime) -> Found:
    return (
        sa.select(Certificate.id)
        .join(Registration, Registration.id == Certificate.registration_id)
        .where(Certificate.staff_member_id.is_distinct_from(Registration.staff_member_id))
    )


def _ledger_differs(_now: datetime) -> Found:
    given = (
        sa.select(sa.func.count())
        .where(Certificate.fiscal_year == CertificateLedger.fiscal_year)
        .correlate(CertificateLedger)
        .scalar_subquery()
    )
    return sa.select(CertificateLedger.fiscal_year).where(CertificateLedger.last != given)


def _rows_never_handed_in(_now: datetime) -> Found:
    story = sa.exists().where(WorksheetRevision.worksheet_id == WorksheetRow.worksheet_id)
    return sa.select(WorksheetRow.worksheet_id).where(~story).distinct()


def _handed_in_without_story(_now: datetime) -> Found:
    story = sa.exists().where(WorksheetRevision.worksheet_id == Worksheet.id)
    return sa.select(Worksheet.id).where(Worksheet.state != State.DRAFT, ~story)


def _taken_away_and_kept(_now: datetime) -> Found:
    """A file that was taken away stays only where something was handed in with it."""
    told = sa.exists().where(WorksheetRevisionAttachment.attachment_id == WorksheetAttachment.id)
    return sa.select(WorksheetAttachment.id).where(WorksheetAttachment.removed_at.is_not(None), ~told)


def _another_sheets_file(_now: datetime) -> Found:
    """Files in the story of a worksheet that are not its own."""
    own = sa.exists().where(
        WorksheetRevision.id == WorksheetRevisionAttachment.revision_id,
        WorksheetAttachment.id == WorksheetRevisionAttachment.attachment_id,
        WorksheetAttachment.worksheet_id == WorksheetRevision.worksheet_id,
    )
    return sa.select(WorksheetRevisionAttachment.attachment_id).where(~own).distinct()


def _demands_another_years_worksheet(_now: datetime) -> Found:
    fits = sa.exists().where(
        Requirement.id == RequirementWorksheet.requirement_id,
        Requirement.audience == Audience.PROMOTERS,
        WorksheetTemplate.id == RequirementWorksheet.template_id,
        WorksheetTemplate.fiscal_year == Requirement.fiscal_year,
    )
    return sa.select(RequirementWorksheet.requirement_id).where(~fits)


def _binds_nobody_named(_now: datetime) -> Found:
    """A list without people, chosen units without any, or either where something else binds."""
    names = sa.exists().where(RequirementMember.requirement_id == Requirement.id)
    units = sa.exists().where(RequirementUnit.requirement_id == Requirement.id)
    return sa.select(Requirement.id).where(
        sa.or_(names != (Requirement.audience == Audience.LIST), units != (Requirement.audience == Audience.SECTIONS))
    )


MANDATED = (
    Promise("certificate", "有効な修了証があるのに、出席の記録がない", "certificate", _certified_without_mark),
    Promise(
        "certificate_proof", "出席によらない有効な修了証に、受講の記録がない", "certificate", _certified_without_proof
    ),
    Promise("certificate_holder", "修了証の職員が、その申込みの職員と違う", "certificate", _certified_somebody_else),
    Promise("ledger", "修了証の最後の番号が、発行した枚数と違う", "certificate_ledger", _ledger_differs),
    Promise("worksheet_rows", "提出されたことのない棚卸シートに、集計の行がある", "worksheet", _rows_never_handed_in),
    Promise("worksheet_story", "提出された棚卸シートに、経過の記録がない", "worksheet", _handed_in_without_story),
    Promise(
        "removed_file",
        "外した添付ファイルが、どの版にも無いのに残っている",
        "worksheet_attachment",
        _taken_away_and_kept,
    ),
    Promise(
        "foreign_file",
        "棚卸シートの経過に、別のシートの添付ファイルがある",
        "worksheet_attachment",
        _another_sheets_file,
    ),
    Promise(
        "requirement_worksheet",
        "必修が、別の年度の棚卸シートか、協働推進員でない人の棚卸シートを求めている",
        "requirement",
        _demands_another_years_worksheet,
    ),
    Promise(
        "requirement_audience",
        "必修の対象（名簿の職員、選んだ部・課）の登録が、対象の種類と合っていない",
        "requirement",
        _binds_nobody_named,
    ),
)
