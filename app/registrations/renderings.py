"""How our messages read when they are sent: text, HTML and calendar entry from the registration as it stands then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from app.delivery import ics
from app.delivery.rendering import mail_text, one_line_subject, plain_text, renders, still_wanted
from app.delivery.types import Attachment, CalendarEntry, Rendered
from app.events import draws, mailing
from app.events import queries as events
from app.events.types import EventRow
from app.events.wordings import STANDARD, Wording
from app.infra import clock
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date, period_text
from app.kernel.types import JSON
from app.org import queries as org
from app.org.types import MemberRow
from app.registrations import answering, queries, swaps, together
from app.registrations.invitation import calendar_entry, concerned, substitute_entry
from app.registrations.types import RegistrationRow, Status
from app.registrations.worded import FIXED, values_of, words_for

# Kinds of message whose mail carries a calendar object when a seat was held as it was written. The object says what was
# true then, also when it leaves later: messages of one registration arrive in order, the next one corrects it.
# Who applies, or puts it right, reads what was answered.
WITH_ANSWERS = {"confirmed", "waitlisted", "pending", "signed_up", "changed"}
WITH_CALENDAR = {
    "confirmed",
    "approved",
    "won",
    "promoted",
    "accepted",
    "changed",
    "moved",
    "switched",
    "edited",
    "reminder",
    "taken_over",
    "party_left",
    "body_made",
    "body_changed",
    "body_settled",
}
CANCELLING = {"cancelled", "called_off", "substitute_dropped", "handed_on"}
TITLES = {
    "confirmed": "申込確定のお知らせ",
    "waitlisted": "キャンセル待ちのお知らせ",
    "signed_up": "お申込みの結果のお知らせ（いくつかの回）",
    "pending": "申込受付のお知らせ",
    "approved": "参加承認のお知らせ",
    "queued": "承認のお知らせ（キャンセル待ち）",
    "declined": "参加をお受けできないお知らせ",
    "won": "抽選結果のお知らせ（当選）",
    "reserved": "抽選結果のお知らせ（キャンセル待ち）",
    "lost": "抽選結果のお知らせ（落選）",
    "promoted": "繰上げ確定のお知らせ",
    "offered": "席のご案内（回答のお願い）",
    "accepted": "参加確定のお知らせ",
    "offer_declined": "辞退受付のお知らせ",
    "offer_expired": "席のご案内の終了のお知らせ",
    "offer_withdrawn": "席のご案内の取りやめのお知らせ",
    "changed": "変更受付のお知らせ",
    "address_changed": "連絡先変更のお知らせ（旧アドレス宛て）",
    "moved": "日時・会場変更のお知らせ",
    "switched": "回の変更のお知らせ",
    "swap_offered": "回の交換のお願い",
    "swap_declined": "回の交換のお返事",
    "substitute_named": "代理出席のお願い",
    "substitute_changed": "代理出席の変更のお知らせ",
    "substitute_dropped": "代理出席の取りやめのお知らせ",
    "edited": "研修会の内容変更のお知らせ",
    "cancelled": "取消受付のお知らせ",
    "handed_on": "席を譲ったお知らせ",
    "taken_over": "席を譲り受けたお知らせ",
    "party_left": "同伴者の取りやめのお知らせ",
    "body_made": "席の確保のお知らせ",
    "body_changed": "確保した席の変更のお知らせ",
    "body_settled": "入力の締切のお知らせ",
    "called_off": "中止のお知らせ",
    "reminder": "開催前のお知らせ",
    "reply_declined": "辞退の返信についての確認",
    "reply_unsupported": "カレンダーの返信についてのご案内",
}
FIELD_WORDS = {
    "name": "お名前", "kana": "フリガナ", "email": "メールアドレス", "phone": "電話番号", "companions": "同伴者の人数",
    "postcode": "郵便番号", "address": "ご住所",
    "district": "お住まいの地区", "affiliation": "団体・所属", "category": "参加区分", "needs": "必要なこと",
    "answers": "質問への答え", "names": "同伴者のお名前",
    "first_time": "初めて参加するかどうか", "in_city": "市内に在住・在勤・在学かどうか",
}  # fmt: skip


def _renderer(kind: str) -> Callable[[Mapping[str, JSON]], Rendered]:
    def render(payload: Mapping[str, JSON]) -> Rendered:
        registration, token = queries.with_link(int(str(payload["registration"])))
        event = events.one(registration.event_slug)
        wording, sender = mailing.for_mail(event.id, kind)
        subject, text, html = composed(kind, payload, registration, event, wording, token)
        entries = _entries(kind, payload, registration, event, token)
        reply_to = sender.reply_to or event.contact_email or None
        # One VEVENT an object, one UID a place: mail programs open the first by themselves, the others are attached.
        more = tuple(
            Attachment(f"invite-{number}.ics", "application/ics", ics.invitation(entry))
            for number, entry in enumerate(entries[1:], 2)
        )
        first = entries[0] if entries else None
        return Rendered(subject, text, html, first, reply_to, sender.name or event.section, attachments=more)

    return render


def _entries(
    kind: str, payload: Mapping[str, JSON], registration: RegistrationRow, event: EventRow, token: str
) -> list[CalendarEntry]:
    """The calendar entries that go along: one for each meeting that the message is about."""
    now, cancelled, found = clock.now(), kind in CANCELLING, list[CalendarEntry]()
    if kind == "signed_up":
        places = [(row, one) for row, one in together.rows(registration.id) if row.status is Status.CONFIRMED]
    else:
        places = [(replace(registration, sequence=int(str(payload["sequence"]))), token)]
    colleague = _member(payload.get("substitute"), now)
    for place, link in places:
        for sitting in concerned(event, place, _number(payload.get("meeting")), now):
            if kind == "signed_up" or (payload["held_a_seat"] and kind in WITH_CALENDAR | CANCELLING):
                found.append(calendar_entry(place, event, sitting, token=link, cancelled=cancelled, now=now))
            elif colleague is not None and "calendar_name" in payload:
                name = str(payload["calendar_name"])
                entry = substitute_entry(place, event, sitting, colleague, name=name, cancelled=cancelled, now=now)
                found.append(entry)
    return found


def _answers(registration: RegistrationRow, event: EventRow) -> list[tuple[str, str]]:
    """What the person answered themselves, as it stands when the message is sent."""
    return answering.words(event.public_asked, answering.of_one(registration.id)) if event.asked else []


def composed(
    kind: str,
    payload: Mapping[str, JSON],
    registration: RegistrationRow,
    event: EventRow,
    wording: Wording,
    token: str,
) -> tuple[str, str, str]:
    """Subject, text and HTML of a message in the event's own words; `token` opens the page that it links to."""
    context = _context(payload, registration, event, clock.now()) | words_for(
        kind, wording, values_of(registration, event)
    )
    context |= {"url": own_page(token), "cancel_url": f"{own_page(token)}cancel/"}
    context["answers"] = _answers(registration, event) if kind in WITH_ANSWERS else []
    subject, text, html = mail_text("registrations", kind, context)
    return one_line_subject(str(context["own_subject"])) or subject, text, html


