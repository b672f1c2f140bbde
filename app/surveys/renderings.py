"""How messages about surveys read when they are sent; what a later step has overtaken is not sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.delivery.rendering import mail_text, renders, still_wanted
from app.delivery.types import Rendered
from app.infra import clock
from app.infra.links import links
from app.kernel.japanese_dates import local_date
from app.kernel.types import JSON
from app.org import queries as org
from app.surveys import answers
from app.surveys.types import AnswerView

TITLES = {
    "approval_wanted": "確認のお願い",
    "returned": "差戻しのお知らせ",
    "accepted": "受理のお知らせ",
    "handed": "記入のお願い",
    "reminder": "回答のお願い",
}


def _renderer(kind: str) -> Callable[[Mapping[str, JSON]], Rendered]:
    def render(payload: Mapping[str, JSON]) -> Rendered:
        view = _view(payload)
        survey = view.survey
        context = {
            "view": view,
            "survey": survey,
            "unit": answers.unit_of(view),
            "name": org.member(int(str(payload["member"])), on=local_date(clock.now())).name,
            "url": links.absolute(f"/my/surveys/{survey.id}/{view.unit_id}/"),
        }
        subject, text, html = mail_text("surveys", kind, context)
        return Rendered(subject, text, html, None, None, survey.section)

    return render


def _view(payload: Mapping[str, JSON]) -> AnswerView:
    return answers.of_unit(int(str(payload["survey"])), int(str(payload["unit"])))


def _is_latest(payload: Mapping[str, JSON]) -> bool:
    return _view(payload).version == payload["version"]


def _still_owes(payload: Mapping[str, JSON]) -> bool:
    return _view(payload).editable


def register() -> None:
    """Tell the delivery room how each kind of message of this room reads."""
    for kind, title in TITLES.items():
        renders(f"survey.{kind}", title)(_renderer(kind))
        late = kind in {"reminder", "handed"}
        still_wanted(f"survey.{kind}")(_still_owes if late else _is_latest)
