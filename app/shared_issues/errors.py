"""Each rule of this room that can say no, with the sentence people read."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.errors import Refusal


class Missing(Refusal):
    """A part of the card that must be there is not."""

    code = "missing"


class Incomplete(Refusal):
    """The card cannot be proposed or published as it is; `each` names the field."""

    code = "incomplete"

    def __init__(self, each: Sequence[Missing]) -> None:
        super().__init__("記入が必要な欄が残っています。")
        self.each = tuple(each)


class WrongState(Refusal):
    """What was asked for does not follow from where the card is."""

    code = "wrong_state"


class ChangedMeanwhile(Refusal):
    """Somebody else saved first; nothing was overwritten."""

    code = "changed_meanwhile"


class NoRemark(Refusal):
    """Who gets a card back must read why."""

    code = "no_remark"
    field = "remark"


class WrongAddress(Refusal):
    """A link leads to a page of this service or to an https address."""

    code = "wrong_address"
    field = "url"


class Closed(Refusal):
    """The issue takes no answers any more."""

    code = "closed"


class NamesPerson(Refusal):
    """A text that is to be public says who sent it."""

    code = "names_person"
    field = "text"


class NoSource(Refusal):
    """A typed figure without its source cannot be checked."""

    code = "no_source"
    field = "source"
