"""The chapters of the report as data, and the article they become: figures, events, tables, charts, texts, photos.

A chapter that has nothing to say is left out, and the numbers of the others close up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.attendance.types import Totals
from app.documents.article import (
    Article,
    Bar,
    Block,
    Chart,
    Fact,
    Facts,
    Heading,
    Item,
    Listing,
    Paragraph,
    Picture,
    Table,
    Told,
)  # fmt: skip
from app.events.audiences import Category
from app.events.types import AgendaRow, EventRow
from app.kernel.japanese_dates import fiscal_year_text, period_text
from app.model_projects.types import ThemeRow
from app.reports.definitions import DEFINITIONS
from app.reports.figures import Figures
from app.reports.gathering import Year
from app.reports.rules import number, parts_of
from app.reports.types import Events, Figure

COMPARED = 3
MOST_BARS = 10


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter. `asks`: what people are asked to write in it, empty where nothing is written.

    `figures` are keys; `events` says whose events are told; `trend` is the key of a figure drawn over the years,
    `lists` that of one whose records are named.
    """

    key: str
    level: int
    title: str
    asks: str = ""
    figures: tuple[str, ...] = ()
    events: Events | None = None
    trend: str = ""
    lists: str = ""
    numbered: bool = True
    boards: bool = False
    adopted: bool = False
    compares: bool = False
    explains: bool = False


CHAPTERS = (
    Chapter("intro", 1, "はじめに", "この一年の協働の状況と、このレポートで伝えたいこと。", numbered=False),
    Chapter(
        "survey",
        1,
        "協働環境調査",
        "いつ、だれに、何を尋ねたか。結果から分かったこと。",
        figures=("collaborations",),
        trend="collaborations",
    ),
    Chapter("work", 1, "一年の取組", "この章の前に置く文章があれば。"),
    Chapter("staff", 2, "職員の取組", "職員の取組の全体について。"),
    Chapter(
        "training",
        3,
        "職員の研修",
        "研修のねらい、内容、対象者、分かったこと。協働推進員・協働調整員の役割。",
        figures=("coordinators", "promoters", "training_sittings", "training_attended"),
        events=Events.STAFF,
        boards=True,
    ),
    Chapter(
        "elearning",
        3,
        "Eラーニングによる研修",
        "教材の内容と対象者。",
        figures=("elearning_units", "elearning_done"),
        lists="elearning_units",
    ),
    Chapter("inventory", 3, "業務の棚卸", "棚卸のねらいと、見直しにつながったこと。", figures=("worksheets",)),
    Chapter(
        "issues",
        3,
        "地域課題の共有",
        "どこで、いつから、何を共有しているか。",
        figures=("issues",),
        lists="issues",
    ),
    Chapter(
        "workshops",
        2,
        "地域向け研修",
        "研修のねらいと、参加者の様子。",
        figures=("workshops", "workshop_attended"),
        events=Events.OPEN,
    ),
    Chapter(
        "proposals",
        2,
        "市民企画提案事業",
        "事業のねらい、コース、募集の結果。",
        figures=("proposals_city", "proposals_citizen", "proposals_other"),
        adopted=True,
    ),
    Chapter(
        "model",
        2,
        "課題解決モデル事業",
        "話し合いのねらい、出た意見、次に取り組むこと。",
        figures=("model_sittings", "model_attended"),
        events=Events.MODEL,
    ),
    Chapter("closing", 1, "これから", "次の年度に取り組むこと。"),
    Chapter("years", 1, "数字で見る三年間", "数字から分かること。", compares=True),
    Chapter("counting", 1, "数字の数え方と出典", explains=True),
)
BY_KEY = {chapter.key: chapter for chapter in CHAPTERS}
WRITTEN = tuple(chapter for chapter in CHAPTERS if chapter.asks)


@dataclass(frozen=True, slots=True)
class Contents:
    """All that goes into a report: the year's records, the figures of the years, and what people wrote and added."""

    year: Year
    publisher: str
    figures: Figures
    trends: Mapping[str, Sequence[Figure]]
    listed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    photos: Mapping[str, Sequence[Picture]] = field(default_factory=dict)

    def figure(self, key: str) -> Figure:
        """A figure of the report's own year."""
        return self.figures[self.year.fiscal_year, key]