def on_paper(
    kind: str,
    payload: Mapping[str, JSON],
    registration: RegistrationRow,
    event: EventRow,
    wording: Wording = STANDARD,
) -> list[str]:
    """The sentences of a message without greeting, facts, link and contact: a letter has those elsewhere."""
    kind = kind.removeprefix("registration.")
    context = _context(payload, registration, event, clock.now()) | words_for(
        kind, wording, values_of(registration, event)
    )
    text = plain_text("registrations", kind, context | {"paper": True, "url": "", "answers": []})
    return [line.strip() for line in text.splitlines() if line.strip()]


def worded_kinds() -> dict[str, str]:
    """The kinds of message that an event may say otherwise, with their titles."""
    return {kind: title for kind, title in TITLES.items() if kind not in FIXED}


def own_page(token: str) -> str:
    """The address of the page that a secret link opens."""
    return links.absolute(f"/r/{token}/")


def _context(
    payload: Mapping[str, JSON], registration: RegistrationRow, event: EventRow, now: datetime
) -> dict[str, object]:
    meetings = concerned(event, registration, _number(payload.get("meeting")), now)
    places = together.rows(registration.id) if registration.sign_up else [(registration, "")]
    there = {one.sitting_id for one, _token in places}
    return {
        "registration": registration,
        "event": event,
        "sitting": meetings[0],
        "meetings": meetings,
        "places": places,
        "venues": list(dict.fromkeys(s.venue for s in event.sittings if s.venue and s.id in there)),
        "sits": any(one.status is Status.CONFIRMED for one, _token in places),
        "waits": any(one.status is Status.WAITLISTED for one, _token in places),
        "pends": any(one.status is Status.PENDING for one, _token in places),
        "event_url": links.absolute(f"/events/{event.slug}/"),
        "position": payload.get("position"),
        "seats": payload.get("seats"),
        "until": datetime.fromisoformat(str(payload["until"])) if "until" in payload else None,
        "draw": draws.of_event(event.id) if registration.drawn else None,
        "draw_url": links.absolute(f"/events/{event.slug}/draw/"),
        "duplicate": bool(payload.get("duplicate")),
        "changed": [FIELD_WORDS[str(f)] for f in _strings(payload.get("fields"))],
        "words": _strings(payload.get("words")),
        "was": _was(payload),
        "deadline": datetime.fromisoformat(str(payload["deadline"])) if "deadline" in payload else None,
        "swap": swaps.live(int(str(payload["offer"])), now=now) if "offer" in payload else None,
        "substitute": _member(payload.get("substitute"), now),
        "my_url": links.absolute(f"/my/trainings/{event.slug}/"),
        "now": now,
        "paper": False,
    }


