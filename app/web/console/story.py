"""The history of a registration as sentences, for people who were not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.registrations.queries import HistoryRow

READ = "registration.read"

_SENTENCES = {
    "registration.confirmed": "申込みがあり、席が確定しました。",
    "registration.waitlisted": "申込みがあり、満席のためキャンセル待ちになりました。",
    "registration.pending": "流域市町の職員から申込みがあり、承認待ちになりました。",
    "registration.approved": "参加を承認し、席が確定しました。",
    "registration.declined": "参加をお断りしました。",
    "registration.promoted": "席が空き、繰上げで確定しました。",
    "registration.passed": "空いた席が人数に足りず、後の方が先に確定しました。",
    "registration.cancelled": "申込みを取り消しました。",
    "registration.noted": "担当者のメモを書き換えました。",
    "registration.not_duplicate": "重複ではないことを確かめました。",
    "registration.reply_accepted": "カレンダーから「出席」の返信がありました。",
    "registration.reply_tentative": "カレンダーから「仮の予定」の返信がありました。",
    "registration.reply_declined": "カレンダーから「辞退」の返信がありました。",
    "registration.reused": "代理受付のため、この申込みの内容を呼び出しました。",
    "attendance.present": "出席を記録しました。",
    "attendance.late": "遅刻を記録しました。",
    "attendance.left_early": "早退を記録しました。",
    "attendance.absent": "欠席を記録しました。",
    "attendance.excused": "公欠を記録しました。",
    "attendance.undone": "出欠の記録を取り消しました。",
}
_FIELDS = {
    "name": "お名前",
    "kana": "フリガナ",
    "email": "メールアドレス",
    "phone": "電話番号",
    "postcode": "郵便番号",
    "address": "住所",
    "companions": "同伴者の人数",
    "district": "地区",
    "affiliation": "所属",
    "category": "参加区分",
    "needs": "必要なこと",
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """One act of the story. `reason` is what was given as the reason, empty where none was."""

    at: datetime
    who: str
    sentence: str
    reason: str


def story(history: Iterable[HistoryRow]) -> list[Chapter]:
    """What happened, oldest first; who merely looked is left out."""
    return [
        Chapter(row.at, row.who, _sentence(row), (row.reason or "") if row.action != "registration.passed" else "")
        for row in history
        if row.action != READ
    ]


def readings(history: Iterable[HistoryRow]) -> list[HistoryRow]:
    """Who looked at the page, newest first."""
    return [row for row in history if row.action == READ][::-1]


def _sentence(row: HistoryRow) -> str:
    if row.action == "registration.changed":
        changed = "・".join(_FIELDS.get(name, name) for name in row.fields.split())
        return f"{changed}を変更しました。"
    return _SENTENCES.get(row.action, row.word)
