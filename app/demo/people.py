"""Invented people: every name is put together from parts by a counter, so that the same load gives the same people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from app.events.audiences import Category
from app.registrations.types import Details, Needs

SURNAMES = (
    ("𠮷田", "ヨシダ"), ("髙橋", "タカハシ"), ("山﨑", "ヤマサキ"), ("渡邊󠄀", "ワタナベ"), ("見本", "ミホン"),
    ("架空", "カクウ"), ("例示", "レイジ"), ("仮名", "カリナ"), ("試作", "シサク"), ("模擬", "モギ"),
    ("濵田", "ハマダ"), ("栁井", "ヤナイ"), ("想定", "ソウテイ"), ("練習", "レンシュウ"), ("手本", "テホン"),
)  # fmt: skip
GIVEN = (
    ("一", "ハジメ"), ("花子", "ハナコ"), ("太郎", "タロウ"), ("さくら", "サクラ"), ("德治", "トクジ"),
    ("みどり", "ミドリ"),
    ("健", "ケン"), ("幸子", "サチコ"), ("茂", "シゲル"), ("陽子", "ヨウコ"), ("進", "ススム"), ("ひかり", "ヒカリ"),
    ("実", "ミノル"), ("京子", "キョウコ"), ("豊", "ユタカ"), ("千夏", "チナツ"), ("剛", "ツヨシ"),
)  # fmt: skip
DISTRICTS = ("倉敷", "水島", "児島", "玉島", "庄", "茶屋町", "船穂", "真備")
GROUPS = ("見本地区コミュニティ協議会", "架空まちづくりの会", "", "例示町内会", "NPO法人もぎ", "")
EVERY_FIFTH, EVERY_NINTH, EVERY_ELEVENTH = 5, 9, 11


def people(category: Category = Category.RESIDENT, *, start: int = 0) -> Iterator[Details]:
    """An endless row of people; every fifth has only a telephone and half of these an address to write to; a few bring
    somebody or need something."""
    for n in count(start):
        (surname, surname_kana), (given, given_kana) = SURNAMES[n % len(SURNAMES)], GIVEN[n % len(GIVEN)]
        by_phone = n % EVERY_FIFTH == EVERY_FIFTH - 1
        by_post = by_phone and category is Category.RESIDENT and n % 2 == 1
        resident = category is Category.RESIDENT
        yield Details(
            name=f"{surname}　{given}",
            kana=f"{surname_kana}　{given_kana}",
            email=None if by_phone else f"person{n}@example.jp",
            phone=f"+8186426{n % 10000:04}" if by_phone else None,
            companions=1 if resident and n % EVERY_NINTH == 0 else 0,
            district=DISTRICTS[n % len(DISTRICTS)] if resident else "",
            affiliation=GROUPS[n % len(GROUPS)] if resident else "",
            category=category,
            postcode="7108565" if by_post else "",
            address=f"倉敷市西中新田{n}番地" if by_post else "",
            needs=Needs(sign_language=True) if n % EVERY_ELEVENTH == EVERY_ELEVENTH - 1 else Needs(),
        )
