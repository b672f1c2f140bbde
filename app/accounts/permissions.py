"""Who may do what: six roles, and one table from role to permissions. Whatever is not in the table is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a member of staff is to this service."""

    ADMIN = "admin"
    ORGANIZER = "organizer"
    MANAGER = "manager"
    HELPER = "helper"
    AUDITOR = "auditor"
    MEMBER = "member"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "admin": "システム管理者",
            "organizer": "担当者",
            "manager": "所属長",
            "helper": "受付係",
            "auditor": "監査担当",
            "member": "職員",
        }[self.value]


# Roles that an administrator hands out; who is a member of staff is known from the org room.
HANDED_OUT = tuple(role for role in Role if role is not Role.MEMBER)


class Permission(StrEnum):
    """One thing a role may do. Events and registrations are further limited to one's section (queries.scope_of)."""

    MANAGE_PEOPLE = "manage_people"
    MANAGE_HELPERS = "manage_helpers"
    EDIT_EVENTS = "edit_events"
    SEE_REGISTRATIONS = "see_registrations"
    EDIT_REGISTRATIONS = "edit_registrations"
    SEE_CONTACTS = "see_contacts"
    CHECK_IN = "check_in"
    UNDO_CHECK_IN = "undo_check_in"
    CLOSE_ATTENDANCE = "close_attendance"
    EXPORT = "export"
    SEND_MESSAGES = "send_messages"
    WRITE_TO_MANY = "write_to_many"
    SEE_AUDIT = "see_audit"
    SEE_ORG = "see_org"
    MANAGE_ORG = "manage_org"
    SEE_COMPLIANCE = "see_compliance"
    MANAGE_COMPLIANCE = "manage_compliance"
    SEE_WORKSHEETS = "see_worksheets"
    MANAGE_WORKSHEETS = "manage_worksheets"
    SEE_PROPOSALS = "see_proposals"
    MANAGE_PROPOSALS = "manage_proposals"
    SEE_ISSUES = "see_issues"
    MANAGE_ISSUES = "manage_issues"
    SEE_ELEARNING = "see_elearning"
    MANAGE_ELEARNING = "manage_elearning"
    SEE_YEAR_PLAN = "see_year_plan"
    MANAGE_YEAR_PLAN = "manage_year_plan"
    SEE_SURVEYS = "see_surveys"
    MANAGE_SURVEYS = "manage_surveys"
    SEE_REPORTS = "see_reports"
    EDIT_REPORTS = "edit_reports"
    REVIEW_REPORTS = "review_reports"


P = Permission

# An administrator sees accounts and the technical log but no personal data of residents.
PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.ADMIN: frozenset({P.MANAGE_PEOPLE, P.MANAGE_HELPERS, P.SEE_AUDIT}),
        Role.ORGANIZER: frozenset(set(Permission) - {P.MANAGE_PEOPLE}),
        Role.MANAGER: frozenset(
            set(Permission)
            - {
                P.MANAGE_PEOPLE,
                P.EDIT_EVENTS,
                P.EDIT_REGISTRATIONS,
                P.WRITE_TO_MANY,
                P.MANAGE_ORG,
                P.MANAGE_COMPLIANCE,
                P.MANAGE_WORKSHEETS,
                P.MANAGE_PROPOSALS,
                P.MANAGE_ISSUES,
                P.MANAGE_ELEARNING,
                P.MANAGE_YEAR_PLAN,
                P.MANAGE_SURVEYS,
                P.EDIT_REPORTS,
            }
        ),
        Role.HELPER: frozenset({P.SEE_REGISTRATIONS, P.CHECK_IN}),
        Role.AUDITOR: frozenset({P.SEE_AUDIT}),
        # What concerns oneself needs no permission: the pages under /my/ show nothing else.
        Role.MEMBER: frozenset(),
    }
)


def may(role: Role, permission: Permission) -> bool:
    """True when the table gives `permission` to `role`."""
    return permission in PERMISSIONS[role]
