"""Files that somebody might upload to harm the program, each built by hand. OWASP ASVS 5.2."""

from __future__ import annotations

import csv
from functools import cache
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'

TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE.format("sheet.main")}"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_TYPE.format("worksheet")}"/></Types>'
)
ROOT = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK = (
    f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets>'
    "</workbook>"
)
BOOK_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)


def sheet(rows: str, prologue: str = "") -> str:
    """A sheet's XML round the rows."""
    return f'{HEAD}{prologue}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def text_cell(address: str, text: str) -> str:
    """A cell with its text beside it."""
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(rows: str = f'<row r="1">{text_cell("A1", "無害")}</row>', prologue: str = "", **more: str) -> bytes:
    """A workbook by hand; `more`: other parts, by name."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": BOOK_RELATIONS,
        "xl/worksheets/sheet1.xml": sheet(rows, prologue),
        **more,
    }
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(ZipInfo(name), text, ZIP_DEFLATED)
    return file.getvalue()


def _entity(declarations: str, used: str) -> bytes:
    return workbook(f'<row r="1">{text_cell("A1", used)}</row>', f"<!DOCTYPE worksheet [{declarations}]>")


def _laughs() -> bytes:
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return _entity(f'<!ENTITY l0 "lol">{steps}', "&l9;")


def _encrypted_zip() -> bytes:
    """The directory and each entry say that a password is needed."""
    content = bytearray(workbook())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def _short_size() -> bytes:
    """The directory promises ten bytes of a sheet that has fifty million."""
    content = workbook(f'<row r="1">{text_cell("A1", "a" * 50_000_000)}</row>')
    at = content.rfind(b"xl/worksheets/sheet1.xml") - 46
    return content[: at + 24] + (10).to_bytes(4, "little") + content[at + 28 :]


def _long_csv() -> bytes:
    text = StringIO()
    csv.writer(text).writerows([["a", "b"]] * 300_000)
    return text.getvalue().encode()


@cache
def files() -> dict[str, bytes]:
    """The hostile files by name; the name is what the browser says."""
    million = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 100_000))
    return {
        "zip-bomb.xlsx": workbook(**{"xl/media/image1.png": "0" * 60_000_000}),
        "huge-cell.xlsx": workbook(f'<row r="1">{text_cell("A1", "a" * 40_000_000)}</row>'),
        "sparse.xlsx": workbook(
            f'<row r="1">{text_cell("A1", "a")}</row><row r="1048576">{text_cell("XFD1048576", "z")}</row>'
        ),
        "many-rows.xlsx": workbook(million),
        "far-column.xlsx": workbook(f'<row r="1">{text_cell("XFD1", "a")}</row>'),
        "xxe.xlsx": _entity('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;"),
        "laughs.xlsx": _laughs(),
        "quadratic.xlsx": _entity(f'<!ENTITY q "{"a" * 100_000}">', "&q;" * 20_000),
        "macro.xlsx": workbook(**{"xl/vbaProject.bin": "macro"}),
        "macro.xlsm": workbook(),
        "macro-type.xlsx": workbook(
            **{
                "[Content_Types].xml": TYPES.replace(
                    SHEET_TYPE.format("sheet.main"), "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
                )
            }
        ),
        "encrypted.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
        "encrypted-zip.xlsx": _encrypted_zip(),
        "climbs.xlsx": workbook(**{"xl/../../../etc/passwd": "root"}),
        "entries.xlsx": workbook(**{f"xl/media/{n}": "" for n in range(20_000)}),
        "lies-about-size.xlsx": _short_size(),
        "formula.xlsx": workbook('<row r="1"><c r="A1"><f>WEBSERVICE("http://169.254.169.254/")</f><v>1</v></c></row>'),
        "deep.xlsx": workbook("<row>" * 400_000 + "</row>" * 400_000),
        "many-styles.xlsx": workbook(
            **{"xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{"<xf/>" * 100_000}</styleSheet>'}
        ),
        "one-part-many-sheets.xlsx": workbook(
            "".join(f'<row r="{n}">{"<c><v>1</v></c>" * 100}</row>' for n in range(1, 290)),
            **{
                "xl/workbook.xml": BOOK.replace(
                    "</sheets>",
                    "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r1"/>' for n in range(2, 40)) + "</sheets>",
                )
            },
        ),
        "one-part-many-relations.xlsx": workbook(
            "".join(f'<row r="{n}">{"<c><v>1</v></c>" * 100}</row>' for n in range(1, 290)),
            **{
                "xl/workbook.xml": BOOK.replace("</sheets>", '<sheet name="t" sheetId="2" r:id="r2"/></sheets>'),
                "xl/_rels/workbook.xml.rels": BOOK_RELATIONS.replace(
                    "</Relationships>",
                    f'<Relationship Id="r2" Type="{RELATIONS}/worksheet" Target="./worksheets/sheet1.xml/."/>'
                    "</Relationships>",
                ),
            },
        ),
        "cut.xlsx": workbook()[:-200],
        "a-picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"\0" * 1000,
        "a-document.xlsx": workbook(**{"xl/workbook.xml": "<w:document/>"}),
        "other-zip.xlsx": _zip_of_text(),
        "empty.xlsx": b"",
        "large.csv": b"a" * (6 << 20),
        "long.csv": _long_csv(),
        "wide.csv": b"," * 5_000,
        "one-field.csv": b'"' + b"a" * 200_000,
        "utf16.csv": "氏名,フリガナ".encode("utf-16"),
        "binary.csv": bytes(range(1, 256)) * 10,
        "program.exe": b"MZ\x90\0",
    }


def _zip_of_text() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "hello")
    return file.getvalue()
