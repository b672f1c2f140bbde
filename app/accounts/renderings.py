"""How the mail with a password link reads. Whether it goes out at all is decided here, out of the asker's sight."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts import queries, rules
from app.delivery.rendering import mail_text, renders, still_wanted
from app.delivery.types import Rendered
from app.infra import clock
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.types import JSON


def _render(payload: Mapping[str, JSON]) -> Rendered:
    owner, token, asked_at = queries.password_link(int(str(payload["link"])), now=clock.now())
    context = {
        "name": owner.name,
        "first": owner.user_id is None,
        "url": links.absolute(f"/my/password/link/{token}/"),
        "until": asked_at + rules.PASSWORD_LINK,
    }
    return Rendered(*mail_text("accounts", "password_link", context))


def _has_owner(payload: Mapping[str, JSON]) -> bool:
    try:
        queries.password_link(int(str(payload["link"])), now=clock.now())
    except NotFound:
        return False
    return True


def register() -> None:
    """Tell the delivery room how the messages of this room read."""
    renders("accounts.password_link", "パスワード設定のご案内")(_render)
    still_wanted("accounts.password_link")(_has_owner)
