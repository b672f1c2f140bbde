"""Each rule that can say no, with the sentence people read."""

from __future__ import annotations

from app.kernel.errors import Refusal


class ApplicationsClosed(Refusal):
    """The window is not open, or the event does not take applications."""

    code = "applications_closed"


class WrongSitting(Refusal):
    """The sitting does not belong to the event or does not exist."""

    code = "wrong_sitting"
    field = "sitting"


class TooManyCompanions(Refusal):
    """More companions than the event allows, or than the hall holds."""

    code = "too_many_companions"
    field = "companions"


class TooManyNames(Refusal):
    """More people are named than have seats."""

    code = "too_many_names"
    field = "names"


class NamesMissing(Refusal):
    """The event wants everybody named."""

    code = "names_missing"
    field = "names"


class WrongDeadline(Refusal):
    """The time until which a body may name its people is over already, or after the sitting begins."""

    code = "wrong_deadline"
    field = "until_on"


class PlacesBelowNamed(Refusal):
    """Fewer seats than the body has named or counted people for."""

    code = "places_below_named"
    field = "held"


class SubmissionChanged(Refusal):
    """The same one-time key came with other content."""

    code = "submission_changed"


class NoSeatsLeft(Refusal):
    """A change needs more seats than are free."""

    code = "no_seats_left"
    field = "companions"


class AlreadyCancelled(Refusal):
    """The registration was cancelled; nothing about it can be changed."""

    code = "already_cancelled"


class AlreadyAttended(Refusal):
    """Somebody of this registration was seen at the sitting: its place is used and cannot be given up."""

    code = "already_attended"


class TooLateToChange(Refusal):
    """The time for changes and cancellation by oneself is over."""

    code = "too_late"


class ChangedMeanwhile(Refusal):
    """Somebody else changed the same registration since the form was opened."""

    code = "changed_meanwhile"


class NotForStaff(Refusal):
    """The event is for residents only."""

    code = "not_for_staff"


class NoAddress(Refusal):
    """A member of staff without an e-mail address cannot be told anything."""

    code = "no_address"


class NoPartner(Refusal):
    """Nobody with that address has a place that could be swapped; whether they have another is not told."""

    code = "no_partner"
    field = "email"


class AlreadyOffered(Refusal):
    """A colleague was asked already and has not answered."""

    code = "already_offered"


class OfferOver(Refusal):
    """The offer was answered or taken back, time ran out, or (of a swap) one of the two has another place meanwhile."""

    code = "offer_over"


class NotToCall(Refusal):
    """Nobody is given a seat by telephone out of turn, before the last hours, or once the sitting began."""

    code = "not_to_call"


class NoReason(Refusal):
    """Staff say why they give a place up."""

    code = "no_reason"
    field = "reason"


class NotASubstitute(Refusal):
    """Only a colleague of the same section without a place of their own at that sitting comes in somebody's place."""

    code = "not_a_substitute"
    field = "substitute"


class TwoAtOnce(Refusal):
    """Whoever comes for a colleague cannot have a place of their own at the same sitting."""

    code = "two_at_once"


class NoGuestPlacesLeft(Refusal):
    """The places kept for staff of other municipalities are all asked for."""

    code = "no_guest_places_left"
    field = "sitting"


class GuestsAskElsewhere(Refusal):
    """Where places are kept for staff of other municipalities, they ask for one of those and are counted there."""

    code = "guests_ask_elsewhere"
    field = "category"


class GuestPlacesBelowTaken(Refusal):
    """The new number of places for guests is smaller than the number already asked for."""

    code = "guest_places_below_taken"
    field = "guest_places"


class DrawClosed(Refusal):
    """The list of the draw is closed: what decides about the result stays as it is."""

    code = "draw_closed"


class NotDrawable(Refusal):
    """The draw is over, or not yet due, or too late."""

    code = "not_drawable"


class NotSeated(Refusal):
    """Who waits for an answer or for a draw has no seat that could be exchanged for another."""

    code = "not_seated"


class NotTransferable(Refusal):
    """The place was drawn or approved and the event keeps it with that person, or it is one that staff have."""

    code = "not_transferable"


class NotPending(Refusal):
    """The application was approved, declined or given up before."""

    code = "not_pending"


class BulkSent(Refusal):
    """A message to many that was sent stays as it is."""

    code = "bulk_sent"


class BulkChanged(Refusal):
    """Somebody else changed the message to many since the page was opened."""

    code = "bulk_changed"


class NotTried(Refusal):
    """A message to many goes to its author first."""

    code = "not_tried"


class GroupChanged(Refusal):
    """Since the number was confirmed, people came to the group or left it."""

    code = "group_changed"


class NobodyToWriteTo(Refusal):
    """The group has nobody, or the event has no registrations yet."""

    code = "nobody_to_write_to"


class TooManyFiles(Refusal):
    """Everybody gets the files: they are few and small."""

    code = "too_many_files"
    field = "file"


class QuestionsChanged(Refusal):
    """The organizer changed the questions since they were answered."""

    code = "questions_changed"


class FileGone(Refusal):
    """A file that was sent before is no longer kept: more than a day passed before the application was sent."""

    code = "file_gone"


class KeptOfNothing(Refusal):
    """Without a limit every seat is free: none can be kept."""

    code = "kept_of_nothing"
    field = "held_back"


class NotWithDraw(Refusal):
    """A draw is repeated by anybody from what is published, and that says nothing of audiences."""

    code = "not_with_draw"


class WrongRelease(Refusal):
    """The day until which seats are kept has passed, or is not before the sitting."""

    code = "wrong_release"


class KeptTooMany(Refusal):
    """More seats would be kept than are free."""

    code = "kept_too_many"
    field = "held_back"


class NotHeldBack(Refusal):
    """The organizer holds back fewer seats than the party needs."""

    code = "not_held_back"
    field = "held"
