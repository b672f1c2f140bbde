"""How the mails to subscribers read, and whether they still make sense when they are about to leave."""

from __future__ import annotations

from collections.abc import Mapping

from app.delivery.rendering import mail_text, renders, still_wanted
from app.delivery.types import MailingList, Rendered
from app.events import announcing
from app.events import queries as events
from app.infra import clock
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.types import JSON
from app.subscriptions import queries, rules
from app.subscriptions.messages import ANNOUNCE, CONFIRM

SUMMARY = 300
UNSUBSCRIBE = "unsubscribe"


def _confirm(payload: Mapping[str, JSON]) -> Rendered:
    asked, token = queries.request_link(str(payload["request"]), now=clock.now())
    manage = queries.manage_token(asked.email)
    context = {
        "series": asked.series,
        "url": links.absolute(f"/announcements/confirm/{token}/"),
        "until": rules.dies_at(asked.asked_at),
        "manage": links.absolute(f"/announcements/{manage}/") if manage else None,
    }
    return Rendered(*mail_text("subscriptions", "confirm", context))


def _asked(payload: Mapping[str, JSON]) -> bool:
    try:
        queries.request_link(str(payload["request"]), now=clock.now())
    except NotFound:
        return False
    return True


def _announcement(payload: Mapping[str, JSON]) -> Rendered:
    _row, token = queries.by_public_id(str(payload["subscription"]))
    event = events.by_id(int(str(payload["event"])))
    manage = links.absolute(f"/announcements/{token}/")
    dates = "\n".join(" ".join(filter(None, pair)) for pair in announcing.poster_dates(event))
    shortened = event.summary[:SUMMARY] + ("…" if len(event.summary) > SUMMARY else "")
    context = {
        "title": event.full_title,
        "summary": shortened,
        "rows": [(label, text.split("\n")) for label, text in [("日時", dates), *announcing.poster_rows(event)]],
        "url": links.absolute(f"/events/{event.slug}/"),
        "manage": manage,
        "unsubscribe": f"{manage}unsubscribe/",
        "contact": announcing.contact(event),
    }
    return Rendered(
        *mail_text("subscriptions", "announcement", context),
        reply_to=event.contact_email or None,
        mailing_list=MailingList("announcements", f"{manage}unsubscribe/", f"{UNSUBSCRIBE} {token}"),
    )


def _wanted(payload: Mapping[str, JSON]) -> bool:
    return queries.is_wanted(int(str(payload["event"])), str(payload["subscription"]), now=clock.now())


def register() -> None:
    """Tell the delivery room how the messages of this room read."""
    renders(CONFIRM, "お知らせメールの登録の確認")(_confirm)
    still_wanted(CONFIRM)(_asked)
    renders(ANNOUNCE, "新しい研修会・講座のお知らせ")(_announcement)
    still_wanted(ANNOUNCE)(_wanted)
