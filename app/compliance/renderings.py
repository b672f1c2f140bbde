"""How reminders read when they are sent; who has completed meanwhile is not reminded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.compliance import queries, rules
from app.compliance.types import Line, RequirementRow
from app.delivery.rendering import mail_text, renders, still_wanted
from app.delivery.types import Rendered
from app.elearning import queries as courses
from app.events import queries as events
from app.infra import clock
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import JSON
from app.org import queries as org

TITLES = {"reminder": "受講のお願い", "copy": "未受講者のお知らせ"}


@dataclass(frozen=True, slots=True)
class Taught:
    """What is to be taken, in the words of a mail: a training or a course, with the course that may stand in for it."""

    label: str
    title: str
    section: str
    url: str
    action: str
    how: str
    phone: str = ""
    email: str = ""
    instead: str = ""
    instead_url: str = ""


def _taught(requirement: RequirementRow) -> Taught:
    course = courses.one(requirement.course_id) if requirement.course_id is not None else None
    address = links.absolute(f"/my/elearning/{course.id}/") if course is not None else ""
    if requirement.event_id is not None:
        event = events.by_id(requirement.event_id)
        return Taught(
            label="研修会名",
            title=event.full_title,
            section=event.section,
            url=links.absolute(f"/my/trainings/{event.slug}/"),
            action="参加する回を選ぶ",
            how="参加する回を選んで受講してください。",
            phone=event.contact_phone,
            email=event.contact_email,
            instead=course.title if course is not None else "",
            instead_url=address,
        )
    if course is None:
        raise NotFound
    how = "画面で受講してください。スマートフォンでも受講できます。"
    return Taught("講座", course.title, course.section, address, "受講する", how)


def _renderer(kind: str) -> Callable[[Mapping[str, JSON]], Rendered]:
    def render(payload: Mapping[str, JSON]) -> Rendered:
        requirement = queries.one(int(str(payload["requirement"])))
        member_id = int(str(payload["member"]))
        taught = _taught(requirement)
        context = {
            "requirement": requirement,
            "taught": taught,
            "name": org.member(member_id, on=local_date(clock.now())).name,
            "missing": _missing(payload),
            "stands": _stands(requirement, member_id),
            "sheet_url": links.absolute("/my/worksheets/"),
        }
        subject, text, html = mail_text("compliance", kind, context)
        return Rendered(subject, text, html, None, taught.email or None, taught.section)

    return render


def specimen(requirement_id: int, member_id: int) -> Rendered:
    """The reminder as this person would get it now. Raises NotFound."""
    return _renderer("reminder")({"requirement": requirement_id, "member": member_id})


def _stands(requirement: RequirementRow, member_id: int) -> str:
    """How far somebody has come where two things are demanded; nothing where it is only the training."""
    if requirement.template_id is None:
        return ""
    return next((line.words for line in _lines(requirement, [member_id])), "")


def _missing(payload: Mapping[str, JSON]) -> list[Line]:
    """Those the message was written about who still owe."""
    named = payload.get("missing")
    return _open(payload, [int(str(who)) for who in named]) if isinstance(named, list) else []


def _still_owes(payload: Mapping[str, JSON]) -> bool:
    return bool(_open(payload, [int(str(payload["member"]))]))


def _open(payload: Mapping[str, JSON], members: Collection[int]) -> list[Line]:
    """The lines of those among these people who have still to do something; none once the requirement is over."""
    requirement = queries.one(int(str(payload["requirement"])))
    if requirement.ended_at is not None:
        return []
    lines = _lines(requirement, members)
    return [line for line in lines if not line.done and not rules.awaits_acceptance(line, requirement.substitutes)]


def _lines(requirement: RequirementRow, members: Collection[int]) -> list[Line]:
    today = local_date(clock.now())
    found = queries.lines_about([requirement], members, today=today)
    return [line for _requirement, line in found if line.person.id in members]


def _still_missing(payload: Mapping[str, JSON]) -> bool:
    return bool(_missing(payload))


def register() -> None:
    """Tell the delivery room how each kind of message of this room reads."""
    for kind, title in TITLES.items():
        renders(f"compliance.{kind}", title)(_renderer(kind))
    still_wanted("compliance.reminder")(_still_owes)
    still_wanted("compliance.copy")(_still_missing)
