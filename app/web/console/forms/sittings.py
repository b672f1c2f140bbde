"""Forms about single sittings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Self

from wtforms import RadioField, SelectField

from app.events.audiences import Category
from app.events.drafts import AllotmentPlan, SittingPlan
from app.events.types import Admission, Audience, EventRow, SittingRow, VenueRow
from app.kernel.japanese_dates import TOKYO
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


class KeptForm(BaseForm):
    """Seats in the organizer's hand, and seats kept for an audience until the end of a day."""

    held_back = NumberField("取り置きの席", least=0, most=MOST_SEATS, unit="席")
    resident_places = NumberField("市民の枠", least=0, most=MOST_SEATS, unit="席")
    resident_until = JapaneseDateField("市民の枠の期限")
    staff_places = NumberField("市職員の枠", least=0, most=MOST_SEATS, unit="席")
    staff_until = JapaneseDateField("市職員の枠の期限")
    neighbour_places = NumberField("流域市町の枠", least=0, most=MOST_SEATS, unit="席")
    neighbour_until = JapaneseDateField("流域市町の枠の期限")

    @classmethod
    def of(cls, event: EventRow, sitting: SittingRow, *, fresh: bool = False) -> Self:
        """The form of a sitting with what was sent of it; `fresh` leaves that out.

        Whom nobody of the event counts to is not asked about.
        """
        data: dict[str, Any] = {"held_back": sitting.held_back or None}
        for one in sitting.kept_now:
            data |= {f"{one.category}_places": one.places, f"{one.category}_until": one.last_day}
        form = cls(formdata=None, data=data) if fresh else cls(data=data)
        for category in set(Category) - set(kept_for(event)):
            del form[f"{category}_places"], form[f"{category}_until"]
        return form

    def rows(self) -> list[tuple[Category, Any, Any]]:
        """Each audience that seats may be kept for, with its two fields."""
        return [(c, self[f"{c}_places"], self[f"{c}_until"]) for c in Category if f"{c}_places" in self]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then that places and a day come together."""
        valid = super().validate(extra_validators)
        for _category, number, until in self.rows():
            if number.data and not until.typed:
                until.errors = [*until.errors, f"「{until.label.text}」を入力してください。"]
                valid = False
        return valid

    def plans(self) -> list[AllotmentPlan]:
        """The parsed shape: kept until the day after the last one begins."""
        return [
            AllotmentPlan(category, number.data, datetime.combine(until.data + timedelta(days=1), time(), TOKYO))
            for category, number, until in self.rows()
            if number.data
        ]


def kept_for(event: EventRow) -> tuple[Category, ...]:
    """The audiences that seats of an event may be kept for: none where all are residents, or a draw gives the seats."""
    alike = event.audience is Audience.RESIDENTS or event.admission is Admission.LOTTERY
    return () if alike else tuple(Category)


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
