"""How does a picture become one that shows and says no more than its pixels? Decoded, turned upright, written anew.

Called in the process that makes files over, where a picture made to harm can harm nothing else.
"""

import io
from typing import Any, Final, NamedTuple

import pi_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from services.files.kinds import HEIC, JPEG, PNG, WEBP

MOST_PIXELS: Final = 50_000_000
LONGEST_EDGE: Final = 4_000  # pixels: what a phone takes is made no larger than what an eye can use
PREVIEW_EDGE: Final = 480
_QUALITY, _PREVIEW_QUALITY = 86, 72
_GPS: Final = 0x8825  # the tag of EXIF below which the position stands
_OF_POSITION: Final = frozenset(range(1, 7))  # latitude, longitude and height with their signs; nothing else of GPS
_DECODERS: Final = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), WEBP: ("WEBP",), HEIC: ("HEIF",)}


class Refused(Exception):
    """Why this content is not taken: a code of problems.py."""


class Picture(NamedTuple):
    """A picture made over."""

    media_type: str
    content: bytes
    preview: bytes
    width: int
    height: int


def made_over(raw: bytes, kind: str, *, keep_position: bool) -> Picture:
    """The picture without metadata, but for its position where that is asked for. Raises Refused."""
    Image.MAX_IMAGE_PIXELS = None  # bounded below, from the header, before a pixel is decoded
    pi_heif.register_heif_opener()
    try:
        image = _decoded(raw, kind)
        position = _position(image) if keep_position else None
        upright = _plain(ImageOps.exif_transpose(image), transparent=kind == PNG)
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, UnidentifiedImageError, LookupError):
        raise Refused("file-damaged") from None
    return _written(upright, PNG if kind == PNG else JPEG, position)


def _decoded(raw: bytes, kind: str) -> Image.Image:
    image = Image.open(io.BytesIO(raw), formats=_DECODERS[kind])
    if image.width * image.height > MOST_PIXELS:
        raise Refused("picture-too-large")
    if getattr(image, "n_frames", 1) > 1 and image.format not in ("MPO", "HEIF"):
        raise Refused("picture-moves")
    image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a large JPEG is decoded at half its size straight away
    image.load()
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    return image


def _plain(image: Image.Image, *, transparent: bool) -> Image.Image:
    """In sRGB, and with nothing attached."""
    image = _in_srgb(image)
    has_alpha = image.has_transparency_data
    if has_alpha and not transparent:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    plain = image.convert("RGBA" if has_alpha and transparent else "RGB")
    plain.info = {}
    return plain


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that means nothing is dropped like the rest
    return converted or image


def _position(image: Image.Image) -> dict[int, Any] | None:
    found = {tag: value for tag, value in image.getexif().get_ifd(_GPS).items() if tag in _OF_POSITION}
    return found if {1, 2, 3, 4} <= found.keys() else None


def _written(image: Image.Image, media_type: str, position: dict[int, Any] | None) -> Picture:
    more: dict[str, Any] = {}
    if position is not None:
        exif = Image.Exif()
        exif[_GPS] = position
        more["exif"] = exif
    content = io.BytesIO()
    if media_type == PNG:
        image.save(content, "PNG", **more)
    else:
        image.save(content, "JPEG", quality=_QUALITY, progressive=True, **more)
    return Picture(media_type, content.getvalue(), _preview(image), image.width, image.height)


def _preview(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
    written = io.BytesIO()
    _plain(small, transparent=False).save(written, "JPEG", quality=_PREVIEW_QUALITY)
    return written.getvalue()
