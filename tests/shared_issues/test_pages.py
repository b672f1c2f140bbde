"""The pages of shared issues: sections, the organizer, everybody, feed readers."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.permissions import Role
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.org import services as org
from app.org.models import StaffMember
from app.shared_issues import queries, services
from app.shared_issues.types import AnswerState, Progress, Stage
from tests.factories import NOW, ORGANIZER, a_duty, a_unit
from tests.proposals.programmes import a_programme
from tests.public.door import statements
from tests.shared_issues.conftest import a_card, answer
from tests.staff import post, signed_in

CARD = {"subject": "environment", "district": "kojima", "progress": "seeking"}


@pytest.fixture
def member(site: Flask) -> FlaskClient:
    """The browser of somebody who works at section 1; section 2 is another one."""
    with site.app_context():
        a_unit(name="環境政策課")
        a_unit(name="国際課")
    client = signed_in(site, Role.MEMBER)
    with site.app_context():
        org.post(db.session.scalars(db.select(StaffMember.id)).one(), 1, date(2026, 4, 1), by=ORGANIZER, now=NOW)
    return client


def test_a_section_writes_proposes_withdraws_and_moves_on_and_reaches_no_others(site: Flask, member: FlaskClient):
    made = post(member, "/my/issues/new/", unit="1", title="ごみ出し", do="propose", background="3人に1人", **CARD)
    assert made.status_code == 422
    for words in ("「出典」に、資料の名前と年を", "「困っている人」を入力してください", "3人に1人"):
        assert words in made.text
    kept = post(member, "/my/issues/1/", title="ごみ出し", background="坂が急です。", version="1", **CARD)
    assert (kept.status_code, kept.location) == (303, "/my/issues/1/")
    late = post(member, "/my/issues/1/", title="別の題名", version="1", **CARD)
    assert (late.status_code, "先に保存" in late.text, "別の題名" in late.text) == (422, True, True)
    typed = {"title": "ごみ出し", "background": "坂が急です。", "affected": "高齢者", "version": "2", **CARD}
    assert post(member, "/my/issues/1/", do="propose", **typed).status_code == 303
    assert post(member, "/my/issues/1/", "/my/issues/1/withdraw/").status_code == 303
    assert post(member, "/my/issues/1/", "/my/issues/1/discard/").location == "/my/issues/"
    with site.app_context():
        own, other = a_card(1, title="自課の課題"), a_card(2, title="他課の課題")
        sent, foreign = answer(own, "a", text="手伝えます。"), answer(other, "b")
    page = member.get(f"/my/issues/{own}/").text
    assert "手伝えます。" in page
    assert "倉敷　花子" in page
    assert post(member, f"/my/issues/{own}/", f"/my/issues/{own}/progress/", progress="considering").status_code == 303
    reached = post(member, f"/my/issues/{own}/", f"/my/issues/{own}/answers/{sent}/", state="in_hand")
    assert reached.status_code == 303
    assert post(member, f"/my/issues/{own}/", f"/my/issues/{own}/answers/{foreign}/", state="done").status_code == 404
    with site.app_context():
        assert queries.one(own).progress is Progress.CONSIDERING
        assert (queries.answer(sent).state, queries.answer(foreign).state) == (AnswerState.IN_HAND, AnswerState.NEW)
    assert "他課の課題" not in member.get("/my/issues/").text
    with site.app_context():
        read = db.select(AuditEntry.object_id).filter_by(action="shared_issue.answer_read")
        assert set(db.session.scalars(read)) == {str(own)}
    assert member.get(f"/my/issues/{other}/").status_code == member.get("/my/issues/999/").status_code == 404


def test_a_published_card_becomes_a_theme_while_themes_are_called(site: Flask, member: FlaskClient):
    with site.app_context():
        issue_id = a_card(1, title="坂の上のごみ出し")
    here = f"/my/issues/{issue_id}/"
    assert "のテーマにする" not in member.get(here).text
    with site.app_context():
        programme = a_programme()
    link = re.search(r'href="(/my/themes/new/\d+/\?[^"]+)"', member.get(here).text)[1].replace("&amp;", "&")
    assert link.startswith(f"/my/themes/new/{programme.id}/")
    form = member.get(link).text
    assert 'value="坂の上のごみ出し"' in form
    assert "坂が急で、集積所まで運べない。" in form


def test_the_organizer_publishes_gives_back_links_and_takes_a_card_elsewhere(site: Flask):
    desk = signed_in(site)
    with site.app_context():
        unit = a_unit(name="環境政策課")
        a_duty(unit)
        draft, proposed = (
            a_card(unit, Stage.DRAFT),
            a_card(unit, Stage.PROPOSED, title='=cmd|"x"', background="<b>坂</b>"),
        )
    here = f"/console/issues/{proposed}/"
    assert desk.get(f"/console/issues/{draft}/").status_code == 404
    assert "確認待ちのカード：1件" in desk.get("/console/issues/").text
    assert post(desk, here, f"{here}return/", remark="").status_code == 422
    assert post(desk, here, f"{here}publish/").status_code == 303
    assert post(desk, here, f"{here}links/", kind="event", title="講座", url="ftp://x").status_code == 422
    assert post(desk, here, f"{here}links/", kind="event", title="講座", url="/events/").status_code == 303
    assert "掲載した日" in post(desk, here, f"{here}posted/", posted_url="https://share.example.jp/").text
    posted = {"posted_url": "https://share.example.jp/", "posted_on": "2026/6/2"}
    assert post(desk, here, f"{here}posted/", **posted).status_code == 303
    shown = desk.get(f"/issues/{proposed}/").text
    assert "講座" in shown
    assert "https://share.example.jp/" in shown
    assert "&lt;b&gt;坂&lt;/b&gt;" in shown
    rows = list(csv.DictReader(io.StringIO(desk.get("/console/issues/issues.csv").data.decode("utf-8-sig"))))
    assert [(row["題名"], row["課題を書いた課・室"], row["掲載日"]) for row in rows] == [
        ('\'=cmd|"x"', "環境政策課", "2026-06-02")
    ]
    begun = desk.get("/console/events/new/?title=課題から&about=坂が急です").text
    assert 'value="課題から"' in begun
    assert "坂が急です" in begun
    figure = {"fiscal_year": "2016", "number": "３１", "source": "平成28年度 協働推進レポート"}
    assert post(desk, "/console/issues/figures/", **figure).status_code == 303
    assert "31件" in desk.get("/console/issues/figures/").text


def test_the_organizer_deals_with_an_answer_shows_it_and_forgets_it(site: Flask):
    desk = signed_in(site)
    with site.app_context():
        issue_id = a_card(a_unit())
        sent = answer(issue_id, text="倉敷花子です。手伝えます。")
    here = f"/console/issues/answers/{sent}/"
    assert "未対応の回答：1件" in desk.get("/console/issues/").text
    assert "未対応の回答が1件あります" in desk.get("/console/").text
    assert post(desk, here, state="in_hand", note="来週電話する").status_code == 303
    refused = post(desk, here, f"{here}show/", text="倉敷花子です。手伝えます。")
    assert (refused.status_code, "氏名か連絡先" in refused.text) == (422, True)
    assert post(desk, here, f"{here}show/", text="手伝える方がいます。").status_code == 303
    assert post(desk, here, f"{here}forget/").location == "/console/issues/answers/"
    assert desk.get(here).status_code == 404
    assert "手伝える方がいます。" in desk.get(f"/issues/{issue_id}/").text


def test_for_organizers_of_another_section_the_desk_is_not_there(site: Flask):
    other = signed_in(site, email="other@city.example.jp", section="生涯学習課")
    with site.app_context():
        issue_id = a_card(a_unit())
        sent = answer(issue_id)
    for path in ("", f"{issue_id}/", "answers/", f"answers/{sent}/", "figures/", "issues.csv"):
        assert other.get(f"/console/issues/{path}").status_code == 404, path
    assert "地域課題" not in other.get("/console/").text


def test_the_public_list_costs_the_same_for_more_cards_and_the_feed_is_valid(site: Flask):
    with site.app_context():
        unit = a_unit(name="環境政策課")
        a_card(unit, title="一つ目 <&> 課題")
    browser, costs = site.test_client(), []
    for more in (2, 9):
        with site.app_context():
            for number in range(more):
                a_card(a_unit(), now=NOW + timedelta(minutes=number))
        with statements(site) as seen:
            assert browser.get("/issues/?district=kojima").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert "公開していない" not in browser.get("/issues/").text
    answer_ = browser.get("/issues.atom")
    feed = ElementTree.fromstring(answer_.data)
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")]
    assert (len(titles), titles[-1]) == (12, "一つ目 <&> 課題")
    assert browser.get("/issues.atom", headers={"If-None-Match": answer_.headers["ETag"]}).status_code == 304
    assert browser.get("/sitemap.xml").text.count("/issues/") == 13
    with site.app_context():
        services.move_on(1, Progress.ENDED, by=ORGANIZER, now=NOW + timedelta(hours=1))
    assert "受付は終わりました" in browser.get("/issues/1/").text
    assert browser.get("/issues/1/answer/").status_code == 200
    assert browser.get("/issues/2000/").status_code == 404
