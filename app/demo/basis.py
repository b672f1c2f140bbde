"""What both years stand on: the facts of the report, series, venues, sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml

from app.events import catalogue
from app.events.drafts import SeriesDetails, VenueDetails
from app.kernel.japanese_dates import TOKYO, local_date
from app.kernel.types import SYSTEM
from app.kernel.working_days import working_day

SECTION = "市民活動推進課"
WORKSHOP, TRAINING, MODEL = "chiiki", "suishin", "model"


@dataclass(frozen=True, slots=True)
class Basis:
    """Ids of what was laid: series by slug, venues by name and room."""

    series: dict[str, int]
    hall: int
    room: int


@cache
def facts() -> dict[str, Any]:
    """The year as the public report tells it (fy2016.yaml)."""
    loaded: dict[str, Any] = yaml.safe_load(resources.files("app.demo").joinpath("fy2016.yaml").read_text("utf-8"))
    return loaded


def lay_basis(*, now: datetime) -> Basis:
    """Add series and venues."""
    series = {
        slug: catalogue.save_series(SeriesDetails(slug, title, description, position), by=SYSTEM, now=now)
        for position, (slug, title, description) in enumerate(
            (
                (WORKSHOP, "地域づくり研修会", "地域で活動する方が、課題の解決の進め方を学び合う研修会です。"),
                (TRAINING, "協働推進員研修", "各課・各室の協働推進員が、業務を協働の視点で見直す研修です。"),
                (MODEL, "課題解決モデル事業", "市民、団体、市の職員が同じテーブルで課題と解決の方法を話し合います。"),
            )
        )
    }
    hall, room = (
        catalogue.save_venue(
            VenueDetails(name="倉敷市役所", room=name, address="倉敷市西中新田640"), by=SYSTEM, now=now
        )
        for name in ("10階大会議室", "低層棟207会議室")
    )
    return Basis(series, hall, room)


def moment(day: date, clock: str) -> datetime:
    """A day and `13:30` in Japan."""
    return datetime.combine(day, time.fromisoformat(clock), TOKYO)


def day_in(now: datetime, days: int) -> date:
    """The first working day of the city hall that lies at least `days` ahead."""
    return working_day(local_date(now) + timedelta(days=days - 1), 1)
