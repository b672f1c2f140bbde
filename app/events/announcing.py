"""An event in the words of the city's newsletter (広報) and of its poster. Pure; what is not known is left out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from app.events.types import Admission, EventRow, SittingRow
from app.kernel import bulletin_dates
from app.kernel.japanese_dates import local_date, period_text, stamp_text

Row = tuple[str, str]
ADMISSIONS = {
    Admission.FIRST_COME: "先着順",
    Admission.APPROVAL: "承認制",
    Admission.LOTTERY: "多数の場合は抽選",
}


def newsletter(event: EventRow, page: str) -> str:
    """The announcement to copy: the title, then a line a label; `page` is the address where one applies."""
    return "\n".join([event.full_title, *(f"{label}:{text}" for label, text in _newsletter_rows(event, page) if text)])


def poster_dates(event: EventRow) -> list[Row]:
    """When, a line a sitting, with its name."""
    return [(sitting.label, period_text(sitting.starts_at, sitting.ends_at)) for sitting in event.sittings]


def poster_rows(event: EventRow) -> list[Row]:
    """What else a poster says, by its heading."""
    rows = (
        ("会場", "\n".join(_places(event))),
        ("対象", event.audience_note or event.audience.word),
        ("定員", _capacity(event)),
        ("参加費", event.fee),
        ("持ち物", event.bring),
        ("講師", "\n".join(speaker.text for speaker in event.speakers)),
        ("申込期間", _window(event)),
    )
    return [(label, text) for label, text in rows if text]


def ways_to_apply(event: EventRow) -> str:
    """二次元コードのページ、電話、FAXのいずれかでお申し込みください。"""
    other = ("電話" if event.contact_phone else "", "FAX" if event.contact_fax else "")
    ways = ["二次元コードのページ", *(way for way in other if way)]
    return f"{'、'.join(ways)}{'のいずれか' if len(ways) > 1 else ''}でお申し込みください。"


def contact(event: EventRow) -> str:
    """市民活動推進課 電話086-426-3107"""
    ways = (("電話", event.contact_phone), ("FAX", event.contact_fax), ("メール", event.contact_email))
    return " ".join([event.section, *(f"{word}{text}" for word, text in ways if text)])


def _window(event: EventRow) -> str:
    since = f"{stamp_text(event.opens_at)}から" if event.opens_at else ""
    until = f"{stamp_text(event.closes_at)}まで" if event.closes_at else ""
    return since + until


def _newsletter_rows(event: EventRow, page: str) -> Iterator[Row]:
    yield "日時", "、".join(_days(event))
    yield "場所", "、".join(_places(event))
    yield "対象", event.audience_note or event.audience.word
    yield "定員", _capacity(event)
    yield "参加費", event.fee
    yield "持参品", event.bring
    yield "申込方法", _how(event, page)
    yield (
        "申込締切",
        bulletin_dates.day(event.closes_at) + bulletin_dates.clock(event.closes_at) if event.closes_at else "",
    )
    yield "問合せ", contact(event)


def _days(event: EventRow) -> Iterator[str]:
    """Sittings of one day share its date."""
    for _day, sittings in groupby(event.sittings, key=lambda s: local_date(s.starts_at)):
        held = list(sittings)
        yield bulletin_dates.day(held[0].starts_at) + "、".join(map(_hours, held))


def _hours(sitting: SittingRow) -> str:
    hours = bulletin_dates.hours(sitting.starts_at, sitting.ends_at)
    return f"{hours}({sitting.label})" if sitting.label else hours


def _places(event: EventRow) -> list[str]:
    venues = [sitting.venue for sitting in event.sittings if sitting.venue]
    return list(dict.fromkeys(v.full_name + (f"({v.address})" if v.address else "") for v in venues))


def _capacity(event: EventRow) -> str:
    """各回40人(先着順); nothing where a sitting takes everybody."""
    capacities = [sitting.capacity for sitting in event.offered if sitting.capacity is not None]
    if not capacities or len(capacities) < len(event.offered):
        return ""
    if len(set(capacities)) == 1:
        each = "各回" if len(capacities) > 1 else ""
        return f"{each}{capacities[0]}人({ADMISSIONS[event.admission]})"
    named = (f"{s.label or bulletin_dates.day(s.starts_at)}{s.capacity}人" for s in event.offered)
    return f"{'、'.join(named)}({ADMISSIONS[event.admission]})"


def _how(event: EventRow, page: str) -> str:
    if event.opens_at is None:
        return ""
    opens = bulletin_dates.day(event.opens_at) + bulletin_dates.clock(event.opens_at)
    other = ("電話" if event.contact_phone else "", "FAX" if event.contact_fax else "")
    ways = "、".join([f"申込ページ({page})", *(way for way in other if way)])
    return f"{opens}から{ways}で。"
