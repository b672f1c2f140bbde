"""Proposals of invented groups for the demonstration, each with a budget that holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.infra.tokens import random_id
from app.kernel.types import JSON, SYSTEM
from app.proposals import applying, checking, found, queries
from app.proposals.types import Applicant, CourseKind, ProgrammeRow, ProposalState


@dataclass(frozen=True, slots=True)
class Plan:
    """What an invented group proposes. `grant`, `own` in yen; `state`: how far it has come."""

    group: str
    name: str
    course: str
    problem: str
    content: str
    grant: int
    own: int
    state: ProposalState = ProposalState.CHECKED


PLANS = (
    Plan(
        "船倉まちあるきの会",
        "路地をめぐる音声ガイドづくり",
        "新規チャレンジコース",
        "古い町並みを案内できる方が少なくなり、子どもが町の歴史を知る機会がありません。",
        "住民から聞き取った話を音声ガイドにまとめ、月1回の町歩きで使います。",
        120_000,
        40_000,
    ),
    Plan(
        "つながる台所の会",
        "月に一度の地域食堂",
        "市民提案コース",
        "一人で食事をする子どもと高齢の方が増え、困りごとが見えにくくなっています。",
        "公民館で月に一度、だれでも参加できる食堂を開き、相談の窓口につなぎます。",
        360_000,
        60_000,
    ),
    Plan(
        "空き家ゼロ作戦",
        "住まいの終活を話す会",
        "行政提案コース",
        "住む人がいなくなってから相談を受けることが多く、打てる手が限られます。",
        "5つの地区で、専門家と一緒に住まいのこれからを話す会を開きます。",
        480_000,
        0,
    ),
    Plan(
        "高梁川の生き物調べ隊",
        "川の生き物図鑑",
        "協働準備コース",
        "川で遊ぶ子どもが減り、身近な自然への関心がうすれています。",
        "親子で生き物を調べ、結果を図鑑にまとめて学校に配ります。",
        200_000,
        60_000,
        ProposalState.RETURNED,
    ),
    Plan(
        "にほんごひろば",
        "お知らせを一緒に読む会",
        "市民提案コース",
        "学校や市役所からのお知らせが読めず、困っている家庭があります。",
        "週に一度、お知らせを一緒に読み、必要な手続きを手伝います。",
        180_000,
        30_000,
        ProposalState.SUBMITTED,
    ),
    Plan(
        "若者カフェ準備会",
        "高校生が企画する放課後の居場所",
        "新規チャレンジコース",
        "放課後に安心して過ごせる場所が少ないという声があります。",
        "",
        0,
        0,
        ProposalState.DRAFT,
    ),
)


def add(programme: ProgrammeRow, plan: Plan, number: int, *, now: datetime) -> int:
    """Add what one group proposes, as far as its state; its id."""
    course = next(one for one in programme.courses if one.name == plan.course)
    themes = queries.accepted_themes(programme.id) if course.kind is CourseKind.CITY_THEME else []
    applicant = Applicant(
        course_id=course.id,
        theme_id=themes[0].id if themes else None,
        support_year=1,
        group_name=plan.group,
        contact_name=f"代表　{number}",
        email=f"group{number}@example.jp" if number % 3 else "",
        phone="+81860000000",
        postcode="7108565",
        address="倉敷市西中新田640",
    )
    token = applying.start(programme.id, applicant, random_id(), now=now)
    row = found.by_token(token)
    saved = applying.save(token, answers(plan), version=row.version, now=now)
    if plan.state is not ProposalState.DRAFT:
        applying.submit(token, version=saved.version, now=now)
    if plan.state is ProposalState.CHECKED:
        checking.accept(row.id, by=SYSTEM, now=now)
    if plan.state is ProposalState.RETURNED:
        checking.return_(row.id, "団体の規約を添付してください。", by=SYSTEM, now=now)
    return row.id


def answers(plan: Plan) -> dict[str, JSON]:
    """What the group filled in; the costs are a third each for speakers, print and the rest."""
    told: dict[str, JSON] = {"name": plan.name, "problem": plan.problem, "content": plan.content}
    if plan.state is ProposalState.DRAFT:
        return {"plan": told}
    told |= {"goal": "困ったときに声をかけ合える地域になること。", "city": "会場の確保と広報。", "people": "200"}
    whole = plan.grant + plan.own
    third = whole // 3
    expenses: list[JSON] = [
        _cost("a", "報償費　講師への謝礼", third),
        _cost("b", "印刷製本費　案内の印刷", third),
        _cost("c", "消耗品費　材料と文具", whole - 2 * third),
    ]
    income: list[JSON] = [{"row": "a", "source": "grant", "amount": str(plan.grant)}]
    if plan.own:
        income.append({"row": "b", "source": "own", "amount": str(plan.own)})
    group: dict[str, JSON] = {"activity": "地域の行事の手伝いと、月に一度の集まり。", "members": "18"}
    return {"plan": told, "group": group, "income": income, "expenses": expenses}


def _cost(row: str, item: str, amount: int) -> JSON:
    return {
        "row": row,
        "item": item,
        "unit_price": str(amount),
        "quantity": "1",
        "amount": str(amount),
        "eligible": True,
    }
