"""What the operator may set, read from the environment once. A wrong value stops the start and names the variable."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
DATABASES = ("sqlite", "postgresql+psycopg")
QUEUES = ("sqlite", "redis", "rediss", "postgresql")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# 高梁川流域連携中枢都市圏: the seven cities and three towns without Kurashiki itself.
NEIGHBOURS = ("新見市", "高梁市", "総社市", "早島町", "矢掛町", "井原市", "浅口市", "里庄町", "笠岡市")
# As long as a municipality's name may be that is typed by hand.
LONGEST_NAME = 40


class WrongSetting(Exception):
    """An environment variable holds something that cannot be; the message names it in one line."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings. `from_environ` reads them; tests make one directly."""

    secret_keys: tuple[str, ...]
    instance: Path = ROOT / "instance"
    database_url: str = ""
    queue_url: str = ""
    storage_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    demo: bool = False
    testing: bool = False
    mail_server: str | None = None
    mail_port: int = 25
    mail_use_tls: bool = False
    mail_username: str | None = None
    mail_password: str | None = field(default=None, repr=False)
    mail_sender: str = "つどい <no-reply@localhost>"
    mail_timeout: float = 20.0
    reply_address: str | None = None
    reply_imap_host: str | None = None
    reply_imap_port: int = 993
    reply_imap_username: str = ""
    reply_imap_password: str = field(default="", repr=False)
    reply_imap_folder: str = "INBOX"
    reply_imap_done_folder: str = "Tsudoi"
    ratelimit: bool = True
    proxy_hops: int = 0
    metrics: bool = False
    web_concurrency: int = 2
    certificate_issuer: str = "倉敷市長"
    neighbours: tuple[str, ...] = NEIGHBOURS
    municipality_code: str = "332020"
    municipality_name: str = "倉敷市"
    prefecture_name: str = "岡山県"
    opendata_columns: str = "suisho-32"
    embed_ancestors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Fill the places under `instance/` that were left open."""
        for name, default in (
            ("database_url", f"sqlite:///{self.instance / 'tsudoi.db'}"),
            ("queue_url", f"sqlite:///{self.instance / 'queue.db'}"),
            ("storage_url", f"file://{self.instance / 'files'}"),
        ):
            if not getattr(self, name):
                object.__setattr__(self, name, default)

    @property
    def host(self) -> str:
        """The host name of BASE_URL, the domain of Message-IDs and calendar UIDs."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def https(self) -> bool:
        """True when residents reach the service over TLS: production."""
        return self.base_url.startswith("https://")

    @property
    def trusted_hosts(self) -> list[str]:
        """Host headers that are answered; on a machine of one's own, all its loopback names."""
        return sorted({self.host, *LOOPBACK}) if self.host in LOOPBACK else [self.host]

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read and check every variable. Raises WrongSetting."""
        read = _Reader(os.environ if environ is None else environ)
        demo = read.flag("DEMO", False)
        instance = Path(read.text("INSTANCE_PATH", str(ROOT / "instance"))).absolute()
        base_url = read.url("BASE_URL", f"http://127.0.0.1:{read.number('PORT', 8000, 1, 65535)}", ("http", "https"))
        config = cls(
            secret_keys=read.secrets(instance if demo else None),
            instance=instance,
            database_url=read.url("DATABASE_URL", "", DATABASES),
            queue_url=read.url("QUEUE_URL", "", QUEUES),
            storage_url=read.storage(),
            base_url=base_url.rstrip("/"),
            demo=demo,
            mail_server=read.text("MAIL_SERVER", "") or None,
            mail_port=read.number("MAIL_PORT", 25, 1, 65535),
            mail_use_tls=read.flag("MAIL_USE_TLS", False),
            mail_username=read.text("MAIL_USERNAME", "") or None,
            mail_password=read.text("MAIL_PASSWORD", "") or None,
            mail_sender=read.sender(urlsplit(base_url).hostname or "localhost"),
            mail_timeout=read.number("MAIL_TIMEOUT", 20, 1, 300),
            **read.reply_mailbox(),
            ratelimit=read.flag("RATELIMIT_ENABLED", True),
            proxy_hops=read.number("PROXY_HOPS", 0, 0, 5),
            metrics=read.flag("METRICS", False),
            web_concurrency=read.number("WEB_CONCURRENCY", 2, 1, 64),
            certificate_issuer=read.text("CERTIFICATE_ISSUER", "倉敷市長")[:120],
            neighbours=read.names("NEIGHBOUR_MUNICIPALITIES", NEIGHBOURS),
            municipality_code=read.municipality_code(),
            municipality_name=read.text("MUNICIPALITY_NAME", "倉敷市")[:40],
            prefecture_name=read.text("PREFECTURE_NAME", "岡山県")[:10],
            opendata_columns=read.text("OPENDATA_COLUMNS", "suisho-32"),
            embed_ancestors=read.origins("EMBED_ANCESTORS"),
        )
        if config.https and not config.ratelimit:
            raise WrongSetting("RATELIMIT_ENABLED", "rate limits cannot be turned off where BASE_URL is https")
        if config.https and config.demo:
            raise WrongSetting(
                "DEMO", "the demonstration has known passwords and cannot stand behind an https BASE_URL"
            )
        return config

    def flask(self) -> dict[str, Any]:
        """The mapping that Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_keys[0],
            "SECRET_KEY_FALLBACKS": list(self.secret_keys[1:]),
            "TESTING": self.testing,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": self._engine_options(),
            "TRUSTED_HOSTS": self.trusted_hosts,
            "PREFERRED_URL_SCHEME": urlsplit(self.base_url).scheme,
            "MAX_CONTENT_LENGTH": 512 * 1024,
            "MAX_FORM_MEMORY_SIZE": 256 * 1024,
            "MAX_FORM_PARTS": 400,
            "SESSION_COOKIE_NAME": "__Host-sid" if self.https else "sid",
            "SESSION_COOKIE_SECURE": self.https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            # An elderly resident may take an hour over a form: the token lives as long as the session.
            "WTF_CSRF_TIME_LIMIT": None,
            # Personal pages send no Referer on purpose; parts/guards.py compares Origin instead.
            "WTF_CSRF_SSL_STRICT": False,
            "MAIL_SERVER": self.mail_server or "",
            "MAIL_PORT": self.mail_port,
            "MAIL_USE_TLS": self.mail_use_tls,
            "MAIL_USERNAME": self.mail_username,
            "MAIL_PASSWORD": self.mail_password,
            "MAIL_DEFAULT_SENDER": self.mail_sender,
            "TSUDOI": self,
        }

    def _engine_options(self) -> dict[str, Any]:
        if self.database_url.startswith("sqlite"):
            return {}
        # A lock that is not given in 5 s becomes a 503 that asks to try again, never a page that hangs.
        limits = "-c lock_timeout=5000 -c statement_timeout=30000 -c timezone=UTC"
        return {
            "pool_size": 8,
            "max_overflow": 8,
            "pool_timeout": 8,
            "connect_args": {"options": limits, "connect_timeout": 5},
        }


