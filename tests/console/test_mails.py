"""通知の文面, through the door."""

from __future__ import annotations

from app.accounts.permissions import Role
from app.events import mailing
from app.events.wordings import MailSender, Wording
from tests.console.desk import browser_of
from tests.staff import a_person, post


def mails_of(desk, kind=""):
    return f"/console/events/{desk.event_id}/mails/" + (f"{kind}/" if kind else "")


def test_words_are_tried_with_a_real_person_saved_and_put_back(desk, organizer):
    person = desk.somebody(name="{url} <b>花子</b>")
    page = mails_of(desk, "confirmed")
    words = {"subject": "{name}様へ", "opening": "ようこそ、{name}様。", "closing": "", "standard": "no"}
    tried = post(organizer, page, **words, person=person, do="preview")
    assert tried.status_code == 200
    assert "ようこそ、{url} &lt;b&gt;花子&lt;/b&gt;様。" in tried.text
    assert "/r/mihon/" in tried.text
    assert desk.ask(lambda: mailing.own_words(desk.event_id)) == {}
    mail = post(organizer, page, f"{page}html/", **words, person=person)
    assert mail.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "ようこそ、{url} &lt;b&gt;花子&lt;/b&gt;様。" in mail.text
    assert post(organizer, page, **words, person="0").status_code == 303
    saved = desk.ask(lambda: mailing.own_words(desk.event_id))
    assert saved == {"confirmed": Wording("{name}様へ", "ようこそ、{name}様。", "", False)}
    assert "ようこそ、見本　花子様。" in organizer.get(page).text
    assert "書き換えあり" in organizer.get(mails_of(desk)).text
    assert post(organizer, page, f"{page}standard/").status_code == 303
    assert desk.ask(lambda: mailing.own_words(desk.event_id)) == {}
    assert [act.action for act in desk.acts("mail.")] == ["mail.worded", "mail.standard"]


def test_a_hostile_placeholder_comes_back_at_its_field_with_all_that_was_typed(desk, organizer):
    page = mails_of(desk, "reminder")
    words = {
        "subject": "お知らせ",
        "opening": "{event.__class__}",
        "closing": "結びの文",
        "standard": "yes",
        "person": "0",
    }
    for do in ("", "preview"):
        answer = post(organizer, page, **words, do=do)
        assert answer.status_code == 422
        assert "「{event.__class__}」は使えません。" in answer.text
        assert 'id="opening-error"' in answer.text
        assert "結びの文" in answer.text
    assert post(organizer, page, f"{page}html/", **words).status_code == 422


def test_sender_and_reply_address_are_checked_and_kept(desk, organizer):
    page = mails_of(desk)
    injected = {"name": "事務局", "reply_to": "x@example.jp\r\nBcc: y@example.jp"}
    assert post(organizer, page, **injected).status_code == 422
    assert post(organizer, page, name="事務局\r\nBcc: y@example.jp", reply_to="").status_code == 422
    assert post(organizer, page, name="研修会事務局", reply_to="jimu@example.jp").status_code == 303
    kept = desk.ask(lambda: mailing.sender_of(desk.event_id))
    assert kept == MailSender("研修会事務局", "jimu@example.jp")
    assert "jimu@example.jp" in organizer.get(page).text


def test_other_sections_and_helpers_have_no_words_here(desk, organizer, helper, site):
    a_person(site, Role.ORGANIZER, email="far@city.example.jp", section="生涯学習課")
    stranger = browser_of(site, "far@city.example.jp")
    for page in (mails_of(desk), mails_of(desk, "confirmed")):
        assert stranger.get(page).status_code == 404
        assert helper.get(page).status_code == 403
    for kind in ("unknown", "address_changed", "substitute_named"):
        assert organizer.get(mails_of(desk, kind)).status_code == 404
