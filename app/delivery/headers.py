"""Addresses and texts as SMTP and mail headers must carry them (RFC 5321, 5322, 2047)."""

from __future__ import annotations

import re
from email.header import Header
from urllib.parse import quote

from app.delivery.errors import BadAddress
from app.kernel.text import clean_text

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_STRING = re.compile(rf"{_ATEXT}(\.{_ATEXT})*")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
# Header.encode() must leave room for the address itself on lines of at most 78 characters.
_LINE = 75
_PIECE = 55


def addr_spec(address: str) -> str:
    """One mailbox in ASCII, fit for an envelope and for a header. Raises BadAddress.

    Carriers in Japan gave out local parts such as `a..b` or `.x`, which only a quoted string may hold; international
    domains become their ASCII form. Whatever could name a second mailbox (comma, bracket, second @) is refused.
    """
    local, _at, domain = address.rpartition("@")
    if len(local) > 2 and local[0] == local[-1] == '"':
        local = local[1:-1]
    if not _LOCAL.fullmatch(local):
        raise BadAddress("宛先のメールアドレスの形が正しくありません。")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if not _DOMAIN.fullmatch(domain):
        raise BadAddress("宛先のメールアドレスのドメイン名が正しくありません。")
    return f"{local}@{domain}" if _DOT_STRING.fullmatch(local) else f'"{local}"@{domain}'


def same_mailbox(one: str, other: str) -> bool:
    """True when both addresses lead to the same mailbox.

    RFC 5321 (2.4) lets only the domain ignore letter case; in practice every mailbox does, and calendars change it.
    """
    try:
        return addr_spec(one).casefold() == addr_spec(other).casefold()
    except BadAddress:
        return False


def mailbox(name: str, spec: str) -> str:
    """`name` and address as one header value, encoded and folded (RFC 2047); `spec` comes from addr_spec()."""
    name = flat(name)
    return f"{encoded(name)}\r\n <{spec}>" if name else spec


def flat(words: str) -> str:
    """`words` on one line without control characters; spaces stay as they are, full-width ones too."""
    return clean_text(words).replace("\n", " ")


def encoded(words: str) -> str:
    """A header text in ASCII: as it is where it cannot be misread, else as encoded words cut between characters."""
    if words.isascii() and re.fullmatch(r"[A-Za-z0-9 ]{0,60}", words):
        return words
    return Header(words, "utf-8", maxlinelen=_LINE, header_name="Reply-To").encode(linesep="\r\n")


def parameter(name: str, value: str) -> str:
    """`; name=value` of a header, each piece on a line of its own (RFC 2231: pieces of coded UTF-8)."""
    if re.fullmatch(r"[A-Za-z0-9._-]{1,60}", value):
        return f';\r\n {name}="{value}"'
    pieces, last = [], "utf-8''"
    for letter in flat(value):
        coded = quote(letter, safe="")
        if len(last) + len(coded) > _PIECE:
            pieces.append(last)
            last = ""
        last += coded
    return "".join(f";\r\n {name}*{n}*={piece}" for n, piece in enumerate([*pieces, last]))
