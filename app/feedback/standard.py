"""The questions that a new feedback form begins with."""

from __future__ import annotations

from dataclasses import replace

from app.events.common_questions import COMMON
from app.feedback.types import SECTION
from app.questions.types import Definition, Kind, Option, Question, Section

HINT = (
    "お名前はお聞きしません。回答は、これからの研修会・講座をよりよくするために使います。"
    "ご自身やほかの方のお名前、ご連絡先は書かないでください。"
)
# The question by whose answers the others are broken down unless the organizer chooses another.
BREAKDOWN = "standing"


def _options(*labels: str, free: str = "") -> tuple[Option, ...]:
    offered = tuple(Option(f"o{number}", label) for number, label in enumerate(labels, 1))
    return (*offered, Option("other", free, free=True)) if free else offered


_STANDING = ("市民（個人）", "市民活動団体・自治会など", "市の職員", "その他")
_SATISFIED = ("とてもよかった", "よかった", "どちらともいえない", "あまりよくなかった", "よくなかった")
_USEFUL = ("生かせる", "どちらかといえば生かせる", "どちらかといえば生かせない", "生かせない")
_LENGTH = ("短い", "ちょうどよい", "長い")
_NEXT = ("会議の進め方", "広報・チラシづくり", "資金の集め方", "仲間づくり", "地域の助け合い")
_AGE = next(replace(question, per_person=False) for question in COMMON if question.key == "age")

STANDARD = Definition(
    "アンケート",
    (
        Section(
            SECTION,
            "アンケート",
            (
                Question(BREAKDOWN, Kind.SINGLE, "どのような立場で参加されましたか", options=_options(*_STANDING)),
                _AGE,
                Question(
                    "satisfied",
                    Kind.SINGLE,
                    "全体として、いかがでしたか",
                    required=True,
                    options=_options(*_SATISFIED),
                ),
                Question(
                    "useful",
                    Kind.SINGLE,
                    "これからの活動や仕事に生かせそうですか",
                    options=_options(*_USEFUL),
                ),
                Question("length", Kind.SINGLE, "時間の長さはいかがでしたか", options=_options(*_LENGTH)),
                Question(
                    "next",
                    Kind.MULTIPLE,
                    "今後、取り上げてほしい内容",
                    options=_options(*_NEXT, free="その他"),
                ),
                Question("good", Kind.TEXT, "よかったこと、印象に残ったこと", most="400"),
                Question("better", Kind.TEXT, "改善してほしいこと", most="400"),
            ),
        ),
    ),
    HINT,
)
