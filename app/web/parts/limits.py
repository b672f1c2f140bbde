"""How often one may: the limits of docs/decisions/0010, and the answer 429 with the seconds to wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app, request
from werkzeug.exceptions import TooManyRequests

from app.infra.ratelimit import Counters, Limit
from app.kernel.errors import NotFound

SIGN_IN_ACCOUNT = Limit("sign-in-account", 10, 300)
SIGN_IN_ADDRESS = Limit("sign-in-address", 10, 300)
SIGN_IN_ALL = Limit("sign-in-all", 1000, 300)
# A library or a community centre is one address for all its visitors: wide enough for a course that sells out there.
APPLY = Limit("apply", 120, 600)
# Files are large, and kept for a day although nobody applies: fewer than forms.
UPLOAD = Limit("upload", 40, 600)
# Mail to a person who did not ask for it is a nuisance: few an hour. An office has one address for all its people.
PASSWORD_LINK_ACCOUNT = Limit("password-link-account", 3, 3600)
PASSWORD_LINK_ADDRESS = Limit("password-link-address", 30, 3600)
# The same for announcements, which anybody can have sent to any address; the last stops a flood from many machines.
SUBSCRIBE_EMAIL = Limit("subscribe-email", 3, 86400)
SUBSCRIBE_ADDRESS = Limit("subscribe-address", 20, 3600)
SUBSCRIBE_ALL = Limit("subscribe-all", 300, 3600)
# A text that somebody has to read and that is mailed about: few from one place, and a lid for a flood from many.
ISSUE_ANSWER = Limit("issue-answer", 20, 3600)
ISSUE_ANSWER_ALL = Limit("issue-answer-all", 200, 3600)
# The same for the link of a proposal.
PROPOSE_EMAIL = Limit("propose-email", 5, 86400)
PROPOSE_ADDRESS = Limit("propose-address", 20, 3600)
# A whole room answers over the venue's one address within minutes.
FEEDBACK = Limit("feedback", 300, 600)
LINK_MISSES = Limit("link-misses", 30, 600)


def hit(limit: Limit, who: str | None = None) -> None:
    """Count once for `who` (default: the visitor's address). Raises TooManyRequests beyond the limit."""
    if not _counters().hit(limit, _key(who)):
        raise _too_many(limit, who)


def take_back(limit: Limit, who: str | None = None) -> None:
    """Undo one hit() that turned out to be no offence."""
    _counters().take_back(limit, _key(who))


@contextmanager
def counted_misses(limit: Limit = LINK_MISSES) -> Iterator[None]:
    """Look something secret up inside the block: only NotFound counts, and too many close the door for a while."""
    if not _counters().within(limit, _key(None)):
        raise _too_many(limit, None)
    try:
        yield
    except NotFound:
        _counters().hit(limit, _key(None))
        raise


def _counters() -> Counters:
    return cast(Counters, current_app.extensions["tsudoi_counters"])


def _key(who: str | None) -> str:
    return who if who is not None else request.remote_addr or ""


def _too_many(limit: Limit, who: str | None) -> TooManyRequests:
    return TooManyRequests(retry_after=_counters().wait(limit, _key(who)))
