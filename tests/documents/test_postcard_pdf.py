"""The printed postcard: its size, the postcode in its frames, and nothing that others may not read."""

import re
import shutil
import subprocess

import pytest

from app.documents.pdf import postcards_pdf
from app.documents.types import PostcardSheet
from tests.documents.rosters import HARD_NAMES

MM = 72 / 25.4
# 内国郵便約款: frames of 5.7 × 8.0 mm, 12 mm from the top, 8 mm from the right edge, with these gaps between them.
GAPS = (1.3, 1.3, 1.9, 1.1, 1.1, 1.1)
ADDRESS = (14, 38, 90, 90)
LONG = (
    "岡山県倉敷市真備町川辺一丁目二千五百三十四番地の十二",
    "見本ハイツ川辺リバーサイド壱番館アネックス千二百三号室　架空様方",
)
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (poppler-utils)")


def a_card(**changes):
    values = {
        "postcode": "7108565",
        "address": ("倉敷市西中新田640",),
        "name": "倉敷　花子",
        "sender": ("倉敷市", "市民活動推進課"),
        "title": "申込確定のお知らせ",
        "facts": (("研修会名", "応援講座"), ("受付番号", "1234-5678")),
        "contact": "市民活動推進課　電話 086-426-3107",
    }
    return PostcardSheet(**{**values, **changes})


def pages_of(folder, cards):
    """Size of each page in mm, and its words with their boxes in mm."""
    file = folder / "cards.pdf"
    file.write_bytes(postcards_pdf(cards))
    html = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True).stdout
    return [
        (
            (float(width) / MM, float(height) / MM),
            [(tuple(float(n) / MM for n in box[:4]), box[4]) for box in WORD.findall(page)],
        )
        for width, height, page in PAGE.findall(html)
    ]


def frames():
    """The seven frames from left to right: left and right edge in mm."""
    left = 100 - 8 - 7 * 5.7 - sum(GAPS)
    for gap in (*GAPS, 0):
        yield left, left + 5.7
        left += 5.7 + gap


def test_each_digit_stands_in_its_frame(tmp_path):
    assert sum(GAPS) + 7 * 5.7 == pytest.approx(47.7)
    (size, words), _message = pages_of(tmp_path, [a_card()])
    assert size == pytest.approx((100, 148), abs=0.05)
    digits = [(box, word) for box, word in words if box[1] < 22]
    assert "".join(word for _box, word in digits) == "7108565"
    for (box, _digit), (left, right) in zip(digits, frames(), strict=True):
        assert left + 0.5 < box[0] < box[2] < right - 0.5
        assert box[1] > 12
        assert box[3] < 20


@pytest.mark.parametrize("address", [("倉敷市西中新田640",), LONG], ids=["short", "long"])
def test_the_whole_address_stands_in_its_place_and_the_sender_below_it(tmp_path, address):
    name = "𠮷田　髙﨑左衛門之丞花子"
    (_size, words), _message = pages_of(tmp_path, [a_card(address=address, name=name, postcode="")])
    shown = [(box, word) for box, word in words if box[1] < ADDRESS[3]]
    assert "".join(word for _box, word in shown).replace("　", "") == f"{''.join(address)}{name}様".replace("　", "")
    assert all(ADDRESS[0] - 0.5 <= box[0] and box[2] <= ADDRESS[2] + 0.5 and box[1] >= 37 for box, _word in shown)
    below = "".join(word for box, word in words if box[1] >= ADDRESS[3])
    assert below == "倉敷市市民活動推進課"


def test_the_message_names_nobody(tmp_path):
    cards = [a_card(name=name) for name in HARD_NAMES[:8]]
    pages = pages_of(tmp_path, cards)
    assert len(pages) == 16
    for name, (_size, words) in zip(HARD_NAMES, pages[1::2], strict=False):
        text = "".join(word for _box, word in words).replace("　", "")
        assert "受付番号1234-5678" in text
        assert name.replace("　", "") not in text
        assert "西中新田" not in text
        assert "〓" not in text
