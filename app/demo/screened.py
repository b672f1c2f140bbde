"""This year's projects of the demonstration: proposed and screened the winter before, decided, told."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.demo import proposed
from app.demo.proposed import Plan
from app.kernel.types import JSON, SYSTEM
from app.proposals import deciding, found, queries, reporting, reviewing, reviews, screening
from app.proposals.report_types import ReportKind
from app.proposals.screening_types import DecisionDraft, Outcome, ReviewerDraft, RoundKind

# Days since applications for this year's projects began, and since both rounds were held.
OPENED_AGO, SCREENED_AGO = 390, 300
CRITERIA = (
    ("必要性", "地域の課題をとらえているか", 2),
    ("実現性", "計画と体制に無理がないか", 1),
    ("協働の効果", "団体と市が一緒に行う意味があるか", 2),
    ("広がり", "支援の後も続き、広がるか", 1),
)
REVIEWERS = (
    ("審査　一郎", "大学（地域づくり）"),
    ("審査　二葉", "社会福祉協議会"),
    ("審査　三郎", "商工団体"),
    ("審査　四季", "公募委員"),
    ("審査　五月", "市民活動センター"),
)
PLANS = (
    Plan(
        "水島みどりの会",
        "工場の町の木陰づくり",
        "市民提案コース",
        "夏の暑さで、歩いて出かけられない高齢の方が増えています。",
        "通学路と散歩道に木を植え、世話をする人の輪を広げます。",
        400_000,
        100_000,
    ),
    Plan(
        "真備の記憶を伝える会",
        "災害の経験を語り継ぐ紙しばい",
        "新規チャレンジコース",
        "経験を話せる方が少なくなり、子どもに伝える方法を探しています。",
        "聞き取った話を紙しばいにし、学校と公民館で上演します。",
        120_000,
        40_000,
    ),
    Plan(
        "児島デニムの縁",
        "端切れでつなぐ手仕事の会",
        "協働準備コース",
        "外に出るきっかけがない方の、役割と居場所が足りません。",
        "端切れを使う手仕事の会を開き、作品を地域の催しで配ります。",
        160_000,
        80_000,
    ),
)
DECISIONS = (
    DecisionDraft(Outcome.ADOPTED, 400_000, "", "必要性が高く、世話をする人の輪を広げる計画が具体的であるため。"),
    DecisionDraft(
        Outcome.CONDITIONAL,
        110_000,
        "上演の記録を残し、市の催しで使えるようにすること。",
        "伝える方法に工夫があるため。",
    ),
    DecisionDraft(Outcome.DECLINED, 0, "", "参加する方をどのように募るかが、まだ決まっていないため。"),
)


def load(programme_id: int, *, now: datetime) -> None:
    """Add the proposals to a published programme, screen them, decide and tell the groups."""
    programme = queries.programme(programme_id)
    applied, judged = now - timedelta(days=OPENED_AGO - 5), now - timedelta(days=SCREENED_AGO)
    ids = [proposed.add(programme, plan, 10 + n, now=applied) for n, plan in enumerate(PLANS)]
    for label, note, weight in CRITERIA:
        screening.add_criterion(programme_id, label, note, weight, by=SYSTEM, now=judged)
    links = [_invited(programme_id, n, now=judged) for n in range(len(REVIEWERS))]
    for kind in RoundKind:
        round_id = screening.open_round(programme_id, kind, ids, by=SYSTEM, now=judged)
        if kind is RoundKind.PAPERS:
            reviewing.keep_out(links[2], round_id, ids[2], "団体の会員です。", now=judged)
        _judge(programme_id, round_id, ids, links, now=judged)
        screening.close_round(round_id, anyway=False, by=SYSTEM, now=judged)
    for proposal_id, decision in zip(ids, DECISIONS, strict=True):
        deciding.decide(proposal_id, decision, by=SYSTEM, now=judged)
    deciding.tell(programme_id, by=SYSTEM, now=judged)
    _report(ids[0], ids[1], now=now)


def _invited(programme_id: int, number: int, *, now: datetime) -> str:
    """One more reviewer; the token of their link."""
    name, affiliation = REVIEWERS[number]
    draft = ReviewerDraft(name, affiliation, f"reviewer{number + 1}@example.jp")
    who = screening.invite(programme_id, draft, by=SYSTEM, now=now)
    return reviews.with_link(reviews.reviewer(who).public_id)[1]


def _judge(programme_id: int, round_id: int, ids: list[int], links: list[str], *, now: datetime) -> None:
    """Points as invented as the proposals: the earlier ones get more, reviewers differ by one."""
    asked = [one.id for one in reviews.criteria(programme_id)]
    for who, token in enumerate(links):
        for place, proposal_id in enumerate(ids):
            if (who, place) != (2, 2):
                points = {one: max(1, 5 - place - (who + n * round_id) % 2) for n, one in enumerate(asked)}
                reviewing.score(token, round_id, proposal_id, points, "", now=now)


def _report(first: int, second: int, *, now: datetime) -> None:
    """One project's interim report was accepted and both sides looked back, another's waits to be read."""
    done: JSON = {"done": "3回の集まりを開きました。", "people": "86", "rest": "秋に2回、まとめの会を1回開きます。"}
    for proposal_id in (first, second):
        token = found.token_again(found.by_id(proposal_id).public_id)
        saved = reporting.save(token, ReportKind.INTERIM, {"progress": done}, version=0, now=now)
        reporting.submit(token, ReportKind.INTERIM, version=saved.version, now=now)
    reporting.accept(first, ReportKind.INTERIM, by=SYSTEM, now=now)
    token = found.token_again(found.by_id(first).public_id)
    answers: JSON = {"aims": "well", "roles": "mostly", "talk": "well", "good": "お互いの得意なことが分かりました。"}
    reporting.reflect(token, {"together": answers}, now=now)
    reporting.reflect_for_city(first, {"together": answers}, by=SYSTEM, now=now)
