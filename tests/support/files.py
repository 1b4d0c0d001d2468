"""Photos and papers made for tests, and the files of an installation in a folder of its own."""

import io
import zlib
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from services.files.kept import Files
from services.files.sealing import FileSeal
from services.files.store import Folder
from services.persistence.file_book import FileBook
from services.privacy.vault import Vault
from tests.support.vault import VAULT

WHERE: Final = "A180574213WHERE"
"""A canary: written into metadata of pictures and papers, which no file that is kept may hold."""
_HEIC: Final = (
    "eNpdUTtPAkEQnuUCuULxbdQYA40xVKAYLfFBogWNja3HchcmuYPNQQh2kNhYaWVibGykM7Zq4aPxX9gQKxstKSDnzN1piF9ubma++XZ2dxYA"
    "Fq36sSqbKIHgoJXh2EHDAhBPjlk3IECyXLLdMAaFsg7/kEW76jfZzUEEBEeiG3jCAnHM9P+YHNkmYsXyM67OUGIGMoByQ2ZgiBQsyTfRl8cV"
    "1h0IlTBA5Sry76hklXyD1u4IjalzX7T0Df1Brwcwph3RirmcGBGexwKNFRp/S4+RnEHF1LYQ/yrXiXb04vOj83Cvl9MJojT+QbJI8tiueK29"
    "nNImU7JquxVpN4kdhViLqGmsKXPoumwr0jZUGPPh06H3h+B53nc4jHGFTWRS03Wd3Bwq5/ctBIhoO6JFT3iw6JpWyMdlqSb94XPHolMy+JVm"
    "V8TdfOtr/+bZe3MnupfPnVs8u+LzxYJ5FgqQokyHiIgHe5Mti0m+ftiLsJXZTK9vZFcza4d7+YM8/AC9sGPe"
)
"""The photo of `photo()` as a phone of another make would take it, packed; nothing here can write such a one."""
_POSITION: Final = {1: "N", 2: (25.0, 3.0, 4.5), 3: "E", 4: (117.0, 1.0, 2.0), 29: "2026:01:01"}


def files_of(dsn: str, folder: Path, vault: Vault = VAULT) -> Files:
    """The files of this database, kept in this folder."""
    return Files(FileBook(dsn), Folder(folder), FileSeal(vault, b"f" * 32), b"d" * 32)


def photo(
    form: str = "JPEG", *, size: tuple[int, int] = (64, 48), colour: str = "#3a6ea5", turned: int = 1, **options: Any
) -> bytes:
    """A picture of one colour, taken somewhere: with EXIF, a comment and a position."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010E] = WHERE
    exif[0x8825] = _POSITION
    return written(Image.new("RGB", size, colour), form, exif=exif, **options)


def photo_heic() -> bytes:
    """A HEIC picture with EXIF."""
    return zlib.decompress(b64decode(_HEIC))


def written(image: Image.Image, form: str, **options: Any) -> bytes:
    """The picture as a file."""
    content = io.BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def paper(root: Mapping[str, Any] | None = None, *, image: bytes | None = None, text: str = "", **more: Any) -> bytes:
    """A PDF of one page, written by somebody. `root`: what its catalogue says beside; `image`, `text`: on the page."""
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(written(Image.new("RGB", (64, 48), "white"), "PDF"))))
    writer.add_metadata({"/Author": WHERE})
    for drawn in writer.pages[0]["/Resources"]["/XObject"].values() if image else ():  # type: ignore[index]
        drawn.get_object()._data = image
    if text:
        shown = DecodedStreamObject()
        shown.set_data(f"BT ({text}) Tj ET".encode())
        writer.pages[0][NameObject("/Contents")] = writer._add_object(shown)
    for name, value in (root or {}).items():
        writer.root_object[name] = value
    for act, arguments in more.items():
        getattr(writer, act)(*arguments)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()
