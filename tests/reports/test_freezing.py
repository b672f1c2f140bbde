"""From draft to frozen: four eyes, bytes that stay, differences and corrections beside them. On both databases."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.attendance import services as attendance
from app.events.audiences import Category
from app.events.types import Audience
from app.infra.db import db
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.kernel.types import Actor, ActorKind
from app.reports import freezing, photos, queries, services, typed
from app.reports.errors import ChangedMeanwhile, Frozen, NotFrozen, NotReviewed, OwnWork, StillLastYears, YearTaken
from app.reports.rules import digest
from app.reports.types import Difference, FileKind, PhotoDraft, Status, TypedRow
from app.stewardship import doctor
from app.stewardship.frozen import FROZEN
from tests.factories import ORGANIZER, a_sitting, an_event
from tests.reports.pictures import a_png

NOW = datetime(2027, 3, 20, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
HEAD = Actor(ActorKind.STAFF, "2", "所属長")
SECTION = "市民活動推進課"


def begun(year: int = 2026, **more) -> int:
    return services.begin(year, section=SECTION, publisher=f"倉敷市 {SECTION}", by=ORGANIZER, now=NOW, **more)


def a_workshop(people: int) -> int:
    event = an_event(audience=Audience.RESIDENTS, title="応援講座")
    sitting_id = a_sitting(event, starts_at=NOW - timedelta(days=60)).id
    attendance.set_headcount(sitting_id, Category.RESIDENT, people, by=ORGANIZER, now=NOW)
    return sitting_id


def written(report_id: int, text: str = "一年のまとめです。", chapter: str = "intro") -> None:
    row = queries.texts(report_id).get(chapter)
    services.write(report_id, chapter, text, version=row.version if row else 0, by=ORGANIZER, now=NOW)


def all_bytes(report_id: int) -> dict[FileKind, bytes]:
    return {kind: queries.content(report_id, kind) for kind in FileKind}


def test_frozen_bytes_stay_and_what_changes_afterwards_is_listed(any_app):
    sitting_id, report_id = a_workshop(37), begun()
    written(report_id)
    services.review(report_id, by=HEAD, now=NOW)
    freezing.freeze(report_id, by=ORGANIZER, now=NOW)
    kept = all_bytes(report_id)
    page = kept[FileKind.PAGE].decode()
    for told in ("応援講座", "37人", "一年のまとめです。"):
        assert told in page
    assert {kind: file.digest for kind, file in queries.files(report_id).items()} == {
        kind: digest(content) for kind, content in kept.items()
    }
    lines = list(csv.reader(io.StringIO(kept[FileKind.CSV].decode("utf-8-sig"))))
    assert lines[0] == list(freezing.HEADER)
    assert [line[:6] for line in lines if line[1] == "workshop_attended"] == [
        ["2026", "workshop_attended", "地域向け研修の参加者（延べ）", "37", "人", "出欠の記録"]
    ]
    report = queries.of_year(2026)
    assert queries.differences(report, now=LATER) == []

    attendance.set_headcount(sitting_id, Category.RESIDENT, 41, reason="数え直し", by=ORGANIZER, now=LATER)
    typed.save([TypedRow(2026, "issues", 31, "集計")], section=SECTION, by=ORGANIZER, now=LATER)
    services.correct(report_id, "参加者は、正しくは41人です。", by=ORGANIZER, now=LATER)

    assert all_bytes(report_id) == kept
    assert queries.differences(report, now=LATER) == [
        Difference("地域向け研修の参加者（延べ）", "人", 37, 41),
        Difference("共有した地域課題", "件", None, 31),
    ]
    assert [one.text for one in queries.corrections(report_id)] == ["参加者は、正しくは41人です。"]


def test_a_frozen_report_takes_no_change(any_app):
    report_id = begun()
    written(report_id)
    photo_id = photos.add(report_id, "intro", PhotoDraft("会場", "", a_png()), by=ORGANIZER, now=NOW)
    with pytest.raises(NotFrozen):
        services.correct(report_id, "正誤", by=ORGANIZER, now=NOW)
    services.review(report_id, by=HEAD, now=NOW)
    freezing.freeze(report_id, by=ORGANIZER, now=NOW)
    photo = PhotoDraft("会場", "", a_png())
    for change in (
        lambda: services.write(report_id, "intro", "別の文章", version=1, by=ORGANIZER, now=LATER),
        lambda: photos.add(report_id, "intro", photo, by=ORGANIZER, now=LATER),
        lambda: photos.remove(report_id, photo_id, by=ORGANIZER, now=LATER),
        lambda: services.review(report_id, by=HEAD, now=LATER),
        lambda: freezing.freeze(report_id, by=ORGANIZER, now=LATER),
    ):
        before = storage.keys("reports")
        with pytest.raises(Frozen):
            change()
        assert storage.keys("reports") == before


def test_what_changed_after_the_review_is_not_frozen(any_app):
    sitting_id, report_id = a_workshop(37), begun()
    with pytest.raises(NotReviewed):
        freezing.freeze(report_id, by=ORGANIZER, now=NOW)
    services.review(report_id, by=HEAD, now=NOW)
    attendance.set_headcount(sitting_id, Category.RESIDENT, 38, by=ORGANIZER, now=NOW)
    with pytest.raises(NotReviewed, match="確認のあと"):
        freezing.freeze(report_id, by=ORGANIZER, now=NOW)
    assert storage.keys("reports") == []
    assert queries.of_year(2026).status is Status.REVIEWED
    services.review(report_id, by=HEAD, now=NOW)
    written(report_id)
    assert queries.of_year(2026).status is Status.DRAFT


def test_whoever_wrote_last_does_not_review(app):
    report_id = begun()
    with pytest.raises(OwnWork):
        services.review(report_id, by=ORGANIZER, now=NOW)
    services.write(report_id, "intro", "文章", version=0, by=HEAD, now=NOW)
    services.review(report_id, by=ORGANIZER, now=NOW)
    assert queries.of_year(2026).reviewed_by == "担当者"


def test_a_report_begins_with_the_last_ones_texts_and_each_must_be_looked_at(app):
    written(begun(2024), "二年前の文章")
    written(begun(2025), "去年の文章")
    report_id = begun(2026)
    assert queries.texts(report_id)["intro"].text == "去年の文章"
    with pytest.raises(StillLastYears, match="はじめに"):
        services.review(report_id, by=HEAD, now=NOW)
    written(report_id, "去年の文章")
    services.review(report_id, by=HEAD, now=NOW)
    with pytest.raises(YearTaken):
        begun(2026)


def test_two_who_write_the_same_chapter_lose_nothing(app):
    report_id = begun()
    written(report_id, "先に保存した文章")
    with pytest.raises(ChangedMeanwhile, match="担当者"):
        services.write(report_id, "intro", "あとから", version=0, by=HEAD, now=NOW)
    assert queries.texts(report_id)["intro"].text == "先に保存した文章"
    with pytest.raises(NotFound):
        services.write(report_id, "counting", "書けない章", version=0, by=HEAD, now=NOW)


def test_a_frozen_report_that_is_not_as_it_was_frozen_is_noticed(app):
    report_id = begun()
    services.review(report_id, by=HEAD, now=NOW)
    freezing.freeze(report_id, by=ORGANIZER, now=NOW)
    photos_of = begun(2025)
    photos.add(photos_of, "intro", PhotoDraft("会場", "", a_png()), by=ORGANIZER, now=NOW)

    def broken() -> set[str]:
        db.session.rollback()
        return {breach.name for breach in doctor.examine(now=NOW)}

    assert broken() == set()
    keys = {row.kind: row.file_key for row in queries.files(report_id).values()}
    (photo,) = queries.photos(photos_of)
    storage.delete(photo.file_key)
    assert broken() == {"report_photo"}
    storage._system.pipe_file(f"{storage._root}/{keys[FileKind.PDF]}", b"%PDF-another")
    storage.delete(keys[FileKind.CSV])
    assert broken() == {"report_photo", "report_file", "report_altered"}
    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM report_file WHERE kind = 'csv'"))
    assert broken() == {"report_photo", "report_altered", *(promise.name for promise in FROZEN)}
