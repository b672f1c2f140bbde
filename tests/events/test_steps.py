"""Changes of an event reach kept pages (revision) and calendars (SEQUENCE)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.delivery.types import Method
from app.documents.errors import WrongFile
from app.events import calendar, catalogue, handouts, queries, services, sittings
from app.events.drafts import SeriesDetails, SittingPlan, Upload, VenueDetails
from app.events.errors import NotEditable, SeriesTaken, SittingInUse, VenueTaken, WrongPeriod
from app.events.models import Event, Sitting
from app.events.types import AgendaRow, EventStatus, SpeakerRow
from app.infra.db import db
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.registrations import meetings
from tests.factories import NOW, ORGANIZER, a_series, a_sitting, a_venue, an_event, apply_for

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
BY = {"by": ORGANIZER, "now": NOW}


def plan(**changes) -> SittingPlan:
    starts_at = changes.pop("starts_at", NOW + 10 * DAY)
    return SittingPlan(starts_at=starts_at, ends_at=changes.pop("ends_at", starts_at + timedelta(hours=2)), **changes)


def row(event_id: int):
    db.session.rollback()
    return queries.by_id(event_id)


def series_of(sitting: Sitting) -> int:
    return db.session.get_one(Event, sitting.event_id).series_id


CHANGES = {
    "move": lambda s: meetings.reschedule(
        s.id, starts_at=s.starts_at + DAY, ends_at=s.ends_at + DAY, venue_id=None, notify=False, **BY
    ),
    "capacity": lambda s: meetings.change_capacity(s.id, 99, **BY),
    "call off": lambda s: meetings.call_off(s.event_id, "台風", notify=False, **BY),
    "rename": lambda s: sittings.rename_sitting(s.id, "午前の部", **BY),
    "add": lambda s: sittings.add_sitting(s.event_id, plan(), **BY),
    "handout": lambda s: handouts.add_handout(s.event_id, Upload("資料", "a.pdf", b"%PDF-1"), **BY),
    "agenda": lambda s: services.set_agenda(s.event_id, (), (), revision=1, **BY),
    "venue": lambda s: catalogue.save_venue(VenueDetails(name="新しい名前"), venue_id=s.venue_id, **BY),
    "series": lambda s: catalogue.save_series(SeriesDetails("new", "新しい名前"), series_id=series_of(s), **BY),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_makes_the_kept_page_old(change):
    sitting = a_sitting()
    before = queries.fingerprint(row(sitting.event_id).slug)
    CHANGES[change](sitting)
    event = row(sitting.event_id)
    assert queries.fingerprint(event.slug) != before
    assert event.updated_at == NOW


@pytest.mark.parametrize(("change", "raised"), [("move", 1), ("call off", 1), ("rename", 1), ("capacity", 0)])
def test_what_calendars_show_raises_their_sequence(change, raised):
    sitting = a_sitting()
    CHANGES[change](sitting)
    assert row(sitting.event_id).sittings[0].sequence == raised


def test_a_sitting_of_a_draft_is_planned_freely():
    sitting = a_sitting(an_event(status=EventStatus.DRAFT))
    sittings.edit_sitting(sitting.id, plan(label="午後の部", capacity=5, starts_at=NOW + 20 * DAY), **BY)
    now = row(sitting.event_id).sittings[0]
    assert (now.label, now.capacity, now.starts_at, now.venue) == ("午後の部", 5, NOW + 20 * DAY, None)


def test_a_sitting_of_a_published_event_is_not():
    with pytest.raises(NotEditable):
        sittings.edit_sitting(a_sitting().id, plan(), **BY)


def test_a_sitting_ends_after_it_begins():
    with pytest.raises(WrongPeriod):
        sittings.add_sitting(an_event().id, plan(ends_at=NOW), **BY)


def test_a_past_event_gets_no_more_sittings():
    event = an_event(status=EventStatus.FINISHED)
    with pytest.raises(NotEditable):
        sittings.add_sitting(event.id, plan(), **BY)
    with pytest.raises(NotEditable):
        sittings.remove_sitting(a_sitting(event).id, **BY)


def test_a_sitting_stays_as_long_as_a_registration_points_to_it_even_a_cancelled_one():
    event = an_event()
    sitting, _other = a_sitting(event), a_sitting(event)
    apply_for(sitting)
    meetings.call_off(event.id, "台風", notify=False, **BY)
    db.session.execute(sa.update(Event).values(status=EventStatus.PUBLISHED))
    db.session.commit()
    with pytest.raises(SittingInUse):
        sittings.remove_sitting(sitting.id, **BY)


def test_the_last_sitting_of_a_published_event_stays():
    with pytest.raises(NotEditable):
        sittings.remove_sitting(a_sitting().id, **BY)


@pytest.mark.parametrize(
    "verb",
    [
        lambda: sittings.add_sitting(99, plan(), **BY),
        lambda: sittings.remove_sitting(99, **BY),
        lambda: handouts.add_handout(99, Upload("資料", "a.pdf", b"%PDF-1"), **BY),
        lambda: handouts.remove_handout(99, **BY),
        lambda: catalogue.save_venue(VenueDetails(name="x"), venue_id=99, **BY),
        lambda: catalogue.save_series(SeriesDetails("x", "x"), series_id=99, **BY),
    ],
)
def test_what_does_not_exist_is_not_found(verb):
    with pytest.raises(NotFound):
        verb()


def test_names_of_venues_and_series_are_unique():
    venue, series = a_venue(), a_series()
    with pytest.raises(VenueTaken):
        catalogue.save_venue(VenueDetails(name=venue.name, room=venue.room), **BY)
    with pytest.raises(SeriesTaken):
        catalogue.save_series(SeriesDetails(series.slug, "別"), **BY)


def test_files_go_with_their_handout_their_draft_and_a_failed_upload(monkeypatch):
    kept: list[str] = []
    save = storage.save
    monkeypatch.setattr(storage, "save", lambda content: kept.append(save(content)) or kept[-1])
    event = an_event(status=EventStatus.DRAFT)
    first = handouts.add_handout(event.id, Upload("一", "a.pdf", b"%PDF-1"), **BY)
    handouts.add_handout(event.id, Upload("二", "b.pdf", b"%PDF-2"), **BY)
    with pytest.raises(NotFound):
        handouts.add_handout(99, Upload("三", "c.pdf", b"%PDF-3"), **BY)
    with pytest.raises(WrongFile):
        handouts.add_handout(event.id, Upload("四", "d.exe", b"MZ"), **BY)
    assert [exists(key) for key in kept] == [True, True, False]
    handouts.remove_handout(first, **BY)
    assert [exists(key) for key in kept] == [False, True, False]
    services.delete_draft(event.id, **BY)
    assert [exists(key) for key in kept] == [False, False, False]


def exists(key: str) -> bool:
    try:
        storage.load(key)
    except FileNotFoundError:
        return False
    return True


def test_an_entry_of_the_feed_says_all_that_one_needs():
    venue = a_venue(name="市役所", room="大会議室", address="西中新田640", latitude=34.585, longitude=133.772)
    sitting = a_sitting(an_event(title="応援講座", bring="筆記用具"), venue_id=venue.id, label="午前の部")
    speaker = SpeakerRow("石原 達也", "岡山NPOセンター", "副代表理事")
    agenda = (AgendaRow("講義", "手法を学ぶ", (speaker,), (AgendaRow("", "計画づくり", (), ()),)),)
    services.set_agenda(sitting.event_id, agenda, (), revision=1, **BY)
    event = row(sitting.event_id)
    entry = calendar.entries(event)[0]
    assert entry.uid == f"sitting-{event.sittings[0].id}@127.0.0.1"
    assert (entry.method, entry.status, entry.sequence) == (Method.PUBLISH, "CONFIRMED", 0)
    assert entry.location == "市役所　大会議室、西中新田640"
    assert entry.geo == (34.585, 133.772)
    assert entry.summary.endswith("「応援講座」 午前の部")
    assert entry.url.endswith(f"/events/{event.slug}/")
    for part in ("・講義 手法を学ぶ（石原 達也）", "　・計画づくり", "持ち物：筆記用具", "電話：086-000-0000"):
        assert part in entry.description


def test_an_event_called_off_stays_in_the_feed_as_cancelled_with_a_higher_sequence():
    sitting = a_sitting()
    CHANGES["call off"](sitting)
    entry = calendar.entries(row(sitting.event_id))[0]
    assert (entry.status, entry.sequence) == ("CANCELLED", 1)


def test_a_sitting_without_venue_has_no_place():
    entry = calendar.entries(row(a_sitting(venue_id=None).event_id))[0]
    assert (entry.location, entry.geo) == ("", None)
