"""How this room says no."""

from __future__ import annotations

from app.kernel.errors import Refusal


class ColumnsTooWide(Refusal):
    """The chosen columns do not fit on an A4 page without breaking the width that a signature needs."""

    code = "columns_too_wide"
    field = "columns"


class UnreadableFile(Refusal):
    """An uploaded file is not what was asked for, is damaged, too large, or holds what may not be read."""

    code = "unreadable_file"
    field = "file"


class WrongFile(Refusal):
    """The file is too large, or not one of the kinds that are taken."""

    code = "wrong_file"
    field = "file"
