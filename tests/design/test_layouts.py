"""Layouts: the same frame everywhere, and nothing personal on pages that are shared."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import flash, render_template_string

from tests.design.conftest import Page

LAYOUTS = ["public", "personal", "console", "plain"]
SOURCE = (
    '{{% extends "layouts/{}.html" %}}{{% block title %}}申込み{{% endblock %}}'
    "{{% block main %}}<h1>申込み</h1>{{% endblock %}}"
)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_has_language_title_landmarks_and_a_way_past_the_header(render, layout):
    page = render(SOURCE.format(layout))
    assert page.tree.get("lang") == "ja"
    assert page.one("title").text == "申込み｜つどい 倉敷市"
    assert page.one("main").get("id") == "main"
    assert page.all("a")[0].get("href") == "#main"
    assert [len(page.all(tag)) for tag in ("header", "main", "footer")] == [1, 1, 1]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_scripts_carry_the_nonce_and_everything_comes_from_here(render, layout):
    page = render(SOURCE.format(layout))
    assert [script.get("nonce") for script in page.all("script")] == ["n0nce"]
    addresses = [e.get("href") for e in page.all("link")] + [e.get("src") for e in page.all("script")]
    assert all(address.startswith("/static/") and "?v=" in address for address in addresses)


WRONG = SimpleNamespace(errors={"name": ["入力してください。"]})
FINE = SimpleNamespace(errors={})


@pytest.mark.parametrize(("form", "title"), [(WRONG, "エラー：申込み"), (FINE, "申込み")])
def test_the_title_says_that_something_is_wrong(render, form, title):
    assert render(SOURCE.format("personal"), form=form).one("title").text == f"{title}｜つどい 倉敷市"


@pytest.mark.parametrize(
    ("layout", "shown"), [("public", False), ("plain", False), ("personal", True), ("console", True)]
)
def test_messages_appear_where_pages_are_personal(house, layout, shown):
    with house.test_request_context("/"):
        flash("申込みを取り消しました。", "success")
        page = Page(render_template_string(SOURCE.format(layout)))
    assert ("申込みを取り消しました。" in page.text("main")) is shown


@pytest.mark.parametrize("layout", ["public", "plain"])
def test_shared_pages_do_not_touch_the_session(house, layout):
    @house.get("/shared/")
    def shared():
        return render_template_string(SOURCE.format(layout))

    answer = house.test_client().get("/shared/")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_menu_marks_where_the_visitor_is(house, render):
    house.jinja_env.globals["public_nav"] = lambda: [("イベント一覧", "/events/"), ("ご案内", "/about/")]
    here, below = (render(SOURCE.format("public"), path=path) for path in ("/events/", "/events/x/"))
    marks = [[a.get("aria-current") for a in page.all("nav//a")] for page in (here, below)]
    assert marks == [["page", None], ["true", None]]


def test_staff_see_who_is_signed_in_and_sign_out_by_post(house, render):
    house.jinja_env.globals.update(signed_in=lambda: "髙橋 花子", sign_out_url=lambda: "/my/sign-out/")
    page = render(SOURCE.format("console"))
    assert "髙橋 花子" in page.text("header")
    assert (page.one("form").get("action"), page.one("form").get("method")) == ("/my/sign-out/", "post")
    assert page.one("form/input[@name='csrf_token']").get("value")


def test_nobody_signed_in_means_no_way_to_sign_out(render):
    assert render(SOURCE.format("console")).all("form") == []
