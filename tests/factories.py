"""Things that tests need, each with just what matters said. Values are unique by counters, never random."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.events import asking, courses, draws, queries
from app.events import services as events
from app.events.choices import SittingsTaken
from app.events.drafts import Basics
from app.events.models import Event, Series, Sitting, Venue
from app.events.types import Admission, EventRow, EventStatus
from app.infra.db import db, transaction
from app.kernel.types import Actor, ActorKind
from app.org import services as org
from app.org.drafts import Appointment, UnitDraft
from app.org.models import StaffMember
from app.org.types import DutyKind, UnitKind
from app.questions.types import Definition, Kind, Option, Question, Section
from app.registrations import services
from app.registrations.types import Application, Details, Place
from app.worksheets import queries as worksheets
from app.worksheets import services as filling
from app.worksheets import templates
from app.worksheets.types import TemplateDraft

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
ORGANIZER = Actor(ActorKind.STAFF, "1", "担当者")
_numbers = itertools.count(1)


def a_series(**changes: Any) -> Series:
    """A series, saved."""
    n = next(_numbers)
    return _saved(Series(**{"slug": f"series-{n}", "title": f"事業{n}", **changes}))


def a_lottery(*, capacity: int | None = 10, closes_at: datetime = NOW + timedelta(days=2), **changes: Any) -> Sitting:
    """A sitting whose seats are drawn after `closes_at`; the draw is promised."""
    event = an_event(admission=Admission.LOTTERY, closes_at=closes_at, **changes)
    transaction(draws.commit)(event.id, now=NOW)
    return a_sitting(event, capacity=capacity)


def a_venue(**changes: Any) -> Venue:
    """A venue, saved."""
    return _saved(
        Venue(**{"name": f"会館{next(_numbers)}", "room": "大会議室", "address": "倉敷市西中新田640", **changes})
    )


def an_event(**changes: Any) -> Event:
    """A published event whose window is open at NOW, saved."""
    n = next(_numbers)
    values = {
        "slug": f"event-{n}",
        "fiscal_year": 2026,
        "number": 1,
        "title": f"講座{n}",
        "section": "市民活動推進課",
        "status": EventStatus.PUBLISHED,
        "contact_phone": "086-000-0000",
        "contact_email": "kyodo@example.jp",
        "opens_at": NOW - timedelta(days=7),
        "closes_at": NOW + timedelta(days=7),
        "max_companions": 4,
        "published_at": NOW - timedelta(days=7),
        "created_at": NOW - timedelta(days=8),
        "updated_at": NOW - timedelta(days=7),
        **changes,
    }
    if "series_id" not in values:
        values["series_id"] = a_series().id
    return _saved(Event(**values))


def a_sitting(event: Event | None = None, **changes: Any) -> Sitting:
    """A sitting of an open event ten days from NOW with 10 seats, saved."""
    starts_at = changes.pop("starts_at", NOW + timedelta(days=10))
    values = {
        "event_id": (event or an_event()).id,
        "starts_at": starts_at,
        "ends_at": changes.pop("ends_at", starts_at + timedelta(hours=3)),
        "capacity": 10,
        **changes,
    }
    if "venue_id" not in values:
        values["venue_id"] = a_venue().id
    return _saved(Sitting(**values))


def a_course(meetings: int = 3, *, capacity: int | None = 10, **changes: Any) -> list[int]:
    """A course with a meeting a week, one application for all; the ids of its meetings by date."""
    event = an_event(sittings_taken=SittingsTaken.ALL, closes_at=NOW + timedelta(days=9), **changes)
    weeks = [NOW + timedelta(days=10, weeks=number) for number in range(meetings)]
    made = [a_sitting(event, capacity=capacity, starts_at=day, label=f"第{n}回") for n, day in enumerate(weeks, 1)]
    ids = [sitting.id for sitting in made]
    transaction(courses.settle)(event)
    return ids


def a_member(**changes: Any) -> StaffMember:
    """A member of staff, saved."""
    n = next(_numbers)
    values = {
        "number": f"{n:06}",
        "name": f"職員　{n}",
        "kana": "ショクイン　タロウ",
        "kana_order": "シヨクイン タロウ",
        "email": f"staff{n}@city.example.jp",
        "joined_year": 2016,
        "created_at": NOW,
        "updated_at": NOW,
        **changes,
    }
    return _saved(StaffMember(**values))


def a_unit(kind: UnitKind = UnitKind.SECTION, parent_id: int | None = None, *, year: int = 2026, **more: Any) -> int:
    """A unit of a fiscal year, made by the verb; its id."""
    n = next(_numbers)
    draft = UnitDraft(**{"code": f"{n:04}", "kind": kind, "name": f"組織{n}", "parent_id": parent_id, **more})
    return org.save_unit(draft, year, by=ORGANIZER, now=NOW)


def a_duty(unit_id: int, member_id: int | None = None, kind: DutyKind = DutyKind.PROMOTER, *, year: int = 2026) -> int:
    """A duty from 1 April, its holder working at that unit, made by the verbs; its id."""
    member_id = member_id or a_member().id
    org.post(member_id, unit_id, date(year, 4, 1), by=ORGANIZER, now=NOW)
    return org.appoint(Appointment(member_id, unit_id, kind, year, date(year, 4, 1)), by=ORGANIZER, now=NOW)


def basics(**changes: Any) -> Basics:
    """What an organizer says of an event that could be published."""
    values = {
        "series_id": changes.pop("series_id", None) or a_series().id,
        "fiscal_year": 2026,
        "number": 1,
        "title": "応援講座",
        "contact_phone": "086-426-3107",
        "purpose": "受付と連絡のため",
        "opens_at": NOW,
        "closes_at": NOW + timedelta(days=7),
        **changes,
    }
    return Basics(**values)


def a_draft(**changes: Any) -> EventRow:
    """A draft, made by the verb."""
    event_id = events.create_draft(basics(**changes), section="市民活動推進課", by=ORGANIZER, now=NOW)
    return queries.by_id(event_id)


def details(**changes: Any) -> Details:
    """What a person says of themselves."""
    n = next(_numbers)
    return Details(
        **{"name": f"倉敷　花子{n}", "kana": "クラシキ　ハナコ", "email": f"p{n}@example.jp", "phone": None, **changes}
    )


def an_application(sitting: Sitting | int, *, submission_id: str | None = None, **changes: Any) -> Application:
    """An application for `sitting`, each with a key of its own."""
    sitting_id = sitting if isinstance(sitting, int) else sitting.id
    return Application(sitting_id, details(**changes), submission_id or f"submission-{next(_numbers)}")


def apply_for(sitting: Sitting | int, *, now: datetime = NOW, **changes: Any) -> Place:
    """Somebody applies for `sitting`."""
    return services.apply(an_application(sitting, **changes), now=now)


def a_form(*more: Question) -> Definition:
    """A form with a remark, and a task a row; `more` questions stand behind the task's."""
    task = Question("task", Kind.LINE, "業務名", required=True, most="60")
    stage = Question(
        "stage", Kind.SINGLE, "現状の協働", options=(Option("plan", "企画段階から"), Option("none", "なし"))
    )
    publish = Question("publish", Kind.YES_NO, "報告書に抜粋してよい")
    remark = Section("about", "所属について", (Question("remark", Kind.TEXT, "伝えたいこと"),))
    return Definition("棚卸シート", (remark, Section("tasks", "業務", (task, stage, publish, *more), repeats=True)))


