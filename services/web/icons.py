"""How does Huiyin look among a phone's programs? The character 回, two squares, as SVG and as PNG of any size."""

import struct
import zlib
from functools import cache
from typing import Final

_BRAND: Final = (0xA3, 0x22, 0x1A)
_PAPER: Final = (0xFF, 0xFF, 0xFF)
_EDGES: Final = (0.22, 0.30, 0.40)
"""Where a stroke begins and ends, from the edge inwards: the outer square's, then the inner one's, which is filled.

All within the middle four fifths, so that a system may cut the icon round.
"""


def icon_svg() -> bytes:
    """The icon for browsers."""
    outer, within, inner = (round(100 * edge) for edge in _EDGES)
    stroke = within - outer
    side, core = 100 - 2 * outer - stroke, 100 - 2 * inner
    start = outer + stroke / 2
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><path fill="#a3221a" d="M0 0h100v100H0z"/>'
        f'<path fill="none" stroke="#fff" stroke-width="{stroke}" d="M{start:g} {start:g}h{side}v{side}h-{side}z"/>'
        f'<path fill="#fff" d="M{inner} {inner}h{core}v{core}h-{core}z"/></svg>'
    ).encode("ascii")


@cache
def icon_png(size: int) -> bytes:
    """The icon of `size` by `size` pixels."""
    rows = {distance: _row(size, distance) for distance in range((size + 1) // 2)}
    pixels = b"".join(rows[min(y, size - 1 - y)] for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 1, 3, 0, 0, 0)  # one bit a pixel: a place in the palette
    chunks = ((b"IHDR", header), (b"PLTE", bytes(_BRAND + _PAPER)), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _row(size: int, y: int) -> bytes:
    """The line whose distance from the nearer edge is `y`, after the byte that says: not filtered."""
    bits = "".join(str(int(_is_stroke(min(x, size - 1 - x, y) / size))) for x in range(size))
    padded = bits.ljust(-(-size // 8) * 8, "0")
    return b"\0" + int(padded, 2).to_bytes(len(padded) // 8, "big")


def _is_stroke(inwards: float) -> bool:
    outer, within, inner = _EDGES
    return outer <= inwards < within or inwards >= inner


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
