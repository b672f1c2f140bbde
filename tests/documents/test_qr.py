"""QR codes that stand inside a page."""

from xml.etree import ElementTree

import pytest
import segno

from app.documents.qr import qr_svg


def test_it_is_an_image_with_a_title_and_no_inline_style():
    svg = qr_svg("https://example.jp/r/abc", title='受付 <b>"')
    root = ElementTree.fromstring(svg)
    assert root.tag == "svg" or root.tag.endswith("}svg")
    assert root.get("role") == "img"
    assert root.find("title").text == '受付 <b>"'
    assert "style=" not in svg
    assert "<script" not in svg


def test_it_has_a_white_ground():
    assert 'fill="#fff"' in qr_svg("A")


def test_a_text_too_long_for_a_code_is_an_error():
    with pytest.raises(segno.DataOverflowError):
        qr_svg("あ" * 3000)
