"""What can go wrong on the way to a mailbox, and the rules that say no to an organizer."""

from __future__ import annotations

from app.kernel.errors import Refusal


class NotDelivered(Exception):
    """An attempt failed. `code` is the SMTP reply where there was one, `detail` a short text without addresses."""

    def __init__(self, detail: str, code: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code


class RelayUnavailable(NotDelivered):
    """The mail server itself cannot be used: no connection, no TLS, no sign-in. No message is to blame.

    `patient` asks for a long pause: repeated wrong passwords lock accounts.
    """

    def __init__(self, detail: str, code: int | None = None, *, patient: bool = False) -> None:
        super().__init__(detail, code)
        self.patient = patient


class Deferred(NotDelivered):
    """Not now (4xx, time-out, lost connection): the same message is tried again later.

    `connection_lost` says that the connection cannot be used for the next message.
    """

    def __init__(self, detail: str, code: int | None = None, *, connection_lost: bool = False) -> None:
        super().__init__(detail, code)
        self.connection_lost = connection_lost


class Rejected(NotDelivered):
    """Never (5xx for this recipient or this content): trying again would give the same answer."""


class BadAddress(Rejected):
    """The address cannot be written in an SMTP envelope."""


class CannotResend(Refusal):
    """The message is still on its way, or there is no address to send it to."""

    code = "cannot_resend"


class NothingToRetry(Refusal):
    """Only a message that failed can be tried again."""

    code = "nothing_to_retry"


class NotALetter(Refusal):
    """Only a message that waits to be printed or posted can become a call."""

    code = "not_a_letter"


class NowhereToPost(Refusal):
    """Without a postal address nothing can be posted."""

    code = "nowhere_to_post"


class BatchPosted(Refusal):
    """The letters of this batch are posted already."""

    code = "batch_posted"


class NothingToPrint(Refusal):
    """No letter waits that would still make sense."""

    code = "nothing_to_print"


class NobodyToCall(Refusal):
    """Only a message without address waits for a telephone call."""

    code = "nobody_to_call"


class WrongPlaceholder(Refusal):
    """A text holds what looks like a placeholder and is none."""

    code = "wrong_placeholder"


class PersonalLink(Refusal):
    """A text for many holds the address of one person's own page."""

    code = "personal_link"
