"""What the fonts can draw, and what people are told about it while they type."""

import json
import subprocess
import sys
import time

import pytest

from app.documents import glyphs, pdf
from app.documents.glyphs import unprintable
from tests.documents.rosters import HARD_NAMES

EVERY_CHARACTER = b"""
#set document(title: "every character")
#set page(width: 200cm, height: 200cm)
#set text(font: json(bytes(sys.inputs.fonts)), fallback: false, lang: "ja", weight: sys.inputs.weight)
#for line in json(bytes(sys.inputs.lines)) [#line ]
"""


def set_as_pdf_ua(lines, weight="regular"):
    """Raises TypstError when a single glyph is missing."""
    inputs = {"lines": json.dumps(lines), "weight": weight, "fonts": pdf._FONT_CHAIN}
    return pdf._compiler().compile(EVERY_CHARACTER, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])


@pytest.mark.parametrize("name", HARD_NAMES)
def test_hard_names_print(name):
    assert unprintable(name) == ()


@pytest.mark.parametrize("text", ["吉田　太郎", "Nguyễn Thị Ễ", "か\u3099", "か゚", "e\u0301", "線\n改行\t"])
def test_ordinary_text_prints(text):
    assert unprintable(text) == ()


def test_what_cannot_be_drawn_is_named_once_each():
    assert unprintable("山😀田\x00😀 ा") == ("😀", "\x00", "\u093e")


def test_selectors_and_joiners_are_never_reported():
    assert unprintable("邊\U000e0100葛\ufe00a\u200db\u200c") == ()


def test_a_mark_that_its_letter_cannot_carry_is_reported():
    assert unprintable("山\u0301") == ("\u0301",)


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_every_covered_character_is_really_drawn(weight):
    points = range(0x20, 8 * len(glyphs._coverage()))
    characters = [chr(point) for point in points if point != 0xFEFF and not unprintable(chr(point))]
    assert len(characters) > 72_000
    lines = ["".join(characters[start : start + 40]) for start in range(0, len(characters), 40)]
    assert set_as_pdf_ua(lines, weight)


def test_marks_and_invisible_characters_are_drawn_with_every_font_of_the_chain():
    invisible = [*"\u00ad\u034f\u200b\u200c\u200d\u2060\ufe00\ufe0f\U000e0100\U000e01ef"]
    assert set_as_pdf_ua([f"{base}{char}{base}" for base in "邊aか𠮷㐂𪚥김" for char in invisible])
    marks = [chr(point) for point in [*range(0x300, 0x370), 0x3099, 0x309A]]
    assert set_as_pdf_ua([base + mark for base in "AZazかゖァヺ" for mark in marks if not unprintable(base + mark)])


def test_the_answer_takes_microseconds():
    unprintable("吉")
    began = time.process_time()
    for _ in range(1000):
        unprintable("渡邊󠄀　三郎太")
    assert (time.process_time() - began) / 1000 < 0.000_2


def test_only_the_pdf_module_loads_the_typesetter():
    code = (
        "import sys; import app.documents.csv_text, app.documents.sheets, app.documents.qr, app.documents.glyphs;"
        "app.documents.glyphs.unprintable('吉');"
        "sys.exit('typst' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
