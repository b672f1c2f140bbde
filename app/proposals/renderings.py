"""How the mails to groups, reviewers and sections read; what a later step has overtaken is not sent."""

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
from app.proposals import found, queries, reports, reviews
from app.proposals.messages import (
    DECIDED,
    INVITED,
    LINK,
    REPORT_RETURNED,
    RETURNED,
    STARTED,
    SUBMITTED,
    THEME_ACCEPTED,
    THEME_RETURNED,
)
from app.proposals.report_types import ReportKind, ReportState
from app.proposals.types import ProposalState, ThemeState

TITLES = {
    STARTED: "提案書の作成ページのご案内",
    LINK: "提案書のページのご案内",
    SUBMITTED: "提案書を受け付けたお知らせ",
    RETURNED: "提案書の補正のお願い",
    DECIDED: "審査の結果のお知らせ",
}
# What sections are told of a theme, and the state in which that is still true.
THEMES = {
    THEME_RETURNED: ("テーマの差戻しのお知らせ", ThemeState.RETURNED),
    THEME_ACCEPTED: ("テーマの採用のお知らせ", ThemeState.ACCEPTED),
}


def _renderer(kind: str) -> Callable[[Mapping[str, JSON]], Rendered]:
    def render(payload: Mapping[str, JSON]) -> Rendered:
        row, token = found.with_link(str(payload["proposal"]))
        context = {
            "row": row,
            "programme": row.programme,
            "url": links.absolute(f"/proposal/{token}/"),
            "decision": reviews.decisions([row.id]).get(row.id),
        }
        subject, text, html = mail_text("proposals", kind.removeprefix("proposal."), context)
        return Rendered(subject, text, html, None, None, row.programme.section)

    return render


def _invitation(payload: Mapping[str, JSON]) -> Rendered:
    who, token = reviews.with_link(str(payload["reviewer"]))
    programme = queries.programme(who.programme_id)
    context = {"who": who, "programme": programme, "url": links.absolute(f"/review/{token}/")}
    subject, text, html = mail_text("proposals", "invited", context)
    return Rendered(subject, text, html, None, None, programme.section)


def _still_invited(payload: Mapping[str, JSON]) -> bool:
    try:
        reviews.with_link(str(payload["reviewer"]))
    except NotFound:
        return False
    return True


def _report(payload: Mapping[str, JSON]) -> Rendered:
    row, token = found.with_link(str(payload["proposal"]))
    kind = ReportKind(str(payload["kind"]))
    context = {
        "row": row,
        "programme": row.programme,
        "report": reports.one(row.id, kind),
        "url": links.absolute(f"/proposal/{token}/reports/{kind}/"),
    }
    subject, text, html = mail_text("proposals", "report_returned", context)
    return Rendered(subject, text, html, None, None, row.programme.section)


def _report_still_returned(payload: Mapping[str, JSON]) -> bool:
    try:
        row, _token = found.with_link(str(payload["proposal"]))
    except NotFound:
        return False
    report = reports.one(row.id, ReportKind(str(payload["kind"])))
    return report.state is ReportState.RETURNED and report.version == payload["report"]


def _still_returned(payload: Mapping[str, JSON]) -> bool:
    try:
        row, _token = found.with_link(str(payload["proposal"]))
    except NotFound:
        return False
    return row.state is ProposalState.RETURNED


def _theme(kind: str) -> Callable[[Mapping[str, JSON]], Rendered]:
    def render(payload: Mapping[str, JSON]) -> Rendered:
        theme = queries.theme(int(str(payload["theme"])))
        programme = queries.programme(theme.programme_id)
        context = {
            "theme": theme,
            "programme": programme,
            "name": org.member(int(str(payload["member"])), on=local_date(clock.now())).name,
            "url": links.absolute(f"/my/themes/{theme.id}/"),
        }
        subject, text, html = mail_text("proposals", kind.replace("proposal_theme.", "theme_"), context)
        return Rendered(subject, text, html, None, None, programme.section)

    return render


def _theme_is(state: ThemeState) -> Callable[[Mapping[str, JSON]], bool]:
    return lambda payload: queries.theme(int(str(payload["theme"]))).state is state


def register() -> None:
    """Tell the delivery room how each kind of message of this room reads."""
    for kind, title in TITLES.items():
        renders(kind, title)(_renderer(kind))
    still_wanted(RETURNED)(_still_returned)
    renders(REPORT_RETURNED, "報告書の補正のお願い")(_report)
    still_wanted(REPORT_RETURNED)(_report_still_returned)
    renders(INVITED, "審査のお願い")(_invitation)
    still_wanted(INVITED)(_still_invited)
    for kind, (title, state) in THEMES.items():
        renders(kind, title)(_theme(kind))
        still_wanted(kind)(_theme_is(state))
