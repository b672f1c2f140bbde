"""What people thought: a form that is closed, with what came of it, and one that waits for its workshop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.demo.basis import TRAINING, WORKSHOP
from app.events import queries as events
from app.events.types import EventRow
from app.feedback import queries, services
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import JSON, SYSTEM

ANSWERS = 32
_GOOD = (
    "ほかの課の進め方を聞けて、参考になりました。",
    "棚卸シートを書きながら、自分の課の仕事を見直せました。",
    "グループでの話し合いの時間がちょうどよかったです。",
    "講師の話が具体的で、わかりやすかったです。",
)
_BETTER = (
    "会場が少し暑く感じました。",
    "事例をもう一つ聞きたかったです。",
    "資料を前もって読めると助かります。",
)
# Everyday spread, without chance: most are content, a few are not.
_AGES = (4, 4, 5, 5, 5, 4, 3, 5)
_SATISFIED = (1, 2, 2, 1, 2, 1, 3, 2, 1, 2, 2, 1, 4)
_USEFUL = (1, 2, 2, 1, 2, 3)


def load(*, now: datetime) -> None:
    """Add both forms."""
    year = fiscal_year(now)
    _answered(events.one(f"{year - 1}-{TRAINING}"))
    services.make(events.one(f"{year}-{WORKSHOP}-1").id, by=SYSTEM, now=now)
    services.sweep(now=now)


def _answered(event: EventRow) -> None:
    held = event.ends_at
    if held is None:
        raise LookupError("the training has no sitting")
    soon = held + timedelta(hours=1)
    services.make(event.id, by=SYSTEM, now=soon)
    form = queries.of_event(event.id, now=soon)
    if form is None:
        raise LookupError("the form was not made")
    services.arrange(event.id, form.last_day, "age", by=SYSTEM, now=soon)
    for number, answers in enumerate(_answers()):
        services.answer(form.code, f"demonstration-{number:02}", answers, now=soon)


def _answers() -> Iterator[dict[str, JSON]]:
    for number in range(ANSWERS):
        said: dict[str, JSON] = {
            "standing": "o3",
            "age": f"o{_AGES[number % len(_AGES)]}",
            "satisfied": f"o{_SATISFIED[number % len(_SATISFIED)]}",
            "useful": f"o{_USEFUL[number % len(_USEFUL)]}",
            "length": "o2" if number % 5 else "o1",
            "next": [f"o{1 + number % 5}", f"o{1 + (number + 2) % 5}"],
        }
        if number % 8 == 0:
            said["good"] = _GOOD[number // 8 % len(_GOOD)]
        if number % 11 == 0:
            said["better"] = _BETTER[number // 11 % len(_BETTER)]
        yield said