def title_of(fiscal_year: int) -> str:
    """平成28年度　協働推進レポート"""
    return f"{fiscal_year_text(fiscal_year)}　協働推進レポート"


def years_of(fiscal_year: int) -> list[int]:
    """The years that are compared, the oldest first."""
    return list(range(fiscal_year - COMPARED + 1, fiscal_year + 1))


def article(contents: Contents) -> Article:
    """The report as a document."""
    told = [(chapter, tuple(_blocks(chapter, contents))) for chapter in CHAPTERS]
    blocks: list[Block] = []
    counts: dict[int, int] = {}
    for place, (chapter, own) in enumerate(told):
        if not own and not _has_below(told, place):
            continue
        counts = {level: count for level, count in counts.items() if level <= chapter.level}
        if chapter.numbered:
            counts[chapter.level] = counts.get(chapter.level, 0) + 1
        sign = number(chapter.level, counts[chapter.level]) if chapter.numbered else ""
        blocks += [Heading(chapter.level, sign, chapter.title, chapter.key), *own]
    return Article(title_of(contents.year.fiscal_year), contents.publisher, "", tuple(blocks))


def _has_below(told: Sequence[tuple[Chapter, tuple[Block, ...]]], place: int) -> bool:
    """Whether a chapter of a lower level that belongs to it has something to say."""
    for chapter, own in told[place + 1 :]:
        if chapter.level <= told[place][0].level:
            return False
        if own:
            return True
    return False


def _blocks(chapter: Chapter, contents: Contents) -> Iterator[Block]:
    """What a chapter says, its heading and those below it left out."""
    yield from written(contents.texts.get(chapter.key, ""))
    yield from contents.photos.get(chapter.key, ())
    known = [one for one in map(contents.figure, chapter.figures) if one.value is not None]
    if known:
        yield Facts(tuple(Fact(one.definition.title, (_told(one),)) for one in known))
    if chapter.trend:
        yield from _trend(contents.trends[chapter.trend], contents.figure(chapter.trend))
    if chapter.lists and contents.listed[chapter.lists]:
        yield Listing(tuple(map(Item, contents.listed[chapter.lists])))
    yield from _records(chapter, contents.year)
    if chapter.compares:
        yield from _comparison(contents)
    if chapter.explains:
        yield from _explanations(contents)


def _records(chapter: Chapter, year: Year) -> Iterator[Block]:
    if chapter.boards:
        yield from _boards(year)
    if chapter.adopted:
        yield from _adopted(year)
    if chapter.events:
        yield from _events(chapter.level + 1, year.of(chapter.events), year)


def _told(one: Figure) -> str:
    return Told(one.text, one.about) if one.text else "―"


def written(text: str) -> Iterator[Block]:
    """What people typed, as paragraphs and lists."""
    for part in parts_of(text):
        yield Paragraph(part) if isinstance(part, str) else Listing(tuple(map(Item, part)))


def _trend(known: Sequence[Figure], figure: Figure) -> Iterator[Block]:
    if len(known) > 1:
        bars = tuple(Bar(fiscal_year_text(one.fiscal_year), one.value or 0, one.about) for one in known[-MOST_BARS:])
        what = figure.definition
        yield Chart(f"{what.title}の数の移り変わり", what.unit, ("年度", "数"), bars)


def _boards(year: Year) -> Iterator[Block]:
    rows = tuple(
        (b.requirement.title, *(Told(f"{n:,}人", ("requirement", b.requirement.id)) for n in (len(b.lines), b.done)))
        for b in year.boards
        if b.lines
    )
    if rows:
        yield Table("必修研修を終えた人", ("必修研修", "対象", "終えた人"), rows, frozenset({1, 2}))


