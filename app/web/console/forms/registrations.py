"""Forms of the registrations pages: entering for somebody, putting right, cancelling, the organizer's note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from flask import request
from wtforms import BooleanField, HiddenField, RadioField

from app.accounts.permissions import Permission
from app.accounts.types import StaffRow
from app.events.choices import SittingsTaken, WaitingMode
from app.events.rules import takes_applications
from app.events.types import Admission, EventRow, SittingRow
from app.infra import tokens
from app.kernel.text import clean_line
from app.questions.party import People
from app.registrations import party
from app.registrations.types import Application, Channel, Details, Filters, RegistrationRow, Status
from app.web.parts.fields import LineField, MultiLineField
from app.web.parts.forms import BaseForm
from app.web.parts.guest_form import GuestSittingForm, neighbours
from app.web.parts.person_form import UNASKED_OF_GUESTS, MunicipalityForm, ReachableForm, SittingForm, SittingsForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan, Ticked

STATUSES = (Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED)
WITH_ANSWERS = (Status.CONFIRMED, Status.PENDING, Status.WAITLISTED, Status.DECLINED, Status.CANCELLED)
# What staff write down for others: neither the web form itself nor a file, nor the seats of a body.
CHANNELS = tuple(channel for channel in Channel if channel not in {Channel.WEB, Channel.IMPORTED, Channel.BODY})


class ChannelForm(BaseForm):
    """How the application arrived; its own class so that the question comes first."""

    channel = RadioField(
        "受付方法", choices={c.value: c.word for c in CHANNELS}, default=Channel.PHONE.value, validators=[Chosen()]
    )


class IntakeForm(ChannelForm, SittingForm, ReachableForm):
    """An application that arrived by telephone, fax, postcard or at the counter: the questions of the public form."""

    sees_internal = True
    insists_on_names = False
    told = BooleanField(
        "個人情報の利用目的を伝えました", validators=[Ticked("利用目的を伝えて、チェックを入れてください。")]
    )
    held = BooleanField("取り置きの席を使う")
    submission_id = HiddenField()

    @classmethod
    def for_event(cls, event: EventRow, now: datetime, **known: Any) -> Self:
        """The form with the sittings that have not begun: the public window does not bind who enters for others."""
        sittings = not_begun(event, now)
        unasked = () if any(s.held_back for s in sittings) else ("held",)
        form = cls.asking(event, unasked=unasked, **known)
        form.offer(sittings)
        if not form.submission_id.data:
            form.submission_id.data = tokens.random_id()
        return form

    @classmethod
    def of_person(cls, registration: RegistrationRow) -> dict[str, Any]:
        """What fills the form for somebody who applied before; who comes along, and needs, are asked anew."""
        said = registration.details
        filled = cls.known(said) | {"email": said.email, "phone": said.phone}
        filled |= {"postcode": said.postcode, "postal_address": said.address}
        return {name: value for name, value in filled.items() if name not in {"companions", "needs", "needs_note"}}

    def to_application(self, event: EventRow) -> Application:
        """The parsed shape that goes inside."""
        details = self.to_details(event, email=self.email.data or None, phone=self.phone.data or None)
        asked = Application(self.chosen[0], details, f"staff:{self.submission_id.data}", Channel(self.channel.data))
        return replace(asked, from_held_back=bool(self.value("held")))


class SeveralIntakeForm(SittingsForm, IntakeForm):
    """The same for as many sittings as one likes."""


def intake_form_of(event: EventRow) -> type[IntakeForm]:
    """The form with which staff enter somebody for an event."""
    return SeveralIntakeForm if event.sittings_taken is SittingsTaken.SOME else IntakeForm


class GuestIntakeForm(MunicipalityForm, GuestSittingForm, IntakeForm):
    """The same for staff of another municipality; whoever enters it may give the seat at once."""

    approved = BooleanField("受け付けると同時に承認する（席が確定します）")

    @classmethod
    def for_event(cls, event: EventRow, now: datetime, **known: Any) -> Self:
        """The form with the sittings that have not begun and take guests."""
        form = cls.asking(event, unasked=UNASKED_OF_GUESTS | {"affiliation", "held"}, **known)
        form.list_municipalities(neighbours())
        form.offer([s for s in not_begun(event, now) if s.guests_left > 0])
        if not form.submission_id.data:
            form.submission_id.data = tokens.random_id()
        return form

    def to_application(self, event: EventRow) -> Application:
        """The parsed shape that goes inside."""
        asked = super().to_application(event)
        details = self.as_guest(asked.details)
        return replace(asked, details=details, municipality=self.comes_from, approved=bool(self.approved.data))


class CorrectionForm(ReachableForm):
    """Putting a registration right, contacts included; the history keeps why."""

    sees_internal = True
    insists_on_names = False
    version = HiddenField()
    why = LineField("経過に残すメモ", validators=[NoLongerThan(200)])

    @classmethod
    def for_registration(cls, registration: RegistrationRow, event: EventRow, said: People) -> Self:
        """The form with what is known and was answered."""
        known = registration.details
        preset = cls.known(known) | {"email": known.email, "phone": known.phone}
        preset |= {"postcode": known.postcode, "postal_address": known.address}
        preset["names"] = party.of_registration(registration.id)
        # How many a body sends is changed where its seats are.
        unasked = {"companions"} if registration.channel is Channel.BODY else set()
        unasked |= UNASKED_OF_GUESTS if registration.municipality else set()
        return cls.asking(event, unasked=unasked, said=said, **preset, version=str(registration.version))

    def to_changed(self, registration: RegistrationRow, event: EventRow) -> Details:
        """The parsed shape."""
        email, phone = self.email.data or None, self.phone.data or None
        return self.to_details(event, email=email, phone=phone, known=registration.details)

    @property
    def seen_version(self) -> int:
        """The version the organizer had before them, 0 for anything that is no number."""
        return whole_number(str(self.version.data or "")) or 0


class ReasonForm(BaseForm):
    """Cancelling for somebody: the history keeps why."""

    reason = MultiLineField("取り消す理由", validators=[Needed(), NoLongerThan(400)])


class DeclineForm(BaseForm):
    """Turning an applicant down; the mail says why."""

    reason = MultiLineField("お断りする理由", validators=[Needed(), NoLongerThan(400)])


class NoteForm(BaseForm):
    """What the organizer wants to remember; the applicant never sees it."""

    note = MultiLineField("メモ", validators=[NoLongerThan(1000)])


def not_begun(event: EventRow, now: datetime) -> list[SittingRow]:
    """The sittings that staff may still enter somebody for."""
    return [s for s in event.offered if takes_applications(event.status, event.created_at, None, s.starts_at, now)]


def statuses_of(event: EventRow) -> tuple[Status, ...]:
    """The statuses that registrations of an event can have."""
    answered = event.keeps_guest_places or event.admission is not Admission.FIRST_COME
    found = WITH_ANSWERS if answered else STATUSES
    if event.waiting_mode is not WaitingMode.OFFER:
        return found
    return (found[0], Status.OFFERED, *found[1:])


def list_filters(event: EventRow, staff: StaffRow) -> Filters:
    """What the address asks for. Who may not see contacts cannot search by them or by likeness either."""
    contacts = staff.can(Permission.SEE_CONTACTS)
    sitting_id = whole_number(request.args.get("sitting", ""))
    status = request.args.get("status", "")
    return Filters(
        event_id=event.id,
        sitting_id=sitting_id if sitting_id in {s.id for s in event.offered} else None,
        status=Status(status) if status in statuses_of(event) else None,
        word=clean_line(request.args.get("q", ""))[:60],
        duplicates_only=contacts and request.args.get("duplicates") == "1",
        by_contacts=contacts,
    )


def asked_channel() -> str:
    """How the application before this one arrived, as the address says: the next one mostly comes the same way."""
    return chosen([c.value for c in CHANNELS], request.args.get("channel", ""), Channel.PHONE.value)


def chosen(values: Sequence[str], given: str, otherwise: str) -> str:
    """`given` when it is one of `values`."""
    return given if given in values else otherwise


def whole_number(typed: str) -> int | None:
    """The number, or None for anything that is no sensible one."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
