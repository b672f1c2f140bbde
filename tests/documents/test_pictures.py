"""Photos lose what cameras write into them, keep how they stand, and large or broken ones are not taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.errors import WrongFile
from app.documents.pictures import cleaned
from tests.reports.pictures import GREY, JFIF, SECRET, a_jpeg, a_png


def test_a_jpeg_loses_place_and_camera_and_still_stands_upright():
    clean, media_type = cleaned(a_jpeg(orientation=6))
    assert media_type == "image/jpeg"
    assert SECRET not in clean
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in clean
    assert clean.startswith(GREY[:JFIF])
    assert clean.endswith(GREY[JFIF:])
    assert cleaned(clean)[0] == clean


def test_a_picture_that_stands_upright_keeps_no_exif_at_all():
    assert cleaned(a_jpeg(orientation=1))[0] == GREY


def test_a_png_loses_its_texts():
    clean, media_type = cleaned(a_png(2, 2, (b"tEXt", b"Comment\0" + SECRET), (b"eXIf", SECRET)))
    assert media_type == "image/png"
    assert clean == a_png(2, 2)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"GIF89a", b"\x89PNG\r\n\x1a\n", a_png()[:-6], a_jpeg()[:-40]])
def test_what_is_no_whole_photo_is_refused(content):
    with pytest.raises(WrongFile):
        cleaned(content)


def test_a_small_file_that_claims_to_be_huge_is_refused():
    for width, height in ((30_000, 10), (8_000, 8_000), (0, 5)):
        with pytest.raises(WrongFile):
            cleaned(a_png(width, height) if width else a_png(0, height))


@given(st.binary(max_size=60), st.integers(2, 60))
def test_nothing_but_a_refusal_comes_of_damage(noise, place):
    for whole in (a_jpeg(), a_png()):
        damaged = whole[:place] + noise + whole[place + len(noise) :]
        try:
            clean, _media_type = cleaned(damaged)
        except WrongFile:
            continue
        assert clean[:2] == whole[:2]