class _Reader:
    """One variable at a time, each wrong value named."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
            raise WrongSetting(name, f"must be 0 or 1, not {value!r}")
        return value in {"1", "true", "yes", "on"}

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise WrongSetting(name, f"must be a whole number from {low} to {high}, not {value!r}")
        return int(value)

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value and urlsplit(value).scheme not in schemes:
            raise WrongSetting(name, f"must begin with {' or '.join(s + '://' for s in schemes)}")
        if name == "BASE_URL" and not urlsplit(value).hostname:
            raise WrongSetting(name, "must name a host, such as https://tsudoi.example.jp")
        return value

    def names(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        listed = self.text(name, "、".join(default)).replace("、", " ").replace(",", " ").split()
        for one in listed:
            if len(one) > LONGEST_NAME:
                raise WrongSetting(
                    name, f"a name has at most {LONGEST_NAME} characters, and names stand apart: 総社市、浅口市"
                )
        return tuple(dict.fromkeys(listed))

    def storage(self) -> str:
        value = self.text("STORAGE_URL", "")
        if not value or "://" in value:
            return value
        return f"file://{Path(value).absolute()}"

    def sender(self, host: str) -> str:
        value = self.text("MAIL_DEFAULT_SENDER", f"つどい <no-reply@{host}>")
        if "@" not in value or any(c in value for c in "\r\n,"):
            raise WrongSetting("MAIL_DEFAULT_SENDER", "must be one address, such as 倉敷市 <tsudoi@example.jp>")
        return value

    def municipality_code(self) -> str:
        """Six digits, the last of them the check digit (JIS X 0402; 全国地方公共団体コード)."""
        value = self.text("MUNICIPALITY_CODE", "332020")
        if not re.fullmatch(r"[0-9]{6}", value) or check_digit(value[:5]) != value[5]:
            raise WrongSetting("MUNICIPALITY_CODE", f"must be the six digits with check digit, not {value!r}")
        return value

    def origins(self, name: str) -> tuple[str, ...]:
        """Origins separated by spaces: they go into a Content-Security-Policy as they stand."""
        found = tuple(self.text(name, "").split())
        for one in found:
            if not re.fullmatch(r"https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?", one):
                raise WrongSetting(name, f"must list origins such as https://www.city.example.jp, not {one!r}")
        return found

    def reply_mailbox(self) -> dict[str, Any]:
        """Where answers and bounces arrive; a mailbox to look into needs an address and somebody to sign in as."""
        settings: dict[str, Any] = {
            "reply_address": self.text("REPLY_ADDRESS", "") or None,
            "reply_imap_host": self.text("REPLY_IMAP_HOST", "") or None,
            "reply_imap_port": self.number("REPLY_IMAP_PORT", 993, 1, 65535),
            "reply_imap_username": self.text("REPLY_IMAP_USERNAME", ""),
            "reply_imap_password": self.text("REPLY_IMAP_PASSWORD", ""),
            "reply_imap_folder": self.folder("REPLY_IMAP_FOLDER", "INBOX"),
            "reply_imap_done_folder": self.folder("REPLY_IMAP_DONE_FOLDER", "Tsudoi"),
        }
        address = settings["reply_address"] or ""
        if address and not re.fullmatch(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+", address, re.ASCII):
            raise WrongSetting("REPLY_ADDRESS", "must be one address without a name, such as henshin@example.jp")
        if settings["reply_imap_host"]:
            for name in ("REPLY_ADDRESS", "REPLY_IMAP_USERNAME", "REPLY_IMAP_PASSWORD"):
                if not settings[name.lower()]:
                    raise WrongSetting(name, "is required where REPLY_IMAP_HOST is set")
        if settings["reply_imap_folder"] == settings["reply_imap_done_folder"]:
            raise WrongSetting("REPLY_IMAP_DONE_FOLDER", "must be another folder than REPLY_IMAP_FOLDER")
        return settings

    def folder(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if not value.isascii() or not value.isprintable():
            raise WrongSetting(name, "must be the name of a folder in ASCII letters")
        return value

    def secrets(self, demo_instance: Path | None) -> tuple[str, ...]:
        keys = tuple(k for k in (self.text("SECRET_KEY", ""), *self.text("SECRET_KEY_FALLBACKS", "").split()) if k)
        if not keys and demo_instance:
            return (_demo_key(demo_instance),)
        if not keys:
            raise WrongSetting(
                "SECRET_KEY",
                "is required; make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
            )
        if len(keys[0]) < 32:
            raise WrongSetting("SECRET_KEY", "must have at least 32 characters")
        return keys


def check_digit(code: str) -> str:
    """The sixth digit of a municipality's code: 11 minus the weighted sum modulo 11, its last digit."""
    total = sum(int(digit) * weight for digit, weight in zip(code, range(6, 1, -1), strict=True))
    return str((11 - total % 11) % 10)


def _demo_key(instance: Path) -> str:
    """The demonstration's own key, made at its first start and kept under `instance/`."""
    path = instance / "demo-secret-key"
    instance.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        return path.read_text(encoding="ascii")
    return path.read_text(encoding="ascii")
