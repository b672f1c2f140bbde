"""How a rule says no."""

from __future__ import annotations


class Refusal(Exception):
    """A rule said no to a person's request; programming errors are not Refusals.

    `message` is the Japanese sentence the person reads, `field` the form field it belongs to (None: the whole form).
    `code` names the rule for logs and machine clients.
    """

    code = "refused"
    field: str | None = None

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if field is not None:
            self.field = field


class NotFound(Exception):
    """Nothing of that name exists, or the caller may not know that it does: both look the same outside."""
