"""What can go wrong on the way to the mailbox."""

from __future__ import annotations


class MailboxUnavailable(Exception):
    """The mailbox cannot be used now. `detail` is a short text without addresses.

    `patient` asks for a long pause: repeated wrong passwords lock accounts.
    """

    def __init__(self, detail: str, *, patient: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.patient = patient
