"""What is this content? Told by its first bytes alone, never by a name or by what somebody says that it is.

Called in the process that makes files over (making_process.py): imports nothing heavy.
"""

from collections.abc import Callable
from typing import Final

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
HEIC: Final = "image/heic"
PDF: Final = "application/pdf"

# The brands of a still picture coded as HEVC; sequences (hevc, msf1) and AVIF are not taken.
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})

_FORMS: Final[tuple[tuple[str, Callable[[bytes], bool]], ...]] = (
    (JPEG, lambda head: head.startswith(b"\xff\xd8\xff")),
    (PNG, lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    (WEBP, lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP"),
    (HEIC, lambda head: head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS),
    (PDF, lambda head: head.startswith(b"%PDF-")),
)


def kind_of(content: bytes) -> str | None:
    """The media type that the content is, of those that are taken; None for anything else."""
    head = content[:16]
    return next((kind for kind, fits in _FORMS if fits(head)), None)
