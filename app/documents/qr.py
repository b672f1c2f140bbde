"""QR codes as SVG."""

from __future__ import annotations

import segno


def qr_svg(text: str, *, title: str = "QRコード") -> str:
    """An `<svg>` element to stand inside a page; `title` is what a screen reader says.

    It has no inline style, which the page's CSP forbids, and a white ground of its own to be readable on dark pages.
    Raises segno.DataOverflowError when the text is too long for any QR code (about 2,300 bytes).
    """
    code = segno.make_qr(text, error="m")
    svg = code.svg_inline(scale=4, border=4, light="#fff", title=title, svgclass="qr", lineclass=None)
    return svg.replace("<svg ", '<svg role="img" ', 1)