def _adopted(year: Year) -> Iterator[Block]:
    """What residents see of the adopted projects, those of each year in a table."""
    for programme, found in year.adopted:
        about = ("programme", programme.id)
        rows = tuple((one.title, one.group_name, one.course, Told(f"{one.amount:,}円", about)) for one in found)
        if rows:
            caption = f"{fiscal_year_text(programme.fiscal_year)}に行う事業として採択したもの"
            yield Table(caption, ("事業の名称", "団体", "コース", "市の負担"), rows, frozenset({3}))


def _events(level: int, held: Sequence[EventRow], year: Year) -> Iterator[Block]:
    for place, event in enumerate(held, 1):
        yield Heading(level, number(level, place), event.full_title, f"event-{event.id}")
        yield Facts(tuple(_about(event, year)))
        themes = year.themes.get(event.id, ())
        if event.agenda:
            yield Listing(_programme(event.agenda, level + 1))
        elif themes:
            yield Listing(tuple(Item(_theme(one), number(level + 1, at)) for at, one in enumerate(themes, 1)))


def _theme(one: ThemeRow) -> str:
    """子どもの防災（活動報告：一般社団法人チカク　関係課：保育幼稚園課）"""
    about = (("活動報告", one.reporter), ("関係課", one.sections))
    more = "　".join(f"{label}：{said}" for label, said in about if said)
    return f"テーマ：{one.title}（{more}）" if more else f"テーマ：{one.title}"


def _about(event: EventRow, year: Year) -> Iterator[Fact]:
    over = [sitting for sitting in event.sittings if sitting.ends_at <= year.now]
    when = (f"{s.label}　{period_text(s.starts_at, s.ends_at)}".strip() for s in over)
    yield Fact("日時", tuple(when))
    places = dict.fromkeys(sitting.venue.full_name for sitting in over if sitting.venue)
    if places:
        yield Fact("会場", tuple(places))
    if event.audience_note:
        yield Fact("対象", tuple(event.audience_note.splitlines()))
    if event.speakers:
        yield Fact("講師", tuple(speaker.text for speaker in event.speakers))
    came = [year.attended[sitting.id] for sitting in over if sitting.id in year.attended]
    if came:
        yield Fact("参加者", (Told(_came(came), ("event", event.id)),))


def _came(sittings: Sequence[Totals]) -> str:
    """44人（市民37人、市職員7人）"""
    by = {category: sum(one.of(category) for one in sittings) for category in Category}
    parts = [f"{category.word}{people:,}人" for category, people in by.items() if people]
    whole = f"{sum(by.values()):,}人"
    return f"{whole}（{'、'.join(parts)}）" if len(parts) > 1 else whole


def _programme(rows: Sequence[AgendaRow], level: int) -> tuple[Item, ...]:
    return tuple(
        Item(_entry(row), number(level, place), _programme(row.items, level + 1)) for place, row in enumerate(rows, 1)
    )


def _entry(row: AgendaRow) -> str:
    what = f"{row.kind}：{row.title}" if row.kind else row.title
    return "　".join([what, *(speaker.text for speaker in row.speakers)])


def _comparison(contents: Contents) -> Iterator[Block]:
    years = years_of(contents.year.fiscal_year)
    rows = tuple(
        (one.title, *(_told(contents.figures[year, one.key]) for year in years))
        for one in DEFINITIONS
        if any(contents.figures[year, one.key].value is not None for year in years)
    )
    if rows:
        header = ("項目", *map(fiscal_year_text, years))
        yield Table("年度ごとの比較（―は記録がないもの）", header, rows, frozenset(range(1, len(header))))


def _explanations(contents: Contents) -> Iterator[Block]:
    rows = tuple(
        Fact(one.title, (one.says, f"出典：{'、'.join(sources)}"))
        for one in DEFINITIONS
        if (sources := _sources(contents, one.key))
    )
    if rows:
        yield Facts(rows)


def _sources(contents: Contents, key: str) -> list[str]:
    """Where the figures of the compared years, and of a chart, come from; each once, the newest first."""
    compared = [contents.figures[year, key] for year in reversed(years_of(contents.year.fiscal_year))]
    shown = [*compared, *reversed(contents.trends.get(key, ()))]
    return list(dict.fromkeys(one.source for one in shown if one.value is not None))
