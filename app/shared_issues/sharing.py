"""A card in the shape in which it is taken to another site: text to paste, and cells of a table."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.japanese_dates import date_text, local_date
from app.shared_issues.types import IssueRow

COLUMNS = (
    "番号", "題名", "分野", "地区", "状態", "背景・現状", "出典", "困っている人", "既にある取組", "関係する課・室",
    "関係する団体", "課題を書いた課・室", "公開日", "ページのアドレス", "掲載先のアドレス", "掲載日",
)  # fmt: skip


def cells(issue: IssueRow, url: str) -> Sequence[str | int | None]:
    """One line of the table; `url` is the card's own page. Dates as 2026-06-02."""
    return (
        issue.id,
        issue.title,
        issue.subject.word,
        issue.district.word,
        issue.progress.word,
        issue.background,
        issue.source,
        issue.affected,
        issue.existing,
        issue.sections,
        issue.groups,
        issue.unit.name,
        local_date(issue.published_at).isoformat() if issue.published_at else None,
        url,
        issue.posted_url,
        issue.posted_on.isoformat() if issue.posted_on else None,
    )


def as_text(issue: IssueRow, url: str) -> str:
    """The whole card as plain text."""
    about = (
        ("分野", issue.subject.word),
        ("地区", issue.district.word),
        ("状態", issue.progress.word),
        ("課題を書いた課・室", issue.unit.name),
        ("公開日", date_text(issue.published_at) if issue.published_at else ""),
    )
    told = (
        ("背景・現状", issue.background),
        ("出典", issue.source),
        ("困っている人", issue.affected),
        ("既にある取組", issue.existing),
        ("関係する課・室", issue.sections),
        ("関係する団体", issue.groups),
        ("くわしいページ", url),
    )
    lines = [f"{label}：{text}" for label, text in about if text]
    parts = [f"■{label}\n{text}" for label, text in told if text]
    return "\n\n".join([issue.title, "\n".join(lines), *parts])
