"""Forms of venues, series and handouts."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Self

from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from app.documents.sniffing import LARGEST
from app.events.drafts import SeriesDetails, Upload, VenueDetails
from app.events.types import SeriesRow, VenueRow
from app.web.parts.fields import LineField, MultiLineField, NumberField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Needed, NoLongerThan, Printable

PLACE = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,、 ]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class VenueForm(BaseForm):
    """A place with what people need to get there."""

    name = LineField("会場の名称", validators=[Needed(), NoLongerThan(100), Printable()])
    room = LineField("部屋", validators=[NoLongerThan(100), Printable()])
    address = LineField("住所", validators=[NoLongerThan(200), Printable()])
    access = MultiLineField("交通", validators=[NoLongerThan(1000)])
    parking = MultiLineField("駐車場", validators=[NoLongerThan(1000)])
    barrier_free = MultiLineField("バリアフリー", validators=[NoLongerThan(1000)])
    place = LineField("緯度と経度", validators=[NoLongerThan(60)])

    @classmethod
    def of(cls, venue: VenueRow | None) -> Self:
        """The form of a venue (None: of a new one), or what was sent of it."""
        if venue is None:
            return cls()
        place = f"{venue.latitude}, {venue.longitude}" if venue.latitude is not None else ""
        return cls(obj=venue, place=place)

    def validate_place(self, field: LineField) -> None:
        """Raises ValidationError unless it is empty or a point on the map."""
        if field.data and self._point() == (None, None):
            raise ValidationError("「緯度と経度」は、地図からそのまま貼り付けてください。例：34.5850, 133.7720")

    def to_details(self) -> VenueDetails:
        """The parsed shape that goes inside."""
        names = ("name", "room", "address", "access", "parking", "barrier_free")
        latitude, longitude = self._point()
        said: dict[str, Any] = {name: self[name].data or "" for name in names}
        return VenueDetails(**said, latitude=latitude, longitude=longitude)

    def _point(self) -> tuple[float | None, float | None]:
        found = PLACE.fullmatch(unicodedata.normalize("NFKC", self.place.data or ""))
        if not found:
            return None, None
        latitude, longitude = float(found[1]), float(found[2])
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else (None, None)


class SeriesForm(BaseForm):
    """A named line of events."""

    title = LineField("事業・シリーズの名称", validators=[Needed(), NoLongerThan(100), Printable()])
    slug = LineField("アドレスに使う名前", validators=[Needed(), NoLongerThan(60)])
    description = MultiLineField("説明", validators=[NoLongerThan(1000)])
    position = NumberField("並び順", least=0, most=999)

    @classmethod
    def of(cls, series: SeriesRow | None) -> Self:
        """The form of a series (None: of a new one), or what was sent of it."""
        return cls(obj=series)

    def validate_slug(self, field: LineField) -> None:
        """Raises ValidationError for what cannot stand in an address."""
        if field.data and not SLUG.fullmatch(field.data):
            raise ValidationError(
                "「アドレスに使う名前」は、半角の英小文字・数字・ハイフンで入力してください。例：chiiki"
            )

    def to_details(self) -> SeriesDetails:
        """The parsed shape that goes inside."""
        return SeriesDetails(
            slug=self.slug.data or "",
            title=self.title.data or "",
            description=self.description.data or "",
            position=self.position.data or 0,
        )


class HandoutForm(BaseForm):
    """A file and what it is called on the page."""

    title = LineField("資料の名称", validators=[Needed(), NoLongerThan(120), Printable()])
    file = FileField("ファイル", validators=[Needed("ファイルを選んでください。")])

    def to_upload(self) -> Upload:
        """At most one byte more than is taken is read, so that the verb can refuse the rest."""
        sent = self.file.data
        return Upload(self.title.data or "", sent.filename or "", sent.stream.read(LARGEST + 1))
