"""What every request and every answer passes: an id, limits before parsing, the origin of a form, headers.

All of it runs on each public page too: it counts microseconds and never looks at the session.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, MutableSequence
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from app.infra.audit import request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

V = TypeVar("V", bound=Callable[..., Any])

FORM = "application/x-www-form-urlencoded"
FORM_BYTES = 256 * 1024
FORM_FIELDS = 400
NOT_MODIFIED = "304"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Pages whose address is itself a secret, or that only staff see: no Referer ever leaves them.
PRIVATE = ("/r/", "/p/", "/g/", "/f/", "/proposal/", "/review/", "/my/", "/console/", "/announcements/")

POLICY = (
    "default-src 'none'; {scripts}style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors {framed_by}; base-uri 'none'; object-src 'none'; "
    "manifest-src 'self'; worker-src 'self'; require-trusted-types-for 'script'"
)
_NOBODY = "'none'"
_NO_SCRIPTS = "script-src 'none'; "
_POLICY_WITHOUT_SCRIPTS = POLICY.format(scripts=_NO_SCRIPTS, framed_by=_NOBODY)
_BEFORE_NONCE, _AFTER_NONCE = POLICY.format(
    scripts="script-src 'nonce-{}' 'strict-dynamic'; ", framed_by=_NOBODY
).split("{}")

HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
_NONCE = "tsudoi.csp_nonce"
_FRAMED_BY = "tsudoi.framed_by"
# No includeSubDomains: the city's other services share its domain.
HSTS = ("Strict-Transport-Security", "max-age=63072000")

csrf = CSRFProtect()


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie. Whatever was made with a look at it is personal and stays out of every cache."""

    _serializer: URLSafeTimedSerializer | None = None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """As Flask does; a request without any cookie is not worth the making of a signature checker."""
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """As Flask does, once: a key that is changed comes with a new start."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As Flask does; besides, no-store where the session was read or written."""
        super().save_session(app, session, response)
        if session.accessed:
            response.headers["Cache-Control"] = "no-store"


class Envelope:
    """The outermost layer: every answer leaves through it, whoever made it, with an id and all headers."""

    def __init__(self, application: WSGIApplication, headers: tuple[tuple[str, str], ...]) -> None:
        self._application = application
        self._headers = headers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """WSGI."""
        request_id.set(secrets.token_hex(8))

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
            self._complete(environ, status, headers)
            return start_response(status, headers, exc_info)

        return self._application(environ, start)

    def _complete(self, environ: WSGIEnvironment, status: str, headers: MutableSequence[tuple[str, str]]) -> None:
        """Add what the view did not say itself."""
        present = {name.lower() for name, _ in headers}
        if status.startswith(NOT_MODIFIED):
            # A browser puts the headers of a 304 onto the page it kept, whose scripts carry the earlier nonce.
            present.add("content-security-policy")
        if _FRAMED_BY in environ:
            # X-Frame-Options knows no list; frame-ancestors says it all.
            present.add("x-frame-options")
        private = environ.get("PATH_INFO", "").startswith(PRIVATE)
        wanted = (
            *self._headers,
            ("Content-Security-Policy", _policy(environ)),
            ("Referrer-Policy", "no-referrer" if private else "strict-origin-when-cross-origin"),
            # Whoever makes a page that may be kept says so; anything else may be personal.
            ("Cache-Control", "no-store"),
            ("X-Request-Id", request_id.get() or ""),
        )
        headers.extend(pair for pair in wanted if pair[0].lower() not in present)


def _policy(environ: WSGIEnvironment) -> str:
    framed_by = environ.get(_FRAMED_BY)
    if framed_by:
        return POLICY.format(scripts=_NO_SCRIPTS, framed_by=framed_by)
    nonce = environ.get(_NONCE)
    return f"{_BEFORE_NONCE}{nonce}{_AFTER_NONCE}" if nonce else _POLICY_WITHOUT_SCRIPTS


def let_others_frame() -> None:
    """Let the sites of EMBED_ANCESTORS show this answer, which has no scripts, in a frame of theirs."""
    if ancestors := current_app.config["TSUDOI"].embed_ancestors:
        request.environ[_FRAMED_BY] = " ".join(ancestors)


