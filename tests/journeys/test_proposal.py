"""A group proposes on a telephone over three visits; five reviewers judge, one keeps out; the group is told."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.infra import clock
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import SYSTEM
from app.proposals import queries, reviewing, reviews, screening
from app.proposals.screening_types import ReviewerDraft
from tests.journeys.conftest import DESK, PHONE, opened
from tests.journeys.looks import assert_sound
from tests.journeys.staff import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SECRET = "ほかの委員には見せないことば"


def visit(browser, site):
    """A telephone of another member each time, without scripts."""
    return opened(browser, site, viewport=PHONE, java_script_enabled=False)


def budget_row(page, side: str, number: int):
    return page.get_by_role("group", name=f"{side}の予算　{number}行目")


def proposed(browser, site, year: int) -> str:
    """Over three visits, wrong sums and a budget beyond the ceiling put right; the address of the own page."""
    with visit(browser, site) as context:
        page = context.new_page()
        page.goto(f"/proposals/{year}/")
        page.get_by_role("link", name="提案書の作成を始める").click()
        page.get_by_label(re.compile("新規チャレンジコース")).check()
        page.get_by_label("団体の名称").fill("西阿知おやこの会")
        page.get_by_label("連絡する方のお名前").fill("倉敷 花子")
        page.get_by_label("メールアドレス").fill("oyako@example.jp")
        page.get_by_label("個人情報の利用目的を確認しました").check()
        page.get_by_role("button", name="提案書の作成を始める").click()
        page.get_by_label("事業の名称").fill("絵本の出前")
        page.get_by_label("解決したい地域の課題").fill("絵本に触れる機会が少ない子どもがいます。")
        page.get_by_role("button", name="保存する").last.click()
        expect(page.get_by_text(re.compile("保存しました。提出までに"))).to_be_visible()
        own = page.url
    with visit(browser, site) as context:
        page = context.new_page()
        page.goto(own)
        expect(page.get_by_label("事業の名称")).to_have_value("絵本の出前")
        for label in ("目指す姿", "実施すること", "市と一緒に行うこと", "これまでの主な活動"):
            page.get_by_label(label).fill("月に一度、集会所で読み聞かせをします。")
        page.get_by_label("会員の数").fill("8人")
        budget_row(page, "収入", 1).get_by_label("金額").fill("160,000")
        budget_row(page, "収入", 2).get_by_label("金額").fill("80000")
        cost = budget_row(page, "支出", 1)
        cost.get_by_label("費目と内容").fill("消耗品費　絵本")
        cost.get_by_label("単価").fill("2000")
        cost.get_by_label("数量").fill("100")
        cost.get_by_label("金額").fill("240000")
        cost.get_by_label("はい").check()
        page.get_by_role("button", name="確認へ進む").click()
        expect(budget_row(page, "収入", 1)).to_contain_text("新規チャレンジコースの上限の150,000円まで")
        expect(budget_row(page, "支出", 1)).to_contain_text("単価×数量の200,000円と違います")
        expect(page.get_by_label("会員の数")).to_have_value("8")
        expect(page.get_by_role("alert")).to_contain_text("行1の「市の負担」")
    with visit(browser, site) as context:
        page = context.new_page()
        page.goto(own)
        expect(page.get_by_text("金額が合わない行があります")).to_be_visible()
        budget_row(page, "収入", 1).get_by_label("金額").fill("150000")
        budget_row(page, "収入", 2).get_by_label("金額").fill("50000")
        budget_row(page, "支出", 1).get_by_label("金額").fill("200000")
        page.get_by_role("button", name="確認へ進む").click()
        expect(page.get_by_role("heading", name="提案書の確認")).to_be_visible()
        page.get_by_role("button", name="提出する").click()
        expect(page.locator("#reference")).to_have_text(re.compile(r"\d{4}-\d{4}"))
    return own


def test_a_proposal_from_the_telephone_to_the_letter(browser, site):
    with site.inside():
        year = fiscal_year(clock.now()) + 1
        programme = queries.published(year)
    own = proposed(browser, site, year)
    with opened(browser, site, viewport=DESK) as office, opened(browser, site, viewport=PHONE) as private:
        desk, phone = office.new_page(), private.new_page()
        phone.goto(own)
        assert_sound(phone)
        phone.goto(f"/proposals/{year}/apply/")
        assert_sound(phone)
        sign_in(desk, "organizer")
        desk.goto(f"/console/proposals/{programme.id}/received/")
        desk.get_by_role("link", name="絵本の出前").click()
        desk.get_by_role("button", name="書類を確認済みにする").click()
        proposal_id = int(re.search(r"/received/(\d+)/", desk.url)[1])
        with site.inside():
            for n in range(5):
                draft = ReviewerDraft(f"委員{n}", "", f"judge{n}@example.jp")
                screening.invite(programme.id, draft, by=SYSTEM, now=clock.now())
            asked = screening.add_criterion(programme.id, "必要性", "", 1, by=SYSTEM, now=clock.now())
            links = [reviews.with_link(one.public_id)[1] for one in reviews.reviewers(programme.id)]
        rounds = f"/console/proposals/{programme.id}/screening/"
        desk.goto(rounds)
        for box in desk.get_by_role("checkbox").all():
            box.set_checked("絵本の出前" in box.evaluate("box => box.labels[0].textContent"))
        desk.get_by_role("button", name="審査を始める").click()

        phone.goto(f"/review/{links[0]}/")
        assert_sound(phone)
        phone.get_by_role("link", name="絵本の出前").click()
        phone.get_by_label("4点").check()
        phone.get_by_label("講評").fill(SECRET)
        assert_sound(phone)
        phone.get_by_role("button", name="採点を保存する").click()
        expect(phone.get_by_text("あなたの採点　4点")).to_be_visible()
        phone.goto(f"/review/{links[1]}/{proposal_id}/")
        expect(phone.get_by_text(SECRET)).to_have_count(0)
        phone.get_by_label("関係の内容").fill("会の役員です。")
        phone.get_by_role("button", name="この提案の審査から外れる").click()
        expect(phone.get_by_text("除外", exact=True)).to_be_visible()
        with site.inside():
            (current,) = reviews.rounds(programme.id)
            for token in links[2:]:
                reviewing.score(token, current.id, proposal_id, {asked: 2}, "", now=clock.now())

        desk.goto(rounds)
        expect(desk.get_by_text("2.50")).to_have_count(0)
        expect(desk.get_by_role("strong")).to_have_text("0件")
        assert_sound(desk)
        desk.get_by_role("button", name="採点を締め切る").click()
        expect(desk.get_by_role("cell", name="2.50")).to_be_visible()
        desk.goto(f"/console/proposals/received/{proposal_id}/decision/")
        expect(desk.get_by_text(SECRET)).to_be_visible()
        desk.get_by_label("採択", exact=True).check()
        desk.get_by_label("理由").fill("必要性が高いため。")
        desk.get_by_role("button", name="採否を記録する").click()
        expect(desk.get_by_role("link", name="通知書を印刷する（PDF）")).to_be_visible()
        desk.get_by_role("button", name=re.compile("結果を通知して公開する")).click()
        phone.goto(own)
        expect(phone.get_by_role("heading", name="審査の結果")).to_be_visible()
        assert_sound(phone)
        phone.goto(f"/proposals/{year}/")
        expect(phone.get_by_role("heading", name="採択した事業")).to_be_visible()
        assert_sound(phone)
