"""The demonstration's shared issues: cards in every stage, what residents answered, the figure of the public report."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import resources
from typing import Any

import yaml

from app.demo.basis import facts
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM, Actor, ActorKind
from app.org import queries as org
from app.shared_issues import answering, desk, queries, services
from app.shared_issues.types import (
    AnswerDraft,
    AnswerKind,
    AnswerState,
    District,
    IssueDraft,
    LinkKind,
    Progress,
    Subject,
    YearFigure,
)

ANSWERS = (
    (AnswerKind.JOIN, "見本　太郎", "前の仕事で経理をしていました。団体の会計を手伝えます。"),
    (AnswerKind.KNOW, "見本　花子", "公民館の講座を終えた人どうしで、月に一度集まっています。見学できます。"),
    (AnswerKind.JOIN, "見本　次郎", "平日の昼に時間があります。子どもの見守りから始めたいです。"),
)
WISH = "「既にある取組」を書いてください。役員の手引きがあれば、そのことも書いてください。"


def load(*, now: datetime) -> None:
    """Add the cards of this year and the typed figure of fiscal year 2016."""
    text = resources.files("app.demo").joinpath("issues.yaml").read_text(encoding="utf-8")
    units = {unit.name: unit.id for unit in org.units(fiscal_year(now))}
    for card in yaml.safe_load(text):
        _card(card, units[card["section"]], now)
    year = facts()
    known = YearFigure(year["fiscal_year"], year["shared_issues"]["published"], "平成28年度 協働推進レポート")
    desk.type_figure(known, by=SYSTEM, now=now)


def _card(card: dict[str, Any], unit_id: int, now: datetime) -> None:
    writer = Actor(ActorKind.STAFF, None, f"{card['section']}の担当者")
    then = now - timedelta(days=card["days"])
    texts = ("title", "background", "affected", "existing", "sections", "groups")
    draft = IssueDraft(
        subject=Subject(card["subject"]),
        district=District(card["district"]),
        progress=Progress(card["progress"]),
        source=card.get("source", ""),
        **{name: card[name] for name in texts},
    )
    issue_id = services.begin(unit_id, draft, by=writer, now=then)
    if card["stage"] != "draft":
        services.propose(issue_id, by=writer, now=then)
    if card["stage"] == "returned":
        desk.return_(issue_id, WISH, by=SYSTEM, now=then)
    if card["stage"] == "published":
        desk.publish(issue_id, by=SYSTEM, now=then)
        _answered(issue_id, card, then)


def _answered(issue_id: int, card: dict[str, Any], then: datetime) -> None:
    if "link" in card:
        desk.link(issue_id, LinkKind.OTHER, card["link"], "/events/", by=SYSTEM, now=then)
        desk.note_posted(
            issue_id, "https://share.example.jp/kadai/1/", local_date(then + timedelta(days=3)), by=SYSTEM, now=then
        )
    if "contribution" in card:
        _send(issue_id, 0, AnswerKind.KNOW, "見本　三郎", card["contribution"], then)
        answer = queries.answers(issue_id=issue_id).rows[0]
        answering.show(answer.id, card["contribution"], by=SYSTEM, now=then)
        answering.deal_with(answer.id, AnswerState.DONE, "電話でお礼を伝えました。", by=SYSTEM, now=then)
    for number, (kind, name, text) in enumerate(ANSWERS if card.get("answers") else ()):
        _send(issue_id, number, kind, name, text, then + timedelta(days=number + 1))


def _send(issue_id: int, number: int, kind: AnswerKind, name: str, text: str, now: datetime) -> None:
    draft = AnswerDraft(
        kind=kind,
        name=name,
        email=f"resident{number}@example.jp",
        phone=None,
        text=text,
        submission_id=f"demonstration-{issue_id}-{number}",
    )
    answering.answer(issue_id, draft, now=now)
