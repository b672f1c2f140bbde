"""How a form made of data says no."""

from __future__ import annotations

from app.kernel.errors import Refusal


class BrokenDefinition(Refusal):
    """The definition of a form contradicts itself; the sentence says where."""

    code = "broken_definition"


class Unreadable(Refusal):
    """An answer is not what its question asks for; the sentence completes 「質問」."""

    code = "unreadable_answer"
