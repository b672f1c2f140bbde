"""What public pages ask for beside their own data: navigation, masked contacts, where our mail comes from."""

from __future__ import annotations

from email.utils import parseaddr
from functools import cache

from flask import Flask, current_app, url_for

from app.events.adding import calendar_links
from app.events.audiences import Category
from app.events.types import Phase, SittingRow
from app.kernel.japanese_dates import period_text
from app.kernel.text import phone_text


def init_app(app: Flask) -> None:
    """Make these known to templates."""
    app.jinja_env.globals.update(
        public_nav=public_nav,
        footer_nav=footer_nav,
        mail_sender=mail_sender,
        sitting_facts=sitting_facts,
        calendar_links=calendar_links,
    )
    app.jinja_env.filters.update(masked_email=masked_email, masked_phone=masked_phone)


@cache
def public_nav() -> tuple[tuple[str, str], ...]:
    """The entries of the header; their addresses are the same for every request."""
    return (
        ("研修会・講座", url_for("public.event_list")),
        ("市民企画提案事業", url_for("public.proposals")),
        ("地域の課題", url_for("public.issues")),
        ("使い方", url_for("public.about_help")),
        ("カレンダー", url_for("public.about_calendar")),
    )


@cache
def footer_nav() -> tuple[tuple[str, str], ...]:
    """The entries of the footer."""
    return (
        ("協働の取組", url_for("public.extracts")),
        ("協働環境調査", url_for("public.surveys")),
        ("年次レポート", url_for("public.reports")),
        ("お知らせメール", url_for("public.announcements")),
        ("個人情報の取扱い", url_for("public.about_privacy")),
        ("アクセシビリティ", url_for("public.about_accessibility")),
        ("職員の方", "/my/sign-in/"),
    )


def sitting_facts(sitting: SittingRow, phase: Phase, who: Category | None = None) -> list[tuple[str, str]]:
    """When, where and how full a sitting is, each with its icon; `who` asks, where that is known."""
    when = sitting.starts_at, sitting.ends_at
    facts = [("clock", f"{sitting.label}　{period_text(*when)}" if sitting.label else period_text(*when))]
    if sitting.venue:
        facts.append(("place", sitting.venue.full_name))
    left = sitting.left_for(who or sitting.counts_as)
    if phase.takes_applications and left is not None and sitting.lead_id is None:
        facts.append(("people", f"残り{left}席" if left else f"満席（キャンセル待ち{sitting.waiting}件）"))
    return facts


def mail_sender() -> str:
    """The address our mail comes from, for those who filter their mail."""
    return parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])[1]


def masked_email(address: str) -> str:
    """h•••@example.jp: enough to recognise one's own address, too little to learn one."""
    local, _at, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}"


def masked_phone(key: str) -> str:
    """•••-•••-3107"""
    return f"•••-•••-{phone_text(key)[-4:]}"
