"""New events and shared issues as Atom feeds (RFC 4287), and the sitemap."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, render_template

from app.events import queries
from app.infra.links import links
from app.reports import queries as reports
from app.shared_issues import queries as shared_issues
from app.web.feeds import bp
from app.web.feeds.answers import feed_answer
from app.web.parts.access import ANYONE, allow

BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@bp.get("/feed.atom")
@allow(ANYONE)
def atom() -> Response:
    """The events published last."""
    events = queries.newest()
    changed = max((e.updated_at for e in events), default=BEFORE_ALL)
    page = render_template("feeds/feed.atom", events=events, changed=changed, links=links)
    return feed_answer(page.encode(), "application/atom+xml; charset=utf-8", changed)


@bp.get("/issues.atom")
@allow(ANYONE)
def issues_atom() -> Response:
    """The local issues published last."""
    issues = shared_issues.newest()
    changed = max((one.updated_at for one in issues), default=BEFORE_ALL)
    page = render_template("feeds/issues.atom", issues=issues, changed=changed, links=links)
    return feed_answer(page.encode(), "application/atom+xml; charset=utf-8", changed)


@bp.get("/sitemap.xml")
@allow(ANYONE)
def sitemap() -> Response:
    """The pages that search engines should know."""
    events = queries.newest(limit=1000)
    issues = shared_issues.newest(limit=1000)
    frozen = {row.fiscal_year: row.frozen_at for row in reports.published() if row.frozen_at}
    page = render_template("feeds/sitemap.xml", events=events, issues=issues, reports=frozen, links=links)
    times = (*(e.updated_at for e in events), *(i.updated_at for i in issues), *frozen.values())
    changed = max(times, default=None)
    return feed_answer(page.encode(), "application/xml; charset=utf-8", changed)


@bp.get("/robots.txt")
@allow(ANYONE)
def robots() -> Response:
    """Personal and staff pages are not for search engines."""
    lines = ["User-agent: *", "Disallow: /r/", "Disallow: /my/", "Disallow: /console/"]
    lines.append(f"Sitemap: {links.absolute('/sitemap.xml')}")
    return feed_answer("\n".join([*lines, ""]).encode(), "text/plain; charset=utf-8", None)
