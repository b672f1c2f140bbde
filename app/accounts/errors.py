"""Each rule of the accounts room that can say no."""

from __future__ import annotations

from app.kernel.errors import Refusal


class WrongCredentials(Refusal):
    """No such account, wrong password, disabled, or a one-time password past its time: outside all look the same."""

    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__("メールアドレスまたはパスワードが違います。")


class WrongPassword(Refusal):
    """The present password, asked for before a change, is not right."""

    code = "wrong_password"
    field = "present"


class WeakPassword(Refusal):
    """The new password does not keep the rules of rules.weakness()."""

    code = "weak_password"
    field = "password"


class EmailTaken(Refusal):
    """Another account has the address."""

    code = "email_taken"
    field = "email"


class WrongEmail(Refusal):
    """That cannot be an e-mail address."""

    code = "wrong_email"
    field = "email"


class SectionMissing(Refusal):
    """A role that reaches events through its section needs one."""

    code = "section_missing"
    field = "section"


class LastAdministrator(Refusal):
    """Nobody could manage accounts afterwards."""

    code = "last_administrator"


class NotAHelper(Refusal):
    """Only reception helpers are bound to single events."""

    code = "not_a_helper"


class TooManySignIns(Exception):
    """All places where passwords are checked are taken; the caller tries again in a moment."""
