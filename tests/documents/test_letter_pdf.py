"""The printed letter: measured, so that the window of the envelope shows the address and nothing else."""

import re
import shutil
import subprocess
import time

import pytest

from app.documents.pdf import letters_pdf
from app.documents.qr import qr_svg
from app.documents.types import LetterSheet
from tests.documents.rosters import HARD_NAMES

MM = 72 / 25.4
# layouts/letter.typ: what the window shows wherever the sheet lies in the envelope, and what it can show at worst.
ALWAYS_SEEN = (20, 12, 85, 36)
EVER_SEEN = (0, 0, 110, 57)
LONG = (
    "岡山県倉敷市真備町川辺一丁目二千五百三十四番地の十二",
    "見本ハイツ川辺リバーサイド壱番館アネックス千二百三号室　架空様方",
)
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (poppler-utils)")


def a_letter(**changes):
    values = {
        "postcode": "710-8565",
        "address": ("倉敷市西中新田640",),
        "name": "倉敷　花子",
        "sender": ("倉敷市", "市民活動推進課"),
        "contact": "市民活動推進課　電話 086-426-3107",
        "date": "令和8年6月1日（月）",
        "number": "1234-5678",
        "title": "申込確定のお知らせ",
        "paragraphs": ("お申込みありがとうございます。", "参加が確定しました。"),
        "facts": (("研修会名", "地域の課題解決応援講座"), ("日時", "令和8年6月11日（木）10時～13時")),
        "qr": qr_svg("https://tsudoi.example.jp/r/" + "x" * 43 + "/"),
    }
    return LetterSheet(**{**values, **changes})


def words_of(folder, letters):
    """Words of each page with their boxes in mm."""
    file = folder / "letters.pdf"
    file.write_bytes(letters_pdf(letters))
    html = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True).stdout
    pages = html.split("<page ")[1:]
    return [[(tuple(float(n) / MM for n in box[:4]), box[4]) for box in WORD.findall(page)] for page in pages]


def inside(box, frame):
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def touches(box, frame):
    return box[0] < frame[2] and box[1] < frame[3] and box[2] > frame[0] and box[3] > frame[1]


@pytest.mark.parametrize("address", [("倉敷市西中新田640",), LONG], ids=["short", "long"])
def test_the_window_shows_the_whole_address_and_nothing_else(tmp_path, address):
    name = "𠮷田　髙﨑左衛門之丞花子"
    (words,) = words_of(tmp_path, [a_letter(address=address, name=name)])
    shown = [(box, word) for box, word in words if touches(box, EVER_SEEN)]
    assert [word for box, word in shown if not inside(box, ALWAYS_SEEN)] == []
    seen = "".join(word for _box, word in shown).replace("　", "")
    assert seen == f"〒710-8565{''.join(address)}{name}様".replace("　", "")


def test_every_letter_of_fifty_has_its_page_and_every_name_prints_as_it_is_written(tmp_path):
    begun = time.perf_counter()
    names = [HARD_NAMES[n % len(HARD_NAMES)] for n in range(50)]
    pages = words_of(tmp_path, [a_letter(name=name) for name in names])
    assert len(pages) == 50
    for name, words in zip(names, pages, strict=True):
        text = "".join(word for _box, word in words)
        assert name.replace("　", "").replace(" ", "") in text.replace("　", "")
        assert "〓" not in text
    assert time.perf_counter() - begun < 20
