"""A promoter fills in the section's worksheet at a workshop table with a bad connection, and a colleague does too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import opened, picture
from tests.journeys.looks import assert_sound
from tests.journeys.staff import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TABLET = {"width": 820, "height": 1100}
SAVED = re.compile("に保存しました")


def sheet(page):
    """Signed in, the own section's worksheet open."""
    sign_in(page, "promoter", lands_on="**/my/")
    page.get_by_role("link", name=re.compile("業務の棚卸シート（")).click()
    page.wait_for_url("**/my/worksheets/*/*/")
    return page


def test_nothing_typed_is_lost(browser, site):
    with opened(browser, site, viewport=TABLET) as context, opened(browser, site, viewport=TABLET) as other:
        mine, status = sheet(context.new_page()), "[data-status]"
        mine.get_by_role("button", name="業務を追加").click()
        row = mine.locator(".ws-row").last
        row.get_by_label("業務名").fill("地区の夏祭りの支援")
        expect(row.get_by_label("現在の実施方法：その他の内容")).to_be_hidden()
        row.get_by_role("radiogroup", name="現在の実施方法").get_by_label("その他", exact=True).check()
        expect(row.get_by_label("現在の実施方法：その他の内容")).to_be_visible()
        expect(mine.locator(status)).to_have_text(SAVED)
        assert_sound(mine)
        picture(mine, "worksheet")

        mine.get_by_label("作成者").fill("主任")
        mine.get_by_label("添付するファイル").set_input_files(
            {"name": "祭り.pdf", "mimeType": "x/y", "buffer": b"%PDF-1.7"}
        )
        mine.get_by_role("button", name="ファイルを添付する").click()
        expect(mine.get_by_role("link", name="祭り.pdf")).to_be_visible(timeout=20_000)
        expect(mine.get_by_label("作成者")).to_have_value("主任")
        assert_sound(mine)

        context.set_offline(True)
        mine.get_by_label("作成者").fill("主任 𠮷田")
        expect(mine.locator(status)).to_have_text(re.compile("つながりません"))
        mine.close(run_before_unload=False)
        context.set_offline(False)
        again = context.new_page()
        again.goto("/my/worksheets/")
        again.get_by_role("link", name=re.compile("業務の棚卸シート（")).click()
        expect(again.get_by_label("作成者")).to_have_value("主任 𠮷田")
        expect(again.locator(status)).to_have_text(SAVED)

        theirs = sheet(other.new_page())
        theirs.get_by_label("作成者").fill("係長 髙﨑")
        theirs.locator(".ws-row").last.get_by_label("業務の目的・概要").fill("地域の行事を支える。")
        expect(theirs.locator(status)).to_have_text(SAVED)
        again.get_by_label("作成者").fill("主査 𠮷田")
        again.locator(".ws-row").last.get_by_label("現状の課題・困りごと").fill("担い手が足りない。")
        expect(again.locator(".ws-conflict")).to_contain_text("係長 髙﨑")
        expect(again.locator(".ws-row").last.get_by_label("業務の目的・概要")).to_have_value("地域の行事を支える。")
        assert_sound(again)
        again.get_by_role("button", name="先に保存された内容にする").click()
        expect(again.locator(status)).to_have_text(SAVED)
        theirs.reload()
        expect(theirs.get_by_label("作成者")).to_have_value("係長 髙﨑")
        expect(theirs.locator(".ws-row").last.get_by_label("現状の課題・困りごと")).to_have_value("担い手が足りない。")
