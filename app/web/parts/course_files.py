"""The files of e-learning units: films that play, papers that are downloaded."""

from __future__ import annotations

from functools import partial

from werkzeug.wrappers import Response

from app.elearning import media, queries
from app.elearning.types import UnitKind, UnitRow
from app.kernel.errors import NotFound
from app.web.parts.downloads import attachment
from app.web.parts.playing import playable


def unit_file(unit: UnitRow, what: str) -> Response:
    """A unit's file, or its captions where `what` says so. Raises NotFound where it has none."""
    if what == "captions":
        return attachment(queries.captions(unit), "captions.vtt", media.CAPTIONS_TYPE, personal=True)
    if unit.file is None:
        raise NotFound
    if unit.kind is UnitKind.VIDEO:
        return playable(partial(queries.part, unit.file), unit.file.size, unit.file.media_type)
    content = queries.part(unit.file, 0, unit.file.size)
    return attachment(content, unit.file.name, unit.file.media_type, personal=True)
