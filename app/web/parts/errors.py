"""One table from what went wrong to the page people see. No page shows more than a sentence and the incident's id."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from app.accounts.errors import TooManySignIns
from app.infra.audit import request_id
from app.infra.faults import is_passing
from app.kernel.errors import NotFound, Refusal
from app.web.parts.guards import SAFE, forget_nonce

log = logging.getLogger("tsudoi.errors")

RETRY_AFTER = "10"
MACHINE_PATHS = ("/api/", "/healthz", "/readyz", "/opendata/")


@dataclass(frozen=True, slots=True)
class Problem:
    """What a page says: a heading, what happened, what to do."""

    title: str
    text: str


PROBLEMS = {
    400: Problem(
        "送信された内容を受け取れませんでした",
        "もう一度、前のページを開き直してから送信してください。",
    ),
    401: Problem(
        "サインインが必要です",
        "しばらく操作がなかったため、サインアウトしました。サインインし直してから、もう一度操作してください。",
    ),
    403: Problem("このページを開く権限がありません", "必要なときは、システム管理者に相談してください。"),
    404: Problem(
        "ページが見つかりません",
        "アドレスが変わったか、公開が終わった可能性があります。アドレスをもう一度お確かめください。",
    ),
    405: Problem("この操作はできません", "前のページに戻って、画面のボタンから操作してください。"),
    413: Problem(
        "送信された内容が大きすぎます",
        "文章を短くするか、ファイルを小さくしてから、もう一度送信してください。",
    ),
    422: Problem("受け付けられませんでした", "内容を確かめて、もう一度お試しください。"),
    429: Problem(
        "短い時間に操作が繰り返されました",
        "しばらく待ってから、もう一度お試しください。お急ぎのときは、各研修会・講座のページにある問合せ先へお電話ください。",
    ),
    500: Problem(
        "エラーが発生しました",
        "ご不便をおかけします。時間をおいてもう一度お試しください。続くときは、下の番号を添えてお問い合わせください。",
    ),
    503: Problem(
        "ただいま混み合っています", "10秒ほど待ってから、ブラウザーの「再読み込み」でもう一度お試しください。"
    ),
}
BUSY_WHILE_SENDING = Problem(
    "ただいま混み合っています",
    "入力した内容は失われていません。10秒ほど待ってから、ブラウザーの「再読み込み」でもう一度送信してください。"
    "二重に受け付けられることはありません。",
)
EXPIRED_FORM = Problem(
    "ページの有効期限が切れました",
    "長い時間が過ぎたか、別の画面でサインインし直したため、送信を受け付けられませんでした。"
    "前のページに戻って再読み込みし、もう一度送信してください。",
)
# The shape of last resort: it needs no template, no style sheet and no database.
_PLAIN = (
    '<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title></head><body><main><h1>{title}</h1><p>{text}</p>"
    "<p>お問合せ番号: <code>{incident}</code></p></main></body></html>"
)


def init_app(app: Flask) -> None:
    """Register one handler a kind of error, and the page they share."""
    app.register_blueprint(Blueprint("errors", __name__, template_folder="templates"))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(TooManySignIns, _busy)
    app.register_error_handler(Exception, _failed)


def _http(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    problem = EXPIRED_FORM if isinstance(error, CSRFError) else PROBLEMS.get(status)
    if problem is None:
        problem = PROBLEMS[500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400]
    response = _answer(status, problem)
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _not_found(_error: NotFound) -> Response:
    return _answer(404, PROBLEMS[404])


def _refused(error: Refusal) -> Response:
    return _answer(422, Problem(PROBLEMS[422].title, error.message))


def _busy(_error: Exception) -> Response:
    response = _answer(503, PROBLEMS[503] if request.method in SAFE else BUSY_WHILE_SENDING)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _failed(error: Exception) -> Response:
    if is_passing(error):
        log.error("try again later: %s", type(error).__name__, extra={"path": _path()})
        return _busy(error)
    log.error("unexpected error", exc_info=error, extra={"path": _path(), "incident": request_id.get()})
    return _answer(500, PROBLEMS[500])


def _path() -> str:
    # Never the address itself: /r/<token>/ is a secret.
    return str(request.url_rule) if request.url_rule else "(no such address)"


def _answer(status: int, problem: Problem) -> Response:
    incident = request_id.get() or ""
    # What the failed view had chosen (a kept page's placeholder) must not be this page's nonce.
    forget_nonce()
    if _wants_json():
        response = jsonify(status=status, title=problem.title, detail=problem.text, incident=incident)
        response.content_type = "application/problem+json"
    else:
        response = make_response(_page(status, problem, incident))
    response.status_code = status
    return response


def _page(status: int, problem: Problem, incident: str) -> str:
    # A page about an error must not fail with another one.
    try:
        return render_template("errors/problem.html", status=status, problem=problem, incident=incident)
    except Exception:
        log.exception("the error page could not be rendered", extra={"incident": incident})
        return _PLAIN.format(title=escape(problem.title), text=escape(problem.text), incident=escape(incident))


def _wants_json() -> bool:
    if request.path.startswith(MACHINE_PATHS):
        return True
    kinds = request.accept_mimetypes
    return kinds["application/json"] > kinds["text/html"]
