"""Static files: addresses that change with their content, icons that exist, nothing from elsewhere."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from app.design import jinja
from tests.design.conftest import APP

TEMPLATES = sorted(APP.rglob("templates/**/*.html"))
ICON = re.compile(r"""(?:\bicon\(|icon_name=)["']([a-z-]+)["']""")
DRAWINGS = sorted((APP / "design/static/img").rglob("*.svg"))


def test_a_file_is_kept_for_a_year_under_the_address_of_its_content(house):
    with house.test_client().get(jinja.asset("css/base.css")) as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("address", ["/static/css/base.css", "/static/css/base.css?v=other"])
def test_a_file_under_another_address_is_asked_for_again(house, address):
    with house.test_client().get(address) as answer:
        assert "immutable" not in answer.headers["Cache-Control"]


def test_a_file_that_is_not_there_is_noticed_when_the_page_is_made():
    with pytest.raises(FileNotFoundError):
        jinja.asset("css/nothing.css")


def test_every_icon_that_a_template_names_exists():
    named = {name for path in TEMPLATES for name in ICON.findall(path.read_text(encoding="utf-8"))}
    missing = {name for name in named if not (jinja.ICONS / f"{name}.svg").exists()}
    assert named
    assert missing == set()


def test_an_icon_is_for_the_eye_only():
    assert 'aria-hidden="true"' in jinja.icon("check")


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.name)
def test_drawings_are_well_formed_and_refer_to_nothing(path):
    drawing = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(drawing)
    assert root.get("viewBox")
    assert not re.search(r"href|url\(|<script|@import", drawing)


def test_scripts_make_no_markup_from_text():
    for path in (APP / "design/static/js").rglob("*.js"):
        code = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", code), path
