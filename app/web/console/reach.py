"""What the signed-in person reaches of events, registrations and forms; what they do not reach is not found."""

from __future__ import annotations

from app.accounts.rules import may_see_event, scope_of
from app.accounts.types import Scope, StaffRow
from app.compliance import queries as compliance
from app.compliance.types import RequirementRow
from app.design.jinja import Service
from app.elearning import queries as elearning
from app.elearning.types import CourseRow
from app.events import queries as events
from app.events.types import EventRow, SittingRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.proposals import found as groups_proposals
from app.proposals import queries as proposals
from app.proposals.types import ProgrammeRow, ProposalRow, ThemeRow
from app.registrations import bulk, correspondence
from app.registrations import queries as registrations
from app.registrations.bulk import BulkRow
from app.registrations.types import RegistrationRow
from app.reports import queries as reports
from app.reports.types import ReportRow
from app.shared_issues import queries as shared_issues
from app.shared_issues.types import IssueRow, Stage
from app.surveys import answers
from app.surveys import queries as surveys
from app.surveys.types import AnswerView, SurveyRow
from app.web.parts.access import current_staff
from app.worksheets import queries as worksheets
from app.worksheets.types import TemplateRow, WorksheetView
from app.year_plan import queries as year_plan
from app.year_plan.types import EntryRow


def own_scope() -> Scope:
    """What lists of events are limited to."""
    return scope_of(current_staff())


def own_event(event_id: int) -> EventRow:
    """An event of the own section, or one that a helper is bound to near its date. Raises NotFound."""
    event = events.by_id(event_id)
    if not may_see_event(
        current_staff(),
        section=event.section,
        event_id=event.id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        now=clock.now(),
    ):
        raise NotFound
    return event


def own_sitting(event_id: int, sitting_id: int) -> tuple[EventRow, SittingRow]:
    """A sitting of such an event. Raises NotFound, also for a sitting of another event."""
    event = own_event(event_id)
    for sitting in event.sittings:
        if sitting.id == sitting_id:
            return event, sitting
    raise NotFound


def sitting_by_itself(sitting_id: int) -> tuple[EventRow, SittingRow]:
    """A sitting where the address does not name its event. Raises NotFound."""
    return own_sitting(events.event_of_sitting(sitting_id), sitting_id)


def own_registration(registration_id: int) -> tuple[RegistrationRow, EventRow]:
    """A registration for such an event, and the event. Raises NotFound."""
    registration = registrations.by_id(registration_id)
    return registration, own_event(registration.event_id)


def own_template(template_id: int) -> TemplateRow:
    """A worksheet of a year that the own section owns. Raises NotFound."""
    template = worksheets.template(template_id)
    if template.section != current_staff().section:
        raise NotFound
    return template


def own_requirement(requirement_id: int) -> RequirementRow:
    """A requirement that the own section's training meets, or its course. Raises NotFound."""
    found = compliance.one(requirement_id)
    if found.event_id is not None:
        own_event(found.event_id)
    elif found.course_id is not None:
        own_course(found.course_id)
    return found


def own_course(course_id: int) -> CourseRow:
    """An e-learning course that the own section owns. Raises NotFound."""
    course = elearning.one(course_id)
    if course.section != current_staff().section:
        raise NotFound
    return course


def own_worksheet(worksheet_id: int) -> WorksheetView:
    """What a section filled in of such a worksheet. Raises NotFound."""
    view = worksheets.one(worksheet_id)
    own_template(view.template.id)
    return view


def own_programme(programme_id: int) -> ProgrammeRow:
    """A programme of proposals that the own section runs. Raises NotFound."""
    programme = proposals.programme(programme_id)
    if programme.section != current_staff().section:
        raise NotFound
    return programme


def own_theme(theme_id: int) -> ThemeRow:
    """A theme that was handed in for such a programme. Raises NotFound."""
    theme = proposals.theme(theme_id)
    own_programme(theme.programme_id)
    return theme


def check_desk() -> None:
    """What one section does for the whole city is no other section's business. Raises NotFound."""
    if not at_desk(current_staff()):
        raise NotFound


def at_desk(staff: StaffRow) -> bool:
    """Whether somebody belongs to the section that keeps this service."""
    return staff.section == Service().section


def own_issue(issue_id: int) -> IssueRow:
    """A shared issue that has reached the desk. Raises NotFound."""
    check_desk()
    found = shared_issues.one(issue_id)
    if found.stage is Stage.DRAFT:
        raise NotFound
    return found


def own_proposal(proposal_id: int) -> ProposalRow:
    """What a group proposes in such a programme. Raises NotFound."""
    proposal = groups_proposals.by_id(proposal_id)
    own_programme(proposal.programme.id)
    return proposal


def own_entry(entry_id: int) -> EntryRow:
    """An entry of the own section's plan of a year. Raises NotFound."""
    found = year_plan.entry(entry_id)
    if found.section != current_staff().section:
        raise NotFound
    return found


def own_report(year: int) -> ReportRow:
    """The yearly report of the own section. Raises NotFound."""
    report = reports.of_year(year)
    if report.section != current_staff().section:
        raise NotFound
    return report


def own_message(message_id: int) -> RegistrationRow:
    """The registration that such a message is about. Raises NotFound."""
    _message, _attempts, registration_id = correspondence.one(message_id)
    return own_registration(registration_id)[0]


def own_bulk(bulk_id: int) -> tuple[BulkRow, EventRow]:
    """A message to many of such an event, and the event. Raises NotFound."""
    row = bulk.one(bulk_id)
    return row, own_event(row.event_id)


def own_survey(survey_id: int) -> SurveyRow:
    """A survey that the own section owns. Raises NotFound."""
    survey = surveys.survey(survey_id)
    if survey.section != current_staff().section:
        raise NotFound
    return survey


def own_survey_answer(answer_id: int) -> AnswerView:
    """What a section answered to such a survey. Raises NotFound."""
    view = answers.one(answer_id)
    own_survey(view.survey.id)
    return view
