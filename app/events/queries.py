"""Reading events: for the public, for the console, for feeds. A constant number of statements, whatever the size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.events.audiences import AllotmentRow, Category
from app.events.models import (
    AgendaItem,
    Allotment,
    Event,
    EventQuestion,
    GuestQuota,
    Handout,
    Series,
    Sitting,
    Speaker,
    Venue,
)
from app.events.types import (
    Admission,
    AgendaRow,
    AskedRow,
    Audience,
    EventRow,
    EventStatus,
    HandoutRow,
    ListFilters,
    SeriesRow,
    SittingRow,
    SpeakerRow,
    VenueRow,
    When,
)
from app.infra.db import db, read_row, run
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import TOKYO
from app.kernel.types import Page
from app.questions import codec

PUBLIC = (EventStatus.PUBLISHED, EventStatus.CANCELLED, EventStatus.FINISHED)
PER_PAGE = 20
MOST_KEPT = 256
# As in SittingRow.
# A course has one ledger, which its later meetings show as theirs.
_LEDGER = aliased(Sitting)
SITTING_COLUMNS: list[Any] = [
    Sitting.id,
    Sitting.label,
    Sitting.starts_at,
    Sitting.ends_at,
    _LEDGER.capacity,
    _LEDGER.seats_taken,
    _LEDGER.waiting,
    Sitting.sequence,
]
_PLACE = 1 + len(SITTING_COLUMNS)
EVENT_COLUMNS = [c for c in Event.__table__.columns if c.name != "series_id"]

_REVISIONS = (
    "SELECT id, revision, (SELECT SUM(revision) FROM sitting WHERE event_id = event.id) FROM event"
    " WHERE slug = ? AND status <> 'draft'"
)


@dataclass(frozen=True, slots=True)
class _Kept:
    revision: int
    seats: int | None
    event: EventRow


# By database: tests open many of them in one process.
_kept: WeakKeyDictionary[sa.Engine, dict[int, _Kept]] = WeakKeyDictionary()


def any_exist() -> bool:
    """True as soon as there is one event."""
    return db.session.scalar(sa.select(Event.id).limit(1)) is not None


def one(slug: str) -> EventRow:
    """A public event. Raises NotFound, also for a draft.

    Each process keeps what it read for as long as the event's revisions stay; where only seats changed, only the
    sittings are read again. The revisions are read first, so that what is kept is never older than they say.
    """
    found = read_row(_REVISIONS, slug)
    if found is None:
        raise NotFound
    event_id, revision, seats = found
    kept = _kept.setdefault(db.engine, {})
    if len(kept) > MOST_KEPT:
        kept.clear()
    known = kept.get(event_id)
    if known is None or known.revision != revision:
        known = _Kept(revision, seats, assemble([event_id], programme=True, questions=True)[0])
    elif known.seats != seats:
        sittings = tuple(_sittings([event_id]).get(event_id, ()))
        known = _Kept(revision, seats, replace(known.event, sittings=sittings))
    kept[event_id] = known
    return known.event


def by_id(event_id: int) -> EventRow:
    """Any event, drafts too, for those who may see it. Raises NotFound."""
    return _only(Event.id == event_id)


def event_of_sitting(sitting_id: int) -> int:
    """Which event a sitting belongs to. Raises NotFound."""
    found = db.session.scalar(sa.select(Sitting.event_id).where(Sitting.id == sitting_id))
    if found is None:
        raise NotFound
    return found


def fingerprint(slug: str) -> tuple[int, int] | None:
    """Two numbers that grow whenever the public page of `slug` would read otherwise; None when there is no page."""
    row = read_row(_REVISIONS, slug)
    return (row[1], int(row[2] or 0)) if row else None


def upcoming_fingerprint(now: datetime) -> tuple[int, ...]:
    """Numbers that change whenever the unfiltered list of what is coming would read otherwise."""
    # SQLite keeps timestamps as text without zone, always in UTC.
    moment = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    row = read_row(
        "SELECT COUNT(*), SUM(sitting.revision), SUM(event.revision), SUM(event.id) FROM sitting"
        " JOIN event ON event.id = sitting.event_id WHERE event.status <> 'draft' AND sitting.ends_at > ?",
        moment,
    )
    return tuple(int(number or 0) for number in row or ())


def listing(filters: ListFilters, *, now: datetime, number: int = 1, url: Callable[[int], str] = str) -> Page[EventRow]:
    """One page of the public list, without programme: coming events by date, past ones newest first."""
    last = sa.select(sa.func.max(Sitting.ends_at)).where(Sitting.event_id == Event.id).scalar_subquery()
    first = sa.select(sa.func.min(Sitting.starts_at)).where(Sitting.event_id == Event.id).scalar_subquery()
    wanted = [Event.status.in_(PUBLIC), *_matching(filters)]
    if filters.when is When.PAST:
        wanted.append(last <= now)
        order: tuple[sa.ColumnElement[Any], ...] = (first.desc(), Event.id.desc())
    else:
        wanted.append(last > now)
        order = (first.asc(), Event.id.asc())
    total = db.session.scalar(sa.select(sa.func.count(Event.id)).join(Series).where(*wanted)) or 0
    chosen = sa.select(Event.id).join(Series).where(*wanted).order_by(*order)
    ids = db.session.scalars(chosen.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return Page(assemble(ids, programme=False), number, PER_PAGE, total, url)


def coming(*, now: datetime) -> list[EventRow]:
    """Every public event that is not over, by its first date, without programme."""
    last = sa.select(sa.func.max(Sitting.ends_at)).where(Sitting.event_id == Event.id).scalar_subquery()
    first = sa.select(sa.func.min(Sitting.starts_at)).where(Sitting.event_id == Event.id).scalar_subquery()
    chosen = sa.select(Event.id).where(Event.status.in_(PUBLIC), last > now).order_by(first, Event.id)
    return assemble(db.session.scalars(chosen).all(), programme=False)


def newest(limit: int = 30) -> list[EventRow]:
    """The events published last, for the Atom feed and the sitemap."""
    chosen = sa.select(Event.id).where(Event.status.in_(PUBLIC)).order_by(Event.published_at.desc(), Event.id.desc())
    return assemble(db.session.scalars(chosen.limit(limit)).all(), programme=False)


def to_come(section: str | None, *, now: datetime) -> list[EventRow]:
    """Events that are not over, drafts too, of a section (None: of all), by their first date."""
    ended = sa.select(sa.func.max(Sitting.ends_at)).where(Sitting.event_id == Event.id).scalar_subquery()
    first = sa.select(sa.func.min(Sitting.starts_at)).where(Sitting.event_id == Event.id).scalar_subquery()
    chosen = sa.select(Event.id).where(Event.status != EventStatus.CANCELLED, ended > now)
    if section is not None:
        chosen = chosen.where(Event.section == section)
    return assemble(db.session.scalars(chosen.order_by(first, Event.id)).all(), programme=False)


def all_series() -> list[SeriesRow]:
    """Every series in the order the section keeps."""
    rows = db.session.execute(
        sa.select(Series.id, Series.slug, Series.title, Series.description, Series.position).order_by(
            Series.position, Series.id
        )
    )
    return [SeriesRow(*row) for row in rows]


def series(slug: str) -> SeriesRow:
    """One series. Raises NotFound."""
    for row in all_series():
        if row.slug == slug:
            return row
    raise NotFound


def handout_content(handout_id: int) -> bytes:
    """The bytes of a handout. Raises NotFound."""
    key = db.session.scalar(sa.select(Handout.file_key).where(Handout.id == handout_id))
    if key is None:
        raise NotFound
    return storage.load(key)


def assemble(event_ids: Iterable[int], *, programme: bool, questions: bool = False) -> list[EventRow]:
    """The events of `event_ids`, in that order; three statements more for the programme, one for the questions."""
    ids = list(event_ids)
    if not ids:
        return []
    rows = db.session.execute(
        sa.select(*EVENT_COLUMNS, Series.slug.label("series_slug"), Series.title.label("series_title"))
        .join(Series, Series.id == Event.series_id)
        .where(Event.id.in_(ids))
    ).mappings()
    events = {row["id"]: dict(row) for row in rows}
    sittings = _sittings(ids)
    agenda, speakers = _programmes(ids) if programme else ({}, {})
    handouts = _handouts(ids) if programme else {}
    asked = _asked(ids) if questions else {}
    return [
        EventRow(
            **events[i],
            sittings=tuple(sittings.get(i, ())),
            agenda=agenda.get(i, ()),
            speakers=speakers.get(i, ()),
            handouts=tuple(handouts.get(i, ())),
            asked=tuple(asked.get(i, ())),
        )
        for i in ids
    ]


def _only(*wanted: sa.ColumnElement[bool]) -> EventRow:
    event_id = db.session.scalar(sa.select(Event.id).where(*wanted))
    if event_id is None:
        raise NotFound
    return assemble([event_id], programme=True, questions=True)[0]


def _matching(filters: ListFilters) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    for word in filters.word.split():
        texts = (Event.title, Event.summary, Series.title, Event.audience_note)
        wanted.append(sa.or_(*(text.icontains(word, autoescape=True) for text in texts)))
    if filters.series:
        wanted.append(Series.slug == filters.series)
    if filters.audience is not None:
        wanted.append(Event.audience == filters.audience)
    if filters.month:
        year, month = (int(part) for part in filters.month.split("-"))
        start = datetime(year, month, 1, tzinfo=TOKYO)
        end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=TOKYO)
        held = sa.select(Sitting.event_id).where(Sitting.starts_at >= start, Sitting.starts_at < end)
        wanted.append(Event.id.in_(held))
    return wanted


def _sittings(ids: Sequence[int]) -> dict[int, list[SittingRow]]:
    found: dict[int, list[SittingRow]] = defaultdict(list)
    with_allotments: list[int] = []
    for row in run(_sittings_of(), {"events": ids}):
        *columns, guest_places, guests, by_arrival, for_staff, held_back, kept, allotted, lead, number = list(row)
        place = VenueRow(*columns[_PLACE:]) if columns[_PLACE] is not None else None
        counts_as = Category.STAFF if for_staff else Category.RESIDENT
        seats = (guest_places, guests, bool(by_arrival), counts_as, held_back, kept, ())
        sitting = SittingRow(*[*columns[1:_PLACE], place, *seats, lead, number])
        found[columns[0]].append(sitting)
        if allotted:
            with_allotments.append(sitting.ledger_id)
    if with_allotments:
        allotments = _allotments(with_allotments)
        for rows in found.values():
            rows[:] = [replace(row, allotments=tuple(allotments[row.ledger_id])) for row in rows]
    return found


def _allotments(sitting_ids: Sequence[int]) -> dict[int, list[AllotmentRow]]:
    found: dict[int, list[AllotmentRow]] = defaultdict(list)
    kept = sa.select(Allotment).where(Allotment.sitting_id.in_(sitting_ids))
    in_order = kept.order_by(Allotment.releases_at, Allotment.category).execution_options(populate_existing=True)
    for one in db.session.scalars(in_order):
        row = AllotmentRow(one.category, one.places, one.taken, one.releases_at, one.released_at)
        found[one.sitting_id].append(row)
    return found


@cache
def _sittings_of() -> sa.Select[Any]:
    """Put together once: that costs more than running it."""
    return (
        sa.select(
            Sitting.event_id,
            *SITTING_COLUMNS,
            *Venue.__table__.columns,
            sa.func.coalesce(GuestQuota.places, 0),
            sa.func.coalesce(GuestQuota.taken, 0),
            Event.admission == Admission.FIRST_COME,
            Event.audience == Audience.STAFF,
            _LEDGER.held_back,
            _LEDGER.kept,
            _LEDGER.allotted,
            Sitting.lead_id,
            Sitting.meeting_no,
        )
        .join(Event, Event.id == Sitting.event_id)
        .join(_LEDGER, _LEDGER.id == sa.func.coalesce(Sitting.lead_id, Sitting.id))
        .outerjoin(Venue, Venue.id == Sitting.venue_id)
        .outerjoin(GuestQuota, GuestQuota.sitting_id == _LEDGER.id)
        .where(Sitting.event_id.in_(sa.bindparam("events", expanding=True)))
        .order_by(Sitting.starts_at, Sitting.id)
    )


def _programmes(
    ids: Sequence[int],
) -> tuple[dict[int, tuple[AgendaRow, ...]], dict[int, tuple[SpeakerRow, ...]]]:
    speaking: dict[tuple[int, int | None], list[SpeakerRow]] = defaultdict(list)
    for s in db.session.execute(
        sa.select(Speaker.event_id, Speaker.agenda_item_id, Speaker.name, Speaker.affiliation, Speaker.title)
        .where(Speaker.event_id.in_(ids))
        .order_by(Speaker.position, Speaker.id)
    ):
        speaking[s.event_id, s.agenda_item_id].append(SpeakerRow(s.name, s.affiliation, s.title))
    children: dict[tuple[int, int | None], list[sa.Row[int, int, int | None, str, str]]] = defaultdict(list)
    for item in db.session.execute(
        sa.select(AgendaItem.id, AgendaItem.event_id, AgendaItem.parent_id, AgendaItem.kind, AgendaItem.title)
        .where(AgendaItem.event_id.in_(ids))
        .order_by(AgendaItem.position, AgendaItem.id)
    ):
        children[item.event_id, item.parent_id].append(item)

    def below(event_id: int, parent: int | None) -> tuple[AgendaRow, ...]:
        return tuple(
            AgendaRow(i.kind, i.title, tuple(speaking[event_id, i.id]), below(event_id, i.id))
            for i in children[event_id, parent]
        )

    return {i: below(i, None) for i in ids}, {i: tuple(speaking[i, None]) for i in ids}


def _handouts(ids: Sequence[int]) -> dict[int, list[HandoutRow]]:
    found: dict[int, list[HandoutRow]] = defaultdict(list)
    for h in db.session.execute(sa.select(Handout).where(Handout.event_id.in_(ids)).order_by(Handout.id)).scalars():
        found[h.event_id].append(HandoutRow(h.id, h.title, h.file_name, h.media_type, h.size))
    return found


def _asked(ids: Sequence[int]) -> dict[int, list[AskedRow]]:
    found: dict[int, list[AskedRow]] = defaultdict(list)
    chosen = sa.select(EventQuestion.event_id, EventQuestion.id, EventQuestion.definition, EventQuestion.retired_at)
    in_order = chosen.where(EventQuestion.event_id.in_(ids)).order_by(EventQuestion.place, EventQuestion.id)
    for row in db.session.execute(in_order):
        question = codec.question_from_json(row.definition)
        found[row.event_id].append(AskedRow(row.id, question, row.retired_at is not None))
    return found