def csp_nonce(environ: WSGIEnvironment | None = None) -> str:
    """This answer's nonce, for `<script nonce="{{ csp_nonce() }}">`."""
    environ = request.environ if environ is None else environ
    nonce: str | None = environ.get(_NONCE)
    return nonce or use_nonce(environ, secrets.token_urlsafe(18))


def use_nonce(environ: WSGIEnvironment, nonce: str) -> str:
    """Make `nonce` this answer's."""
    environ[_NONCE] = nonce
    return nonce


def forget_nonce() -> None:
    """Give what follows a new nonce."""
    request.environ.pop(_NONCE, None)


def takes_body(size: int) -> Callable[[V], V]:
    """Let a view receive up to `size` bytes (uploads); all others stop at MAX_CONTENT_LENGTH."""

    def mark(view: V) -> V:
        view.max_body = size  # type: ignore[attr-defined]  # functions take attributes
        return view

    return mark


def takes_fields(number: int) -> Callable[[V], V]:
    """Let a view receive a form of up to `number` fields (a sheet of a large event); all others stop at FORM_FIELDS.

    Together with takes_body() the form itself may be that long; all others stop at FORM_BYTES.
    """

    def mark(view: V) -> V:
        view.max_fields = number  # type: ignore[attr-defined]  # functions take attributes
        return view

    return mark


def init_app(app: Flask) -> None:
    """Install the guards. Call it before anything else that looks at requests."""
    config = app.config["TSUDOI"]
    headers = (*HEADERS, HSTS) if config.https else HEADERS
    app.wsgi_app = Envelope(app.wsgi_app, headers)  # type: ignore[method-assign]  # Flask's documented way to wrap
    if config.proxy_hops:
        # The proxy passes Host on as the browser sent it, for TRUSTED_HOSTS to check; X-Forwarded-Host is not read.
        fixed = ProxyFix(app.wsgi_app, x_for=config.proxy_hops, x_proto=config.proxy_hops, x_host=0)
        app.wsgi_app = fixed  # type: ignore[method-assign]
    app.session_interface = Sessions()
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    # _begin asks for the token itself: the extension's own hook looks up the view for each page that is only read.
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    csrf.init_app(app)
    app.before_request(_begin)


def _begin() -> None:
    environ = request.environ
    if "%00" in environ.get("QUERY_STRING", "") or "\0" in environ.get("PATH_INFO", ""):
        raise BadRequest
    if environ["REQUEST_METHOD"] not in SAFE:
        _check_origin()
        _check_body()
        csrf.protect(apply_exemptions=True)


def _check_origin() -> None:
    """Refuse what another site sends (ASVS 3.5.1).

    Pages under Referrer-Policy no-referrer send `Origin: null` with their own forms; Sec-Fetch-Site, which scripts
    cannot set, then tells. A browser that sends neither is left to the form's token.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        raise BadRequest
    origin = request.headers.get("Origin")
    if origin in {None, "null"}:
        return
    if origin not in {request.host_url.rstrip("/"), current_app.config["TSUDOI"].base_url}:
        raise BadRequest


def _check_body() -> None:
    """Refuse bodies that cost more to read than any form of ours: Flask's own limits do not cover this media type."""
    view = current_app.view_functions.get(request.endpoint or "")
    allowed, fields = getattr(view, "max_body", None), getattr(view, "max_fields", None)
    if allowed is not None:
        request.max_content_length = allowed
    if fields is not None:
        request.max_form_parts = fields
    if request.mimetype != FORM:
        return
    # A large body without many fields is a file, and files come as another media type.
    longest = allowed if allowed is not None and fields is not None else FORM_BYTES
    request.max_content_length = request.max_form_memory_size = longest
    if (request.content_length or 0) > longest:
        raise RequestEntityTooLarge
    body = request.get_data()
    if body.count(b"&") >= (fields or FORM_FIELDS) or b"%00" in body or b"\0" in body:
        raise BadRequest
