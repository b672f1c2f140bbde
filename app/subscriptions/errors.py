"""How the subscriptions room says no."""

from __future__ import annotations

from app.kernel.errors import Refusal


class NothingChosen(Refusal):
    """Neither every series nor one of those that exist."""

    code = "nothing_chosen"
    field = "series"
