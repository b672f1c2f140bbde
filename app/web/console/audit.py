"""The audit log on the screen."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.kernel.text import clean_line
from app.stewardship import audit_log
from app.stewardship.audit_log import LogFilters
from app.web.console import bp
from app.web.parts.access import allow, current_staff
from app.web.parts.fields import parse_date
from app.web.parts.pages import page_number, page_url

# The words for what an entry is about; other rooms' things are added here.
OBJECTS = {
    "event": "研修会・講座",
    "sitting": "回",
    "registration": "申込",
    "attendance": "出欠",
    "message": "送信",
    "user": "職員",
}
# The words for what was done; an action that is not here is shown by its code.
ACTIONS = {
    "session.opened": "サインイン",
    "session.closed": "サインアウト",
    "user.created": "職員の登録",
    "user.disabled": "利用の停止",
    "user.enabled": "利用の再開",
    "user.role_changed": "役割・所属の変更",
    "user.bound_to_event": "受付の割当て",
    "user.unbound_from_event": "受付の割当ての解除",
    "user.password_changed": "パスワードの変更",
    "user.one_time_password": "一回限りのパスワードの発行",
    "registration.confirmed": "申込み（確定）",
    "registration.waitlisted": "申込み（キャンセル待ち）",
    "registration.promoted": "繰上げ",
    "registration.passed": "繰上げの見送り",
    "registration.changed": "申込内容の変更",
    "registration.cancelled": "申込みの取消し",
    "registration.noted": "メモの変更",
    "registration.not_duplicate": "重複でないことの確認",
    "registration.read": "申込みの閲覧",
    "registrations.listed": "申込者の一覧の閲覧",
    "attendance.present": "出席の記録",
    "attendance.late": "遅刻の記録",
    "attendance.left_early": "早退の記録",
    "attendance.absent": "欠席の記録",
    "attendance.excused": "公欠の記録",
    "attendance.undone": "出欠の取消し",
    "attendance.walk_in_added": "当日受付",
    "attendance.walk_in_removed": "当日受付の取消し",
    "attendance.headcount": "人数だけの記録",
    "attendance.sheet_count": "名簿の人数",
    "attendance.closed": "出席の確定",
    "attendance.listed": "出欠の一覧の閲覧",
    "roster.shown": "名簿の表示",
    "roster.exported": "名簿の書出し",
    "message.resent": "お知らせの再送",
    "message.retried": "送信のやり直し",
    "message.called": "電話連絡済",
    "sitting.moved": "日時・会場の変更",
    "event.called_off": "中止",
}


@bp.get("/console/audit/")
@allow(Permission.SEE_AUDIT)
def audit() -> ResponseReturnValue:
    """Who did what to which thing, the newest first."""
    filters, problem = _filters()
    page = audit_log.entries(filters, seen_by=current_staff(), number=page_number(), url=page_url)
    return render_template(
        "console/audit.html",
        page=page,
        filters=filters,
        day=request.args.get("day", ""),
        problem=problem,
        objects=OBJECTS,
        actions=ACTIONS,
    )


def _filters() -> tuple[LogFilters, str]:
    """What the address asks for, and a sentence about a day that cannot be read."""
    kind, typed, day, problem = request.args.get("object", ""), clean_line(request.args.get("day", "")), None, ""
    if typed:
        try:
            day = parse_date(typed)
        except ValueError as error:
            problem = f"「日付」{error}"
    found = LogFilters(
        object_type=kind if kind in OBJECTS else "",
        object_id=clean_line(request.args.get("id", ""))[:40],
        actor=clean_line(request.args.get("who", ""))[:80],
        day=day,
    )
    return found, problem
