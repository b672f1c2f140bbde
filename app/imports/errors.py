"""How an import says no."""

from __future__ import annotations

from app.kernel.errors import Refusal


class WrongRows(Refusal):
    """Some rows cannot be taken: the file is corrected first, so that nobody is left out silently."""

    code = "wrong_rows"


class ChangedSincePreview(Refusal):
    """Somebody changed what the file would change; the preview is shown again."""

    code = "changed_since_preview"


class WrongColumns(Refusal):
    """The heading lacks a column."""

    code = "wrong_columns"
    field = "file"
