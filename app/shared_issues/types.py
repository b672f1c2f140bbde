"""Shapes that enter and leave the room of shared issues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.org.types import UnitRow


class Stage(StrEnum):
    """Who has a card in hand: its section, the organizer, or everybody."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    RETURNED = "returned"
    PUBLISHED = "published"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"draft": "作成中", "proposed": "確認待ち", "returned": "差戻し", "published": "公開中"}[self.value]


# The section may write into it.
IN_HAND = (Stage.DRAFT, Stage.RETURNED)


class Progress(StrEnum):
    """What is being done about the issue."""

    SEEKING = "seeking"
    CONSIDERING = "considering"
    REALIZED = "realized"
    ENDED = "ended"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"seeking": "募集中", "considering": "検討中", "realized": "事業化", "ended": "終了"}[self.value]


class Subject(StrEnum):
    """What an issue is about (分野)."""

    WELFARE = "welfare"
    CHILDREN = "children"
    LEARNING = "learning"
    SAFETY = "safety"
    ENVIRONMENT = "environment"
    TOWN = "town"
    CULTURE = "culture"
    INDUSTRY = "industry"
    RIGHTS = "rights"
    OTHER = "other"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "welfare": "健康・福祉",
            "children": "子ども・子育て",
            "learning": "学び・教育",
            "safety": "防災・防犯",
            "environment": "環境・ごみ",
            "town": "まちづくり・交通",
            "culture": "文化・スポーツ",
            "industry": "産業・観光",
            "rights": "人権・多文化共生",
            "other": "その他",
        }[self.value]


class District(StrEnum):
    """Where an issue is at home."""

    WHOLE = "whole"
    KURASHIKI = "kurashiki"
    MIZUSHIMA = "mizushima"
    KOJIMA = "kojima"
    TAMASHIMA = "tamashima"
    SHO = "sho"
    CHAYAMACHI = "chayamachi"
    FUNAO = "funao"
    MABI = "mabi"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "whole": "市全域",
            "kurashiki": "倉敷",
            "mizushima": "水島",
            "kojima": "児島",
            "tamashima": "玉島",
            "sho": "庄",
            "chayamachi": "茶屋町",
            "funao": "船穂",
            "mabi": "真備",
        }[self.value]


class LinkKind(StrEnum):
    """What an issue has become."""

    THEME = "theme"
    EVENT = "event"
    PROPOSAL = "proposal"
    OTHER = "other"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"theme": "提案のテーマ", "event": "研修会・講座", "proposal": "採択された提案", "other": "その他"}[
            self.value
        ]


class AnswerKind(StrEnum):
    """What a resident says to an issue."""

    JOIN = "join"
    KNOW = "know"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"join": "参加したい", "know": "知っていることがある"}[self.value]


class AnswerState(StrEnum):
    """How far the city has come with an answer."""

    NEW = "new"
    IN_HAND = "in_hand"
    DONE = "done"
    REFUSED = "refused"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"new": "未対応", "in_hand": "対応中", "done": "対応済", "refused": "対象外"}[self.value]

    @property
    def settled(self) -> bool:
        """Nothing more is to be done."""
        return self in {AnswerState.DONE, AnswerState.REFUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDraft:
    """What a section writes on a card. `source` says where figures in `background` come from."""

    title: str
    subject: Subject
    district: District
    background: str = ""
    source: str = ""
    affected: str = ""
    existing: str = ""
    sections: str = ""
    groups: str = ""
    progress: Progress = Progress.SEEKING


@dataclass(frozen=True, slots=True)
class LinkRow:
    """What an issue has become: an address of this service, or one elsewhere."""

    id: int
    kind: LinkKind
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """Information that was sent in and approved for everybody to read; says nothing of who sent it."""

    id: int
    text: str
    shown_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """A card. `published_at`: the first time; `posted_on`: the day from which it stands at `posted_url`, another site.

    `links` and `contributions` are filled in where one card is read.
    """

    id: int
    unit: UnitRow
    title: str
    subject: Subject
    district: District
    background: str
    source: str
    affected: str
    existing: str
    sections: str
    groups: str
    progress: Progress
    stage: Stage
    remark: str
    version: int
    updated_at: datetime
    updated_by: str
    proposed_at: datetime | None
    published_at: datetime | None
    posted_url: str
    posted_on: date | None
    links: tuple[LinkRow, ...] = ()
    contributions: tuple[ContributionRow, ...] = ()

    @property
    def takes_answers(self) -> bool:
        """Residents can answer."""
        return self.stage is Stage.PUBLISHED and self.progress is not Progress.ENDED


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cards a list shows; what is None or empty lets all through."""

    subject: Subject | None = None
    district: District | None = None
    progress: Progress | None = None
    stage: Stage | None = None
    without: Stage | None = None
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDraft:
    """What a resident sends: one way to be reached at least. `submission_id`: the form's own key."""

    kind: AnswerKind
    name: str
    email: str | None
    phone: str | None
    text: str
    submission_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """An answer as those see it who deal with it. `shown`: its text, without the person, is public."""

    id: int
    issue_id: int
    issue_title: str
    kind: AnswerKind
    name: str
    email: str | None
    phone: str | None
    text: str
    state: AnswerState
    note: str
    sent_at: datetime
    updated_at: datetime
    updated_by: str
    shown: bool


@dataclass(frozen=True, slots=True)
class YearFigure:
    """How many issues were published in a fiscal year. `source`: where a typed figure comes from; empty: counted."""

    fiscal_year: int
    number: int
    source: str = ""
