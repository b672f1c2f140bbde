"""An event's own words in its messages: what is refused, how they read, and that nothing in them can be turned."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.delivery.errors import WrongPlaceholder
from app.delivery.models import OutboundMessage
from app.delivery.rendering import render
from app.delivery.sender import sender
from app.events import mailing
from app.events import queries as events
from app.events import services as editing
from app.events.errors import WrongSender
from app.events.models import Event, EventWording
from app.events.wordings import MailSender, Wording
from app.infra import clock
from app.infra.db import db
from app.registrations import previews, queries
from app.registrations.renderings import TITLES, worded_kinds
from app.registrations.worded import FIXED, REPLACEABLE
from tests.factories import NOW, ORGANIZER, a_draft, a_sitting, apply_for

BY = {"by": ORGANIZER, "now": NOW}
OWN = Wording("{event}の{name}様", "{name}様、ようこそ。\n\n受付番号は{reference}です。", "{contact}まで。")
HOSTILE_NAMES = (
    "{url}",
    "{{7*7}}",
    "{name}",
    "<b>太</b>&amp;",
    "甲\r\nBcc: x@example.com",
    "甲\u202e乙",
    "{{name}}${x}<%=y%>",
)


@pytest.fixture
def sitting(any_app):
    with clock.fixed(NOW):
        yield a_sitting()


def sent(sitting, **changes):
    """The confirmation of somebody who applies."""
    apply_for(sitting, **changes)
    last = sa.select(OutboundMessage.kind, OutboundMessage.payload).order_by(OutboundMessage.id.desc()).limit(1)
    return render(*db.session.execute(last).one())


def test_own_words_stand_in_the_message_and_facts_link_and_contact_stay(sitting):
    mailing.word(sitting.event_id, "confirmed", replace(OWN, standard=False), **BY)
    mail = sent(sitting, name="倉敷　花子")
    assert mail.subject.endswith("の倉敷　花子様")
    for part in (mail.text, unescape(mail.html)):
        assert "倉敷　花子様、ようこそ。" in part
        assert "お申込みありがとうございます。" not in part
        assert all(words in part for words in ("/r/", "受付番号", "大会議室", "お問合せ", "kyodo@example.jpまで。"))


def test_without_own_words_it_reads_as_before_and_back_again(sitting):
    before = sent(sitting, name="甲")
    mailing.word(sitting.event_id, "confirmed", OWN, **BY)
    assert sent(sitting, name="甲").subject != before.subject
    mailing.word(sitting.event_id, "confirmed", Wording(), **BY)
    assert sent(sitting, name="甲").subject == before.subject
    assert mailing.own_words(sitting.event_id) == {}


def test_a_hostile_name_appears_literally_in_every_part(sitting):
    mailing.word(sitting.event_id, "confirmed", OWN, **BY)
    for name in HOSTILE_NAMES:
        mail = sent(sitting, name=name)
        shown = name.replace("\r\n", " ").replace("\u202e", "")
        assert f"{shown}様、ようこそ。" in mail.text
        assert f"{shown}様、ようこそ。" in unescape(mail.html)
        assert mail.subject.endswith((f"{shown}様", "…"))
        assert "<b>太" not in mail.html
        assert not set("\r\n\u202e") & set(mail.subject)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=30))
def test_any_name_is_put_in_once_on_one_line_and_the_same_in_text_and_html(app, name):
    with clock.fixed(NOW):
        event = events.by_id(db.session.scalar(sa.select(Event.id)) or a_sitting().event_id)
        person = previews.specimen(event, now=NOW)
        person = replace(person, details=replace(person.details, name=f"{name}<script>"))
        shown = previews.preview(event, "reminder", Wording("{name}", "始{name}終", ""), person)
    (line,) = (line for line in shown.text.split("\n") if line.startswith("始"))
    assert line.endswith("<script>終")
    assert f"<p>{line}</p>" in unescape(shown.html)
    assert "<script" not in shown.html
    assert "\n" not in shown.subject


def test_a_hostile_placeholder_is_refused_at_its_field_and_nothing_is_kept(sitting):
    for field in ("subject", "opening", "closing"):
        with pytest.raises(WrongPlaceholder) as refused:
            mailing.word(sitting.event_id, "confirmed", replace(OWN, **{field: "{event.__class__}"}), **BY)
        assert refused.value.field == field
    assert mailing.own_words(sitting.event_id) == {}


def test_every_kind_that_can_be_worded_reads_with_own_words_on_paper_too(sitting):
    event = events.by_id(sitting.event_id)
    person = queries.by_token(apply_for(sitting).token, now=NOW)
    for kind in worded_kinds():
        shown = previews.preview(event, kind, replace(OWN, standard=False), person)
        for part in (shown.text, unescape(shown.html), "\n".join(shown.paper)):
            assert part.count("様、ようこそ。") == part.count("まで。") == 1, kind
        assert shown.html.count(f"{person.details.name} 様</p>") == 1, kind
        plain = previews.preview(event, kind, Wording(), person)
        assert (plain.paper[0] in shown.paper) is (kind not in REPLACEABLE), kind
    assert set(TITLES) >= FIXED | REPLACEABLE


def test_the_sender_is_named_and_answered_and_calendars_still_answer_to_the_mailbox(sitting, monkeypatch):
    monkeypatch.setattr(sender, "reply_address", "replies@tsudoi.example.jp")
    mailing.set_sender(sitting.event_id, MailSender("研修会事務局", "jimukyoku@example.jp"), **BY)
    mail = sent(sitting)
    assert (mail.from_name, mail.reply_to) == ("研修会事務局", "jimukyoku@example.jp")
    assert mail.calendar.organizer_email != "jimukyoku@example.jp"
    with pytest.raises(WrongSender):
        mailing.set_sender(sitting.event_id, MailSender("", "Replies@tsudoi.example.jp"), **BY)


def test_a_sender_that_could_name_somebody_else_is_refused(sitting):
    for name in ("a@b.example", "甲, 乙", "甲 <x@y.example>", "Bcc: x"):
        with pytest.raises(WrongSender):
            mailing.set_sender(sitting.event_id, MailSender(name, ""), **BY)
    for reply_to in ("x@y.example\r\nBcc: z@y.example", "x@y.example,z@y.example", "<a@b.example>", "x"):
        with pytest.raises(WrongSender):
            mailing.set_sender(sitting.event_id, MailSender("", reply_to), **BY)
    assert mailing.sender_of(sitting.event_id) == MailSender()


def test_a_copy_has_the_words_and_the_sender_and_a_draft_takes_them_along_when_it_goes(any_app):
    draft = a_draft()
    mailing.word(draft.id, "reminder", Wording("{event}", "令和8年度のご案内です。"), **BY)
    mailing.set_sender(draft.id, MailSender("事務局", ""), **BY)
    copy = editing.copy_from_last_year(draft.id, **BY)
    assert mailing.own_words(copy) == {"reminder": Wording("{event}", "令和9年度のご案内です。")}
    assert mailing.sender_of(copy) == MailSender("事務局", "")
    for event_id in (draft.id, copy):
        editing.delete_draft(event_id, **BY)
    assert db.session.scalars(sa.select(EventWording.kind)).all() == []


def test_the_database_keeps_no_wording_that_says_nothing(sitting):
    for subject, opening, standard in (("", "", True), ("件名", "", False)):
        row = EventWording(
            event_id=sitting.event_id, kind="won", subject=subject, opening=opening, closing="", standard=standard
        )
        db.session.add(row)
        with pytest.raises(sa.exc.IntegrityError):
            db.session.flush()
        db.session.rollback()
