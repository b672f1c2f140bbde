"""Style sheets: colours have one home, every pair of them can be read, every class that is used exists."""

from __future__ import annotations

import re

import pytest

from tests.design.conftest import APP

CSS = APP / "design/static/css"
SHEETS = sorted(CSS.glob("*.css"))
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(")
CLASS = re.compile(r"\bts-[a-z]+(?:-[a-z]+)*(?:__[a-z]+(?:-[a-z]+)*)?(?:--[a-z]+(?:-[a-z]+)*)?(?![\w-])(?!-?\{)")

GROUNDS = ["page", "raised", "sunken"]
INKS = ["ink", "ink-soft", "ink-faint", "link", "link-hover", "link-visited"]
KINDS = ["good", "care", "bad", "info", "wait", "calm"]
TEXT = [
    *((ink, ground) for ground in GROUNDS for ink in INKS),
    *((f"{kind}-ink", ground) for kind in KINDS for ground in (*GROUNDS, f"{kind}-tint")),
    *((ink, f"{kind}-tint") for kind in KINDS[:4] for ink in ("ink", "link", "link-visited")),
    *(("on-key", ground) for ground in ("key", "key-hover", "key-active")),
    *(("key", ground) for ground in (*GROUNDS, "tint", "tint-hover")),
    *((ink, "tint") for ink in ("on-tint", "ink", "ink-soft", "link")),
    *((f"on-{ground}", ground) for ground in ("deep", "done", "danger")),
    ("on-deep-soft", "deep"),
    ("on-danger", "danger-hover"),
    ("link", "tint-hover"),
    ("wordmark", "page"),
]
SHAPES = [
    *(("line-control", ground) for ground in GROUNDS),
    *((f"{kind}-line", "raised") for kind in ("good", "care", "bad", "wait")),
    ("focus", "page"),
    ("focus", "sunken"),
    ("mark", "on-mark"),
]


def tokens(dark):
    """Every custom property of a colour, resolved to #rrggbb, in one of the two schemes."""
    vendor = next(CSS.glob("vendor/digital-go-jp-design-tokens-*/tokens.css")).read_text(encoding="utf-8")
    light, night = (
        (CSS / "tokens.css").read_text(encoding="utf-8").split("@media screen and (prefers-color-scheme: dark)")
    )
    declared = {}
    for sheet in (vendor, light, night)[: 3 if dark else 2]:
        declared |= dict(re.findall(r"(--[\w-]+):\s*([^;]+);", sheet))
    for name in declared:
        while match := re.fullmatch(r"var\((--[\w-]+)\)", declared[name]):
            declared[name] = declared[match[1]]
    return declared


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(c * weight for c, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one, other):
    """WCAG 2.2, contrast ratio: 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_low(pairs, least, *, dark):
    known = tokens(dark)
    ratios = {pair: contrast(*(known[f"--ts-{name}"] for name in pair)) for pair in pairs}
    return {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least}


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(dark):
    assert too_low(TEXT, 4.5, dark=dark) == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_shapes_that_mean_something_stand_out(dark):
    assert too_low(SHAPES, 3.0, dark=dark) == {}


def test_a_pair_that_cannot_be_read_is_found():
    assert ("line", "page") in too_low([("line", "page")], 4.5, dark=False)


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s.name != "tokens.css"], ids=lambda sheet: sheet.name)
def test_colours_are_named_in_the_tokens_only(sheet):
    assert COLOUR.findall(sheet.read_text(encoding="utf-8")) == []


def test_every_token_that_is_used_is_declared():
    sheets = "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
    local = set(re.findall(r"(--[\w-]+):", sheets))
    assert set(re.findall(r"var\((--[\w-]+)", sheets)) - set(tokens(dark=True)) - local == set()


def test_nothing_is_fetched_from_elsewhere():
    for sheet in CSS.rglob("*.css"):
        assert not re.search(r"url\(|@import|https?:", sheet.read_text(encoding="utf-8")), sheet


def test_every_class_that_a_template_uses_has_a_rule():
    sheets = "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
    missing = {
        (path.name, name)
        for path in APP.rglob("templates/**/*.html")
        for name in CLASS.findall(re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
        if f".{name}" not in sheets
    }
    assert missing == set()


def test_the_licence_of_the_vendored_tokens_is_kept():
    (folder,) = CSS.glob("vendor/digital-go-jp-design-tokens-*")
    assert "MIT License" in (folder / "LICENSE").read_text(encoding="utf-8")
