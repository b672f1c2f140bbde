"""What kind of file somebody uploads, and what is refused, with what to do."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.errors import WrongFile
from app.documents.sniffing import DOCX, JPEG, PDF, PNG, PPTX, XLSX, kind_of, safe_name
from tests.documents import hostile


def office(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name in names:
            package.writestr(name, "<x/>")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", PDF),
        (b"\x89PNG\r\n\x1a\n...", PNG),
        (b"\xff\xd8\xff\xe0...", JPEG),
        (office("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        (office("[Content_Types].xml", "word/document.xml"), DOCX),
        (office("[Content_Types].xml", "ppt/presentation.xml"), PPTX),
    ],
)
def test_a_file_is_known_by_its_content(content, kind):
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    ("content", "what_to_do"),
    [
        (b"", "空です"),
        (b"<html>", "受け付けられるのは"),
        (b"PK\x03\x04 broken", "受け付けられるのは"),
        (office("readme.txt"), "受け付けられるのは"),
        (office("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "マクロ"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "パスワード付き"),
        (b"%PDF-" + b"0" * 10 * 1024 * 1024, "10MBまで"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(content, what_to_do):
    with pytest.raises(WrongFile, match=what_to_do):
        kind_of(content)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("zip-bomb.xlsx", "中身が大きすぎる"),
        ("huge-cell.xlsx", "中身が大きすぎる"),
        ("lies-about-size.xlsx", "受け付けられるのは"),
        ("cut.xlsx", "受け付けられるのは"),
        ("other-zip.xlsx", "受け付けられるのは"),
        ("entries.xlsx", "安全に読めない"),
        ("climbs.xlsx", "安全に読めない"),
        ("encrypted-zip.xlsx", "パスワード付き"),
        ("xxe.xlsx", "安全に読めない"),
        ("laughs.xlsx", "安全に読めない"),
        ("macro.xlsx", "マクロ"),
        ("macro-type.xlsx", "マクロ"),
        ("program.exe", "受け付けられるのは"),
    ],
)
def test_what_could_harm_is_refused_within_two_seconds(name, why):
    content, begun = hostile.files()[name], time.process_time()
    with pytest.raises(WrongFile, match=why):
        kind_of(content)
    assert time.process_time() - begun < 2


@given(st.text(max_size=300))
def test_a_file_name_never_leaves_its_folder_or_changes_its_kind(typed):
    name = safe_name(typed, PDF)
    assert name.endswith(".pdf")
    assert not set(name) & set('<>:"/\\|?*\r\n\0')
    assert len(name) <= 130


def test_a_name_keeps_what_people_called_the_file():
    assert safe_name("C:\\資料\\募集 チラシ.PDF", PDF) == "募集 チラシ.pdf"
    assert safe_name("写真.jpeg", JPEG) == "写真.jpg"
    assert safe_name("v1.2", PDF) == "v1.2.pdf"
    assert safe_name("../..", PDF) == "file.pdf"
