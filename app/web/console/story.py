"""The history of a registration as sentences, for people who were not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.events.types import EventRow
from app.kernel.japanese_dates import date_text
from app.registrations.queries import HistoryRow
from app.registrations.types import TOLD_ELSEWHERE, TOLD_TOGETHER

READ = "registration.read"

_SENTENCES = {
    "registration.confirmed": "申込みがあり、席が確定しました。",
    "registration.waitlisted": "申込みがあり、満席のためキャンセル待ちになりました。",
    "registration.pending": "申込みがあり、結果を待つことになりました。",
    "registration.approved": "参加を承認し、席が確定しました。",
    "registration.declined": "参加をお断りしました。",
    "registration.promoted": "席が空き、繰上げで確定しました。",
    "registration.passed": "空いた席が人数に足りないか、電話がつながらず、後の方が先に席を得ました。",
    "registration.offered": "席が空き、席を取って案内しました。",
    "registration.accepted": "案内に「参加する」との回答があり、席が確定しました。",
    "registration.offer_declined": "案内に「辞退する」との回答があり、申込みが終わりました。",
    "registration.offer_expired": "案内に期限までの回答がなく、申込みが終わりました。",
    "registration.offer_withdrawn": "日時が変わったため案内を取りやめ、キャンセル待ちに戻しました。",
    "registration.not_reached": "電話しましたが、つながりませんでした。",
    "registration.queued": "参加を承認し、満席のためキャンセル待ちになりました。",
    "registration.won": "抽選で当選し、席が確定しました。",
    "registration.reserved": "抽選の順番で、キャンセル待ちになりました。",
    "registration.lost": "抽選で落選しました。",
    "registration.switched": "参加する回を変更しました。",
    "registration.handed_on": "席をほかの方に譲り、この申込みは終わりました。",
    "registration.taken_over": "ほかの方から席を譲り受け、席が確定しました。",
    "registration.party_left": "同伴者のお一人が、参加を取りやめました。",
    "registration.body_made": "団体のために席を確保しました。",
    "registration.body_filled": "団体が、参加する方を入力しました。",
    "registration.body_changed": "団体の席か、入力の期限を変更しました。",
    "registration.body_settled": "入力の期限を過ぎ、使わない席を空席に戻しました。",
    "registration.cancelled": "申込みを取り消しました。",
    "registration.annotated": "担当者だけの質問への答えを書き換えました。",
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
# What stands between the old and the new value of a field that is not private.
ARROW = "→"
# Whose reason is a note beside what was done, not why it had to be.
_NOTED = {"registration.changed", "registration.switched", "registration.handed_on", "registration.taken_over"}
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
    "answers": "質問への答え",
    "internal_answers": "担当者だけの質問への答え",
    "names": "同伴者のお名前",
}


# Why nothing was sent.
_TOLD = {
    TOLD_ELSEWHERE: "ほかのサービスで知らせてあります。",
    TOLD_TOGETHER: "同じお申込みのほかの回と、まとめて知らせました。",
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """One act of the story. `reason` is what was given as the reason or noted (理由：…), empty where nothing was."""

    at: datetime
    who: str
    sentence: str
    reason: str


def story(history: Iterable[HistoryRow], event: EventRow) -> list[Chapter]:
    """What happened, oldest first; who merely looked is left out."""
    sittings = {str(s.id): s.label or date_text(s.starts_at) for s in event.sittings}
    return [Chapter(row.at, row.who, _sentence(row, sittings), _reason(row)) for row in history if row.action != READ]


def readings(history: Iterable[HistoryRow]) -> list[HistoryRow]:
    """Who looked at the page, newest first."""
    return [row for row in history if row.action == READ][::-1]


def _sentence(row: HistoryRow, sittings: Mapping[str, str]) -> str:
    if row.action == "registration.changed":
        return _what_changed(row.fields.split())
    if row.action == "registration.switched" and ARROW in row.fields:
        was, _arrow, to = row.fields.removeprefix("sitting_id=").partition(ARROW)
        named = [sittings.get(number, "なくなった回") for number in (was, to)]
        return f"参加する回を、{named[0]}から{named[1]}に変更しました。"
    return _SENTENCES.get(row.action, row.word) + _seats(row.fields)


def _seats(fields: str) -> str:
    """席は、10席から3席になりました。 where the entry says so."""
    for field in fields.split():
        if field.startswith("seats=") and ARROW in field:
            was, _arrow, to = field.removeprefix("seats=").partition(ARROW)
            return f"席は、{was}席から{to}席になりました。" if was != to else ""
    return ""


def _what_changed(fields: Sequence[str]) -> str:
    """お名前・電話番号を変更しました。人数を2人から4人に変更しました。"""
    plain = [_FIELDS.get(name, name) for name in fields if ARROW not in name]
    sentences = ["・".join(plain) + "を変更しました。"] if plain else []
    for field in fields:
        if field.startswith("companions=") and ARROW in field:
            was, _arrow, to = field.removeprefix("companions=").partition(ARROW)
            sentences.append(f"人数を、{1 + int(was)}人から{1 + int(to)}人に変更しました。")
    return "".join(sentences)


def _reason(row: HistoryRow) -> str:
    if not row.reason or row.action == "registration.passed":
        return ""
    if row.reason in _TOLD:
        return _TOLD[row.reason]
    return f"メモ：{row.reason}" if row.action in _NOTED else f"理由：{row.reason}"
