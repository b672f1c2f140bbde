"""Forms about single sittings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self

from wtforms import RadioField, SelectField

from app.events.drafts import SittingPlan
from app.events.types import SittingRow, VenueRow
from app.web.parts.fields import JapaneseDateField, LineField, NumberField, TimeField, moment
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan, Printable

UNDECIDED = {"0": "未定"}
MOST_SEATS = 5000


class TimeAndPlaceForm(BaseForm):
    """When and where; an event of several days has several sittings."""

    day = JapaneseDateField("日付", validators=[Needed()])
    starts_time = TimeField("開始の時刻", validators=[Needed()])
    ends_time = TimeField("終了の時刻", validators=[Needed()])
    venue_id = SelectField("会場", coerce=int, default=0, validators=[Chosen()])

    @classmethod
    def of(cls, sitting: SittingRow | None, venues: Sequence[VenueRow], *, fresh: bool = False) -> Self:
        """The form of a sitting (None: of a new one) with what was sent of it; `fresh` leaves out what was sent."""
        data = _stored(sitting) if sitting else None
        form = cls(formdata=None, data=data) if fresh else cls(data=data)
        form.venue_id.choices = UNDECIDED | {str(venue.id): venue.full_name for venue in venues}
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then that the sitting ends after it begins."""
        valid = super().validate(extra_validators)
        start, end = self.starts_time.data, self.ends_time.data
        if start and end and start >= end:
            self.ends_time.errors = [*self.ends_time.errors, "「終了の時刻」は、開始の時刻より後にしてください。"]
            return False
        return valid

    def to_plan(self, *, label: str = "", capacity: int | None = None) -> SittingPlan:
        """The parsed shape that goes inside; call it on a valid form only."""
        starts_at = moment(self.day.data, self.starts_time.data)
        ends_at = moment(self.day.data, self.ends_time.data)
        if starts_at is None or ends_at is None:
            raise ValueError("the form was not validated")
        venue_id = self.venue_id.data or None
        return SittingPlan(starts_at=starts_at, ends_at=ends_at, label=label, venue_id=venue_id, capacity=capacity)


class SittingForm(TimeAndPlaceForm):
    """Everything about a sitting that nobody has registered for yet."""

    label = LineField("回の名称", validators=[NoLongerThan(60), Printable()])
    capacity = NumberField("定員", least=0, most=MOST_SEATS, unit="席")
    guest_places = NumberField("流域市町の職員の受入枠", least=0, most=MOST_SEATS, unit="人")

    def plan(self) -> SittingPlan:
        """The parsed shape that goes inside."""
        plan = self.to_plan(label=self.label.data or "", capacity=self.capacity.data)
        return replace(plan, guest_places=self.guest_places.data or 0)


class MoveForm(TimeAndPlaceForm):
    """Another time or place, with the question who is told."""

    notify = RadioField(
        "参加者への連絡",
        choices={"yes": "参加者に知らせる", "no": "参加者に知らせない"},
        validators=[Chosen("参加者に知らせるかどうかを選んでください。")],
    )


class CapacityForm(BaseForm):
    """Another number of seats."""

    capacity = NumberField("定員", least=0, most=MOST_SEATS, unit="席")


class GuestPlacesForm(BaseForm):
    """Another number of places for staff of other municipalities."""

    guest_places = NumberField("流域市町の職員の受入枠", least=0, most=MOST_SEATS, unit="人")


class LabelForm(BaseForm):
    """Another name of a sitting."""

    label = LineField("回の名称", validators=[NoLongerThan(60), Printable()])


def _stored(sitting: SittingRow) -> dict[str, Any]:
    return {
        "day": sitting.starts_at,
        "starts_time": sitting.starts_at,
        "ends_time": sitting.ends_at,
        "venue_id": sitting.venue.id if sitting.venue else 0,
        "label": sitting.label,
        "capacity": sitting.capacity,
        "guest_places": sitting.guest_places or None,
    }
