"""PDF from plain data, set by Typst. The only module here that loads the typesetter (about 20 MB)."""

from __future__ import annotations

from app.documents.types import Roster


def roster_pdf(roster: Roster) -> bytes:
    """The roster of one sitting on A4, tagged for assistive technology (PDF/UA-1).

    Raises ColumnsTooWide when the chosen columns leave no room for the widths that handwriting needs.
    """
    raise NotImplementedError
