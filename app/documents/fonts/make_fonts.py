"""Make the fallback fonts and the coverage bitmap in this folder. README.md says from what and how to run it."""

from __future__ import annotations

import argparse
import unicodedata
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
# Tables for vertical setting and for hinting on screens; paper needs neither.
UNUSED_TABLES = ["BASE", "DSIG", "FFTM", "STAT", "VORG", "vhea", "vmtx"]


def main() -> None:
    """Subset each source to what the fonts before it in the chain lack, then write coverage.bin."""
    args = arguments()
    for weight, name in (("Regular", "400Regular"), ("Bold", "700Bold")):
        biz = args.biz / name / f"BIZUDPGothic_{name}.ttf"
        (HERE / f"BIZUDPGothic-{weight}.ttf").write_bytes(biz.read_bytes())
    have = points(HERE / "BIZUDPGothic-Regular.ttf")
    for weight, name in (("Bold", "700Bold"), ("Regular", "400Regular")):
        source = args.noto_jp / name / f"NotoSansJP_{name}.ttf"
        make(source, points(source) - have, "Tsudoi Gothic JP", weight, ".ttf")
    have |= points(HERE / "TsudoiGothicJP-Regular.ttf")
    make(args.noto_cjk, points(args.noto_cjk) - have, "Tsudoi Gothic CJK", "Regular", ".otf")
    have |= points(HERE / "TsudoiGothicCJK-Regular.otf")
    wanted = {point for point in points(args.name_kanji) if point >= 0x3400 and printable(point)}
    for letter in "AB":
        source = args.hanazono / f"HanaMin{letter}.ttf"
        make(source, (points(source) & wanted) - have, f"Tsudoi Mincho {letter}", "Regular", ".ttf")
        have |= points(HERE / f"TsudoiMincho{letter}-Regular.ttf")
    write_coverage(have)


def arguments() -> argparse.Namespace:
    """Where the sources lie."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--biz", type=Path, required=True, help="@expo-google-fonts/biz-udpgothic, its folder")
    parser.add_argument("--noto-jp", type=Path, required=True, help="@expo-google-fonts/noto-sans-jp, its folder")
    parser.add_argument("--noto-cjk", type=Path, required=True, help="NotoSansCJK-Regular.ttc")
    parser.add_argument("--hanazono", type=Path, required=True, help="folder of HanaMinA.ttf and HanaMinB.ttf")
    parser.add_argument("--name-kanji", type=Path, required=True, help="ipamjm.ttf: read for its character list only")
    return parser.parse_args()


def points(font: Path) -> set[int]:
    """The code points that a font maps to a glyph."""
    return set(TTFont(font, lazy=True, fontNumber=0).getBestCmap())


def printable(point: int) -> bool:
    """False for controls, private use, surrogates and points that Unicode has not given a meaning."""
    return unicodedata.category(chr(point))[0] != "C"


def is_mark(point: int) -> bool:
    """True for combining characters."""
    return unicodedata.category(chr(point))[0] == "M"


def make(source: Path, wanted: set[int], family: str, weight: str, suffix: str) -> None:
    """Write the subset under its own family name, as the Open Font License asks of a changed font."""
    options = subset.Options()
    options.font_number = 0
    options.hinting = False
    options.layout_features = []
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += UNUSED_TABLES
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    # Marks are left to the first font: a mark and its letter must come from one font to be joined.
    subsetter.populate(unicodes={point for point in wanted if printable(point) and not is_mark(point)})
    subsetter.subset(font)
    rename(font, family, weight)
    target = HERE / f"{family.replace(' ', '')}-{weight}{suffix}"
    subset.save_font(font, target, options)
    print(f"{target.name}: {len(points(target))} characters, {target.stat().st_size / 1e6:.1f} MB")  # noqa: T201


def rename(font: TTFont, family: str, weight: str) -> None:
    """Give the font a family name of ours; copyright, licence and version records stay."""
    post_script = f"{family.replace(' ', '')}-{weight}"
    names = {1: family, 2: weight, 3: post_script, 4: f"{family} {weight}", 6: post_script}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in {0, 5, 7, 13, 14}]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [post_script]
        cff.topDictIndex[0].FullName = names[4]
        cff.topDictIndex[0].FamilyName = family


def write_coverage(have: set[int]) -> None:
    """One bit a code point, as app/documents/glyphs.py reads it."""
    covered = {point for point in have if printable(point)}
    bitmap = bytearray(max(covered) // 8 + 1)
    for point in covered:
        bitmap[point >> 3] |= 1 << (point & 7)
    (HERE / "coverage.bin").write_bytes(bitmap)
    print(f"coverage.bin: {len(covered)} characters, {len(bitmap)} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
