"""What does a telephone read off paper? QR codes of a page's address, or of a whole proof, drawn here."""

import segno
from markupsafe import Markup


def qr_of(address: str) -> Markup:
    """The QR code of an address, as SVG without styles."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=4, svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 drawn by us, of our own address


def qr_of_text(text: str) -> Markup | None:
    """The QR code of a text as it stands, in small squares; None if it is too long for any."""
    try:
        drawn = segno.make(text, error="l", micro=False, encoding="utf-8")
    except segno.DataOverflowError:
        return None
    return Markup(drawn.svg_inline(scale=3, border=4, svgclass="qr", lineclass=None))  # noqa: S704 drawn by us
