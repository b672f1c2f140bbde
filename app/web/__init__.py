"""The doors: one package an audience. A door reads from rooms, calls their verbs and shows the answer."""

from __future__ import annotations

from flask import Flask

from app.web import console, feeds, my, ops, public
from app.web.console import (
    agenda,
    announcements,
    answers,
    assignment,
    audit,
    bodies,
    bulk,
    bulk_steps,
    calls,
    catalogue,
    certificates,
    checkin,
    checklist,
    compliance,
    compliance_cases,
    compliance_certificates,
    compliance_papers,
    deciding,
    draw,
    elearning,
    elearning_check,
    elearning_contents,
    elearning_reminders,
    event_questions,
    feedback,
    feedback_questions,
    guest_intake,
    guests,
    handouts,
    home,
    intake,
    issue_answers,
    issues,
    letters,
    lifecycle,
    mails,
    messages,
    moving,
    navigation,
    org,
    org_ending,
    org_import,
    org_years,
    people,
    proposal_reports,
    proposal_results,
    proposal_screening,
    proposal_themes,
    proposals_received,
    publicity,
    registrations,
    registrations_import,
    report_figures,
    report_steps,
    reports,
    roster,
    sittings,
    survey_figures,
    survey_form,
    survey_review,
    tabs,
    theme_tables,
    waiting,
    worksheet_assessment,
    worksheet_form,
    worksheet_review,
    worksheet_rows,
    worksheets,
    year,
    year_plan,
)
from app.web.console import events as console_events
from app.web.console import proposals as console_proposals
from app.web.console import surveys as console_surveys
from app.web.console import themes as console_themes
from app.web.feeds import atom, embed, ics, opendata
from app.web.my import (
    account,
    department,
    password_link,
    record,
    sign_in,
    survey_parts,
    swaps,
    themes,
    trainings,
    worksheet_attachments,
    worksheet_file,
)
from app.web.my import certificates as my_certificates
from app.web.my import elearning as my_elearning
from app.web.my import issues as my_issues
from app.web.my import surveys as my_surveys
from app.web.my import worksheets as my_worksheets
from app.web.ops import health, metrics
from app.web.parts import access, errors, guards, page_cache
from app.web.public import (
    about,
    apply,
    body,
    events,
    extracts,
    handing,
    member,
    my_registration,
    offers,
    project_reports,
    proposals,
    proposing,
    reviewing,
    shown,
    verify,
)
from app.web.public import announcements as public_announcements
from app.web.public import draw as public_draw
from app.web.public import feedback as public_feedback
from app.web.public import issues as public_issues
from app.web.public import reports as public_reports
from app.web.public import surveys as public_surveys
from app.web.public import themes as public_themes

# The modules whose views belong to each door: importing them is what adds their addresses.
VIEWS = (
    *(about, apply, body, events, extracts, handing, member, my_registration, offers),
    *(
        public_announcements,
        public_draw,
        public_feedback,
        public_issues,
        public_reports,
        public_themes,
        public_issues,
        public_surveys,
        proposals,
        proposing,
        verify,
    ),
    *(project_reports, proposal_reports),
    *(console_proposals, proposal_results, proposal_screening, proposal_themes, proposals_received, themes, reviewing),
    *(account, department, my_certificates, my_worksheets, password_link, record, sign_in, swaps, trainings),
    *(my_elearning, my_issues, worksheet_attachments, worksheet_file),
    *(my_surveys, survey_parts, console_surveys, survey_figures, survey_form, survey_review),
    *(agenda, audit, catalogue, checklist, console_events, handouts, home, lifecycle, people, sittings, tabs, year),
    *(elearning, elearning_check, elearning_contents, elearning_reminders),
    year_plan,
    *(org, org_ending, org_import, org_years),
    *(worksheet_assessment, worksheet_form, worksheet_review, worksheet_rows, worksheets),
    *(
        announcements,
        assignment,
        bodies,
        bulk,
        bulk_steps,
        calls,
        certificates,
        checkin,
        deciding,
        draw,
        guest_intake,
        guests,
        compliance,
        compliance_cases,
        compliance_certificates,
        compliance_certificates,
        compliance_papers,
        intake,
        letters,
        mails,
        messages,
        moving,
        publicity,
        registrations,
        waiting,
        registrations_import,
        roster,
    ),
    *(answers, event_questions, feedback, feedback_questions, console_themes, theme_tables),
    *(issue_answers, issues),
    *(report_figures, report_steps, reports),
    *(atom, embed, ics, opendata),
    *(health, metrics),
)


def init_app(app: Flask) -> None:
    """Install what all doors share, then open each door. The guards' envelope goes around everything before it."""
    page_cache.init_app(app)
    guards.init_app(app)
    access.init_app(app)
    errors.init_app(app)
    shown.init_app(app)
    navigation.init_app(app)
    opendata.columns(app.config["TSUDOI"].opendata_columns)
    for door in (public, my, console, feeds, ops):
        app.register_blueprint(door.bp)