def _member(number: JSON, now: datetime) -> MemberRow | None:
    return None if number is None else org.member(int(str(number)), on=local_date(now))


def _number(value: JSON) -> int | None:
    return None if value is None else int(str(value))


def _strings(value: JSON) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _was(payload: Mapping[str, JSON]) -> str | None:
    if "was_start" not in payload:
        return None
    start, end = (datetime.fromisoformat(str(payload[k])) for k in ("was_start", "was_end"))
    return period_text(start, end)


def _still_coming(payload: Mapping[str, JSON]) -> bool:
    registration = queries.by_id(int(str(payload["registration"])))
    meetings = events.one(registration.event_slug).meetings_of(registration.sitting_id)
    ahead = [one.id for one in meetings if one.starts_at > clock.now()]
    return registration.status is Status.CONFIRMED and payload.get("meeting", registration.sitting_id) in ahead


def _still_theirs(payload: Mapping[str, JSON]) -> bool:
    registration = queries.by_id(int(str(payload["registration"])))
    return not registration.status.is_over and registration.starts_at > clock.now()


def _still_substitute(payload: Mapping[str, JSON]) -> bool:
    registration = queries.by_id(int(str(payload["registration"])))
    return registration.status is Status.CONFIRMED and registration.substitute_id == payload["substitute"]


def _still_offered(payload: Mapping[str, JSON]) -> bool:
    return queries.by_id(int(str(payload["registration"]))).status is Status.OFFERED


def _still_open(payload: Mapping[str, JSON]) -> bool:
    try:
        swaps.live(int(str(payload["offer"])), now=clock.now())
    except NotFound:
        return False
    return True


def register() -> None:
    """Tell the delivery room how each kind of message of this room reads."""
    for kind, title in TITLES.items():
        renders(f"registration.{kind}", title)(_renderer(kind))
    still_wanted("registration.substitute_named")(_still_substitute)
    still_wanted("registration.substitute_changed")(_still_substitute)
    still_wanted("registration.offered")(_still_offered)
    still_wanted("registration.swap_offered")(_still_open)
    still_wanted("registration.reminder")(_still_coming)
    still_wanted("registration.reply_declined")(_still_theirs)
    still_wanted("registration.reply_unsupported")(_still_theirs)
