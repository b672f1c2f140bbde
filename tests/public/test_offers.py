"""Answering an offer of seats by the secret link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.events.choices import LargeParties, WaitingMode
from app.infra import clock
from app.registrations import queries, services
from app.registrations.answer_by import answer_by
from tests.factories import NOW, ORGANIZER, a_sitting, an_event, apply_for
from tests.public.door import everything_stored, receipt
from tests.staff import post, token_of

UNTIL = answer_by(NOW, NOW + timedelta(days=10))


@pytest.fixture
def offered(site) -> str:
    """A pair is offered the one seat that became free; the address of their page."""
    with site.app_context():
        event = an_event(waiting_mode=WaitingMode.OFFER, large_parties=LargeParties.PARTIAL)
        sitting = a_sitting(event, capacity=2)
        held, _other, pair, _behind = (apply_for(sitting, companions=n) for n in (0, 0, 1, 0))
        services.cancel(queries.by_token(held.token, now=NOW).id, by=ORGANIZER, now=NOW)
        return f"/r/{pair.token}/"


def token(visitor, offered: str) -> str:
    return token_of(visitor.get(offered + "change/").text)


def test_the_page_says_what_is_offered_until_when_and_looking_answers_nothing(site, visitor, offered):
    shown, before = visitor.get(offered).text, everything_stored(site)
    assert "令和8年6月3日（水）17時まで" in shown
    assert "人数は1人になります" in shown
    for address in (offered, offered + "offer/decline/", offered + "offer/accept/"):
        visitor.get(address)
    assert everything_stored(site) == before


def test_accepting_is_one_press_and_a_second_press_changes_nothing(site, visitor, offered):
    for _ in range(2):
        answer = visitor.post(offered + "offer/accept/", data={"csrf_token": token(visitor, offered)})
        assert (answer.status_code, answer.location) == (303, offered)
    assert receipt(visitor.get(offered))[1] == "confirmed"
    assert "1人" in visitor.get(offered).text


def test_declining_asks_first_and_then_gives_the_seat_on(visitor, offered):
    assert "辞退しますか" in visitor.get(offered + "offer/decline/").text
    answer = post(visitor, offered + "offer/decline/")
    assert (answer.status_code, receipt(visitor.get(offered))[1]) == (303, "cancelled")


def test_too_late_and_never_offered_are_said_and_change_nothing(site, visitor, offered):
    form = token(visitor, offered)
    with clock.fixed(UNTIL):
        before = everything_stored(site)
        late = visitor.post(offered + "offer/accept/", data={"csrf_token": form})
        assert (late.status_code, "回答の期限を過ぎたため" in late.text) == (409, True)
        assert everything_stored(site) == before
    with site.app_context():
        waits = apply_for(1)
    never = visitor.post(f"/r/{waits.token}/offer/decline/", data={"csrf_token": form})
    assert (never.status_code, "もう終わっています" in never.text) == (409, True)


def test_who_waits_reads_why_there_is_no_seat_yet(site, visitor, offered):
    with site.app_context():
        waits = apply_for(1)
    shown = visitor.get(f"/r/{waits.token}/").text
    assert "2番目" in shown
    assert (
        "空いている席がありません。先にお待ちの方に席をご案内しています。回答の期限は令和8年6月3日（水）17時です。"
        in shown
    )
