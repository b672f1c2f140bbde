"""What one of the workshops asks beside name and contact, and what invented people answer."""

from __future__ import annotations

from datetime import datetime

from app.events import asking
from app.events.common_questions import COMMON
from app.kernel.types import JSON, SYSTEM
from app.questions.party import NOTHING_ASKED, Answered, check_party
from app.questions.types import free_key

ASKED = tuple(question for question in COMMON if question.key in {"age", "heard", "asking"})
_ASKING = ("活動の担い手を増やすには、何から始めればよいですか。", "会場の確保で工夫していることを聞きたいです。")
EVERY_SEVENTH = 7


def ask(event_id: int, *, now: datetime) -> None:
    """Put the questions into an event's form."""
    for question in ASKED:
        asking.add(event_id, question, by=SYSTEM, now=now)


def answers_of(number: int, *, people: int) -> Answered:
    """What the applicant of that number answers, and their companions."""
    given = [_given(number + 3 * person) for person in range(people)]
    answered, problems = check_party(ASKED, given, people=people)
    return NOTHING_ASKED if problems else answered


def _given(number: int) -> dict[str, JSON]:
    age, heard, _asking = ASKED
    ages, ways = age.options, heard.options
    other = ways[-1]
    said: dict[str, JSON] = {
        "age": ages[2 + number % (len(ages) - 2)].key,
        "heard": [way.key for place, way in enumerate(ways) if (number + place) % 3 == 0],
        free_key(heard, other): "公民館の掲示",
    }
    if number % EVERY_SEVENTH == 0:
        said["asking"] = _ASKING[number // EVERY_SEVENTH % len(_ASKING)]
    return said
