"""How messages about shared issues read when they are sent; what a later step has overtaken is not sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.delivery.rendering import mail_text, renders, still_wanted
from app.delivery.types import Rendered
from app.infra import clock
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import JSON
from app.org import queries as org
from app.shared_issues import queries

TITLES = {
    "published": "地域課題の公開のお知らせ",
    "returned": "地域課題の差戻しのお知らせ",
    "answered": "地域課題への回答のお知らせ",
}


def _renderer(kind: str) -> Callable[[Mapping[str, JSON]], Rendered]:
    def render(payload: Mapping[str, JSON]) -> Rendered:
        issue = queries.one(_number(payload, "issue"))
        context = {
            "issue": issue,
            "name": org.member(_number(payload, "member"), on=local_date(clock.now())).name,
            "answer": queries.answer(_number(payload, "answer")) if kind == "answered" else None,
            "url": links.absolute(f"/my/issues/{issue.id}/"),
            "public_url": links.absolute(f"/issues/{issue.id}/"),
        }
        return Rendered(*mail_text("shared_issues", kind, context))

    return render


def _stands(kind: str) -> Callable[[Mapping[str, JSON]], bool]:
    """Whether the card is where it was then, and the answer there still and waiting."""

    def stands(payload: Mapping[str, JSON]) -> bool:
        try:
            if kind == "answered":
                return not queries.answer(_number(payload, "answer")).state.settled
            return queries.one(_number(payload, "issue")).stage.value == kind
        except NotFound:
            return False

    return stands


def _number(payload: Mapping[str, JSON], name: str) -> int:
    return int(str(payload[name]))


def register() -> None:
    """Tell the delivery room how each kind of message of this room reads."""
    for kind, title in TITLES.items():
        renders(f"shared_issue.{kind}", title)(_renderer(kind))
        still_wanted(f"shared_issue.{kind}")(_stands(kind))
