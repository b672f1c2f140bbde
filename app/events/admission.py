"""How places are given, in plain words for the public page, and when that can no longer be changed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.events.choices import LargeParties, SittingsTaken, WaitingMode
from app.events.drafts import Basics
from app.events.errors import AdmissionFixed, DrawClosed, PartialNeedsOffer
from app.events.models import Event
from app.events.types import Admission, EventRow, EventStatus

# What was said of the way places are given when the event was published.
FIXED = ("admission", "draw_waits", "tickets_first_time", "tickets_in_city", "sittings_taken")


_LARGE = {
    LargeParties.SKIP: "空いた席が人数に足りないときは、次の方が先に席を得ることがあります。順番はそのままです。",
    LargeParties.WAIT: "空いた席が先頭の方の人数に足りないときは、席がそろうまで、あとの方にもお待ちいただきます。",
    LargeParties.PARTIAL: "空いた席が人数に足りないときは、空いている人数分の席をご案内します。",
}


def sentences(event: EventRow) -> list[str]:
    """What an applicant must know of how the places of an event are given."""
    return [*_of_sittings(event), *_of_places(event), *_of_waiting(event)]


def check_waiting(basics: Basics) -> None:
    """Raises PartialNeedsOffer."""
    if basics.large_parties is LargeParties.PARTIAL and basics.waiting_mode is not WaitingMode.OFFER:
        raise PartialNeedsOffer("「空いている席だけ案内する」は、「案内して回答を待つ」のときに選べます。")


def _of_sittings(event: EventRow) -> list[str]:
    if event.sittings_taken is SittingsTaken.SOME and len(event.sittings) > 1:
        return ["参加する回を、いくつでも選べます。席は、回ごとに決まります。"]
    if event.is_course:
        told = [f"全{len(event.sittings)}回の連続講座です。1回のお申込みで、すべての回の席が決まります。"]
        after = event.completed_after
        return told + ([f"{after}回以上出席された方に、修了証をお渡しします。"] if after else [])
    return []


def _of_waiting(event: EventRow) -> list[str]:
    if all(sitting.capacity is None for sitting in event.sittings):
        return []
    if event.admission is Admission.LOTTERY and not event.draw_waits:
        return []
    told = []
    if event.waiting_mode is WaitingMode.OFFER:
        told.append(
            "キャンセル待ちの方には、席が空くと順番にご案内します。期限までに回答がないときは、次の方にご案内します。"
        )
    if event.max_companions and (event.waiting_mode, event.large_parties) != (WaitingMode.AUTOMATIC, LargeParties.SKIP):
        told.append(_LARGE[event.large_parties])
    return told


def _of_places(event: EventRow) -> list[str]:
    if event.admission is Admission.LOTTERY:
        return _of_a_draw(event)
    if event.admission is Admission.APPROVAL:
        return [
            "お申込みのあと、担当課で確認し、参加できるかどうかをお知らせします。",
            "お知らせが届くまで、席はまだありません。申込みの早い遅いでは決まりません。",
        ]
    if all(sitting.capacity is None for sitting in event.sittings):
        return ["お申込みと同時に、参加が確定します。"]
    return ["お申込みの順に席が決まります。定員に達したあとは、キャンセル待ちとして受け付けます。"]


def lacking(event: EventRow) -> list[str]:
    """What a draw needs before it can be announced, in words."""
    if event.admission is not Admission.LOTTERY:
        return []
    in_time = event.closes_at is not None and event.starts_at is not None and event.closes_at < event.starts_at
    found = [] if in_time else ["抽選の締切（申込みの締切を、最初の回の開始より前にします）"]
    if any(sitting.capacity is None for sitting in event.sittings):
        found.append("すべての回の定員（抽選で決める席の数です）")
    if any(sitting.kept_now for sitting in event.sittings):
        found.append("対象ごとの枠をやめること（抽選では使えません）")
    return found


def check_change(event: Event, basics: Basics, changed: Sequence[str], now: datetime) -> None:
    """Raises AdmissionFixed or DrawClosed for what was said in public and people rely on."""
    if event.status is EventStatus.DRAFT:
        return
    if any(name in changed for name in FIXED):
        raise AdmissionFixed("選考方法は、公開したあとは変えられません。")
    if event.admission is not Admission.LOTTERY or "closes_at" not in changed:
        return
    if basics.closes_at is None:
        raise DrawClosed("抽選には、申込みの締切が要ります。")
    if event.closes_at is not None and event.closes_at <= now:
        raise DrawClosed("締切を過ぎると抽選の一覧が確定するため、締切は変えられません。")


def _of_a_draw(event: EventRow) -> list[str]:
    told = ["締切のあとに抽選し、結果を全員にお知らせします。申込みの早い遅いは、結果に関係ありません。"]
    more = [
        (event.tickets_first_time, "この研修会・講座に初めて参加する方"),
        (event.tickets_in_city, "市内に住んでいる、勤めている、または通学している方"),
    ]
    given = [f"{who}は{tickets}本" for tickets, who in more if tickets > 1]
    if given:
        both = f"。両方に当てはまる方は{more[0][0] * more[1][0]}本" if len(given) == len(more) else ""
        told.append(f"くじは、お申込み1件につき1本です。ただし、{'、'.join(given)}{both}です。")
    if event.max_companions:
        told.append(
            "ご一緒に申し込んだ方は、全員が同じ結果になります。空いている席が人数に足りないときは、次の方が先に席を得ることがあります。"
        )
    if event.draw_waits:
        told.append("席を得られなかった方は、抽選で決まった順番でキャンセル待ちになります。")
    else:
        told.append("席を得られなかった方のキャンセル待ちはありません。")
    return told
