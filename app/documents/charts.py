"""Charts as SVG, with presentation attributes only: no style that a Content-Security-Policy could forbid."""

from __future__ import annotations

from markupsafe import Markup

from app.documents.article import Chart

# Narrow, so that letters stay readable on a phone of 360 px.
WIDTH = 340
_ROW, _TEXT, _BAR = 50, 14, 18
# Between label and bar, and below a bar.
_GAP = 7
_LEAST = 2

_OPEN = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    ' class="rp-chart" role="img" aria-label="{spoken}">'
)
_LINE = Markup(
    '<text x="0" y="{text_y}" font-family="BIZ UDPGothic, sans-serif" font-size="{size}" fill="currentColor">'
    "{label}</text>"
    '<text x="{right}" y="{text_y}" font-family="BIZ UDPGothic, sans-serif" font-size="{size}" font-weight="bold"'
    ' text-anchor="end" fill="currentColor">{value}</text>'
    '<rect x="0" y="{bar_y}" width="{right}" height="{thick}" rx="2" class="rp-chart__track" fill-opacity="0.1"/>'
    '<rect x="0" y="{bar_y}" width="{length}" height="{thick}" rx="2" class="rp-chart__bar" fill-opacity="0.75"/>'
)


def bars_svg(chart: Chart) -> Markup:
    """The bars from top to bottom, the longest across the whole width; each has its value beside its label."""
    most = max((bar.value for bar in chart.bars), default=0)
    lines = (
        _LINE.format(
            text_y=place * _ROW + _TEXT,
            size=_TEXT,
            label=bar.label,
            right=WIDTH,
            value=f"{bar.value:,}{chart.unit}",
            bar_y=place * _ROW + _TEXT + _GAP,
            thick=_BAR,
            length=max(round(WIDTH * bar.value / most), _LEAST) if bar.value else 0,
        )
        for place, bar in enumerate(chart.bars)
    )
    opened = _OPEN.format(width=WIDTH, height=len(chart.bars) * _ROW, spoken=chart.spoken)
    return opened + Markup("").join(lines) + Markup("</svg>")
