"""How is a number drawn? Small SVG without styles or scripts: bars, parts of a whole, lines, shades. Pure.

Each drawing stands beside its figures: bars are hidden from screen readers because the number is in the same row, a
line chart names what it shows and has its table behind it. Tones are classes; lines differ by dash and mark too.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

TONES: Final = ("a", "b", "c", "d", "e")
SHADES: Final = 5
_WIDTH, _HEIGHT = 360.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 8.0, 10.0, 22.0


class Line(NamedTuple):
    """One line of a chart: what it is called, and its value at each place; None: there is none, so the line breaks."""

    called: str
    values: Sequence[float | None]


def bar(value: float, most: float, tone: str = "a") -> Markup:
    """A bar as long as this share of the longest one."""
    return stacked([(value, tone)], most)


def stacked(parts: Sequence[tuple[float, str]], most: float) -> Markup:
    """Bars in a row, each (value, tone), as parts of `most`."""
    drawn, start = [], 0.0
    for value, tone in parts:
        width = 100 * value / most if most > 0 else 0.0
        drawn.append(_RECT.format(round(start, 2), round(width, 2), tone))
        start += width
    return _BAR.format(Markup().join(drawn))


def line_chart(label: str, places: Sequence[str], lines: Sequence[Line], *, percent: bool = False) -> Markup:
    """Lines over the same places, from 0 up; `label`: what a screen reader says of it."""
    values = [value for line in lines for value in line.values if value is not None]
    top = 1.0 if percent else _round_top(max(values, default=0.0))
    grid = Markup().join(_grid(top * part, top, percent=percent) for part in (0, 0.5, 1))
    named = Markup().join(_PLACE.format(_x(nth, len(places)), _HEIGHT - 6, place) for nth, place in enumerate(places))
    drawn = Markup().join(_line(line, TONES[nth], top) for nth, line in enumerate(lines))
    return _CHART.format(_WIDTH, _HEIGHT, label, grid, named, drawn)


def key(nth: int) -> Markup:
    """The sample of a line for the legend."""
    tone = TONES[nth]
    return _KEY.format(tone, tone, _mark(11.0, 7.0, tone))


def shade(value: float, most: float) -> int:
    """How dark a cell of a matrix is: 0 for nothing, else 1 to SHADES."""
    return 0 if value <= 0 or most <= 0 else max(1, round(SHADES * value / most))


# -- drawn ------------------------------------------------------------------------------------------------------------

_BAR: Final = Markup(
    '<svg class="strip" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>'
)
_RECT: Final = Markup('<rect x="{}" y="0" width="{}" height="10" class="tone-{}"/>')
_CHART: Final = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>')
_GRID: Final = Markup(
    '<line x1="{}" y1="{}" x2="{}" y2="{}" class="grid-line"/><text x="{}" y="{}" class="at-end">{}</text>'
)
_PLACE: Final = Markup('<text x="{}" y="{}" class="in-middle">{}</text>')
_PATH: Final = Markup('<polyline points="{}" class="line line-{}"/>')
_KEY: Final = Markup(
    '<svg class="line-key" viewBox="0 0 22 14" aria-hidden="true" focusable="false">'
    '<polyline points="0,7 22,7" class="line line-{}"/><g class="mark-{}">{}</g></svg>'
)
_MARKS: Final = Markup('<g class="mark-{}">{}</g>')
_DOT: Final = Markup('<circle cx="{}" cy="{}" r="3"/>')
_SQUARE: Final = Markup('<rect x="{}" y="{}" width="6" height="6"/>')
_TRIANGLE: Final = Markup('<polygon points="{},{} {},{} {},{}"/>')


def _x(nth: int, places: int) -> float:
    inner = _WIDTH - _LEFT - _RIGHT
    return round(_LEFT + inner * ((nth + 0.5) / max(places, 1)), 1)


def _y(value: float, top: float) -> float:
    inner = _HEIGHT - _TOP - _BOTTOM
    return round(_TOP + inner * (1 - value / top), 1)


def _grid(value: float, top: float, *, percent: bool) -> Markup:
    at, said = _y(value, top), f"{value:.0%}" if percent else f"{value:g}"
    return _GRID.format(_LEFT, at, _WIDTH - _RIGHT, at, _LEFT - 4, at + 4, said)


def _line(line: Line, tone: str, top: float) -> Markup:
    placed = [
        None if value is None else (_x(nth, len(line.values)), _y(value, top)) for nth, value in enumerate(line.values)
    ]
    pieces: list[list[str]] = [[]]
    for point in placed:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{point[0]},{point[1]}")
    paths = Markup().join(_PATH.format(" ".join(piece), tone) for piece in pieces if len(piece) > 1)
    return paths + _MARKS.format(tone, Markup().join(_mark(*point, tone) for point in placed if point))


def _mark(x: float, y: float, tone: str) -> Markup:
    if tone == "b":
        return _SQUARE.format(x - 3, y - 3)
    if tone == "c":
        return _TRIANGLE.format(x - 4, y + 3, x + 4, y + 3, x, y - 4)
    return _DOT.format(x, y)


def _round_top(most: float) -> float:
    """The least of 2, 4, 10, 20, 40, 100, … that is not below."""
    top = 2.0
    for factor in (2.0, 2.5, 2.0) * 12:
        if top >= most:
            break
        top *= factor
    return top