def a_template(*, year: int = 2026, opened: bool = True, **changes: Any) -> int:
    """A worksheet of a year that the sections see; its id."""
    draft = TemplateDraft(year, "tasks", "業務の棚卸シート", "市民活動推進課", date(year, 7, 31), a_form())
    made = templates.draft(replace(draft, **changes), by=ORGANIZER, now=NOW)
    if opened:
        templates.open_(made, by=ORGANIZER, now=NOW)
    return made


def a_worksheet(template_id: int, unit_id: int, *tasks: str, submitted: bool = False, **answers: Any) -> int:
    """A section's worksheet with a row a task, all of them answered with `answers`; its id."""
    rows = [{"row": f"row-{n}", "task": task, **answers} for n, task in enumerate(tasks, start=1)]
    version = worksheets.of_unit(template_id, unit_id).version
    saved = filling.save(template_id, unit_id, {"tasks": rows}, version=version, by=ORGANIZER, now=NOW)
    found = worksheets.of_unit(template_id, unit_id).id or 0
    if submitted:
        filling.submit(found, version=saved.version, by=ORGANIZER, now=NOW)
    return found


@transaction
def _saved(row: Any) -> Any:
    db.session.add(row)
    return row


def a_question(event_id: int, kind: Kind = Kind.LINE, label: str = "おたずね", **more: Any) -> Question:
    """A question of an event, asked from now on, made by the verb; its key says what it is about."""
    key = more.pop("key", f"q{next(_numbers)}")
    if "options" in more:
        more["options"] = tuple(Option(f"{key}{n}", one) for n, one in enumerate(more["options"], 1))
    question = Question(key, kind, label, **more)
    asking.add(event_id, question, by=ORGANIZER, now=NOW)
    return question
