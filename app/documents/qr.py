"""QR codes, inside a page and as files."""

from __future__ import annotations

from io import BytesIO

import segno

MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


def qr_svg(text: str, *, title: str = "QRコード") -> str:
    """An `<svg>` element to stand inside a page; `title` is what a screen reader says.

    It has no inline style, which the page's CSP forbids, and a white ground of its own to be readable on dark pages.
    Raises segno.DataOverflowError when the text is too long for any QR code (about 2,300 bytes).
    """
    code = segno.make_qr(text, error="m")
    svg = code.svg_inline(scale=4, border=4, light="#fff", title=title, svgclass="qr", lineclass=None)
    return svg.replace("<svg ", '<svg role="img" ', 1)


def qr_file(text: str, kind: str) -> tuple[bytes, str]:
    """A picture of the kind `svg` or `png` with its margin, and its media type; on white, large enough to print."""
    drawn = BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind=kind, scale=12, border=4, light="#fff")
    return drawn.getvalue(), MEDIA_TYPES[kind]
