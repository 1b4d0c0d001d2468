"""How does a telephone get from paper to a page? A QR code of the page's address, drawn here."""

import segno
from markupsafe import Markup


def qr_of(address: str) -> Markup:
    """The QR code of an address, as SVG without styles."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=4, svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 drawn by us, of our own address
