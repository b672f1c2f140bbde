"""How messages about worksheets read when they are sent; what a later step has overtaken is not sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.delivery.rendering import mail_text, renders, still_wanted
from app.delivery.types import Rendered
from app.infra import clock
from app.infra.links import links
from app.kernel.japanese_dates import local_date
from app.kernel.types import JSON
from app.org import queries as org
from app.worksheets import queries

TITLES = {"approval_wanted": "確認のお願い", "returned": "差戻しのお知らせ", "accepted": "受理のお知らせ"}


def _renderer(kind: str) -> Callable[[Mapping[str, JSON]], Rendered]:
    def render(payload: Mapping[str, JSON]) -> Rendered:
        view = queries.one(int(str(payload["worksheet"])))
        template = view.template
        context = {
            "view": view,
            "template": template,
            "unit": org.last_known([view.unit_id])[view.unit_id],
            "name": org.member(int(str(payload["member"])), on=local_date(clock.now())).name,
            "comments": [said for said in view.comments if not said.resolved],
            "url": links.absolute(f"/my/worksheets/{template.id}/{view.unit_id}/"),
        }
        subject, text, html = mail_text("worksheets", kind, context)
        return Rendered(subject, text, html, None, None, template.section)

    return render


def _is_latest(payload: Mapping[str, JSON]) -> bool:
    return queries.one(int(str(payload["worksheet"]))).version == payload["version"]


def register() -> None:
    """Tell the delivery room how each kind of message of this room reads."""
    for kind, title in TITLES.items():
        renders(f"worksheet.{kind}", title)(_renderer(kind))
        still_wanted(f"worksheet.{kind}")(_is_latest)
