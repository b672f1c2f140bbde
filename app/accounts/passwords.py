"""Password hashes: Argon2id (RFC 9106) with the OWASP parameters, and never more at once than the machine bears."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from app.accounts.errors import TooManySignIns
from app.accounts.rules import normal

AT_ONCE = 4
# The hash of a random password that nobody kept: what an unknown address is compared with.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$/cQA+vUiEK8c0CU/QeHd6g$UvueHQPveUSXH5S5R62Qv1zHm1efL5+uqr1/DbMwROM"
WAIT = 5.0

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Each hash takes 19 MiB and about 30 ms: without a limit, sign-in itself would be the way to stop the service.
_places = BoundedSemaphore(AT_ONCE)
# No 0/O, 1/l/I: one-time passwords are read out over the phone and typed from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    """The hash to store. Raises TooManySignIns."""
    with _place():
        return _hasher.hash(normal(password))


def verify(password: str, stored: str | None) -> bool:
    """True when `password` made `stored`. Without `stored` (no such account) it takes as long and is False.

    Raises TooManySignIns.
    """
    with _place():
        try:
            _hasher.verify(stored or NOBODY, normal(password))
        except VerifyMismatchError:
            return False
    return stored is not None


def outdated(stored: str) -> bool:
    """True when the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def one_time() -> str:
    """A password to hand out: 16 letters and digits in groups of four, 79 bits."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=WAIT):
        raise TooManySignIns
    try:
        yield
    finally:
        _places.release()
