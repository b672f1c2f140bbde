"""Questions that forms of Japanese municipalities ask again and again, ready to be taken into an event's form."""

from __future__ import annotations

from app.questions.types import Kind, Option, Question


def _options(*labels: str, free: str = "") -> tuple[Option, ...]:
    offered = tuple(Option(f"o{number}", label) for number, label in enumerate(labels, 1))
    return (*offered, Option("other", free, free=True)) if free else offered


_DISTRICTS = ("倉敷", "水島", "児島", "玉島", "庄", "茶屋町", "船穂", "真備", "市外")
_AGES = ("10代以下", "20代", "30代", "40代", "50代", "60代", "70代", "80代以上", "回答しない")
_HEARD = ("広報紙", "チラシ", "市のホームページ", "SNS", "家族や知人")
_COMING = ("自動車", "公共交通機関", "自転車・徒歩")

COMMON: tuple[Question, ...] = (
    Question("district", Kind.SINGLE, "お住まいの地区", options=_options(*_DISTRICTS), per_person=True),
    Question("age", Kind.SINGLE, "年代", options=_options(*_AGES), per_person=True),
    Question("heard", Kind.MULTIPLE, "この研修会・講座を知ったきっかけ", options=_options(*_HEARD, free="その他")),
    Question("coming", Kind.SINGLE, "会場までの交通手段", options=_options(*_COMING)),
    Question("children", Kind.NUMBER, "託児を希望するお子さんの人数", least="0", most="9", unit="人"),
    Question(
        "children_ages",
        Kind.TEXT,
        "託児を希望するお子さんの月齢・年齢",
        hint="お子さんごとに、年齢（2歳未満は月齢）とアレルギーの有無を入力してください。",
        most="400",
    ),
    Question("asking", Kind.TEXT, "講師に質問したいこと", most="400"),
    Question("before", Kind.YES_NO, "これまでに参加したことがありますか"),
    Question(
        "photo",
        Kind.CONSENT,
        "会場で撮影した写真を、広報紙や市のホームページに載せることに同意します",
    ),
)
