"""How does a paper become one that only shows its pages? Its pages go into a new PDF; what acts is refused.

Called in the process that makes files over. Only the pages and what they show are taken along: no document metadata,
outlines, forms, links or notes' authors, and no EXIF in the photographs that a scanner put on them.
"""

import io
from collections.abc import Iterator
from typing import Any, Final

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from services.files.pictures import Refused

MOST_PAGES: Final = 300
_ACTS: Final = frozenset(
    {
        "/JS",
        "/JavaScript",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/RichMedia",
        "/XFA",
        "/SubmitForm",
        "/ImportData",
    }
)
"""Names of what runs, opens something else or carries a file along: as a key, or as what an action or object is."""
_SAYS_WHAT: Final = ("/S", "/Type", "/Subtype")
_SHOWN_OF_A_NOTE: Final = frozenset({"/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F"})
_NOT_SHOWN: Final = ("/Metadata", "/PieceInfo", "/AA", "/A", "/LastModified", "/Thumb", "/OCGs", "/StructParents")
_MERELY_LEADS: Final = frozenset(
    {"/Link", "/Popup", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D", "/Widget"}
)


def made_over(raw: bytes) -> bytes:
    """The paper as its pages alone. Raises Refused."""
    try:
        reader = PdfReader(io.BytesIO(raw), strict=False)
        if reader.is_encrypted:
            raise Refused("paper-locked")
        if len(reader.pages) > MOST_PAGES:
            raise Refused("paper-too-long")
        found = list(_objects(reader))
        if any(map(_acts, found)):
            raise Refused("paper-acts")
        return _written(reader, found)
    except (PyPdfError, OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, ArithmeticError):
        raise Refused("file-damaged") from None


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached from the document, each once."""
    waiting: list[Any] = [reader.trailer]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        found = found.get_object() if hasattr(found, "get_object") else found
        if not isinstance(found, DictionaryObject | ArrayObject) or id(found) in seen:
            continue
        seen.add(id(found))
        if isinstance(found, DictionaryObject):
            yield found
            waiting += [found.raw_get(name) for name in found]
        else:
            waiting += list(found)


def _acts(found: DictionaryObject) -> bool:
    if not _ACTS.isdisjoint(found.keys()):
        return True
    return any(found.get(name) in _ACTS for name in _SAYS_WHAT)


def _written(reader: PdfReader, found: list[DictionaryObject]) -> bytes:
    for page in reader.pages:
        notes = [each.get_object() for each in page.get("/Annots", ())]
        kept = (_bare(note) for note in notes if "/AP" in note and note.get("/Subtype") not in _MERELY_LEADS)
        page[NameObject("/Annots")] = ArrayObject(kept)
    for each in found:
        _strip(each)
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    writer.metadata = None
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def _bare(note: DictionaryObject) -> DictionaryObject:
    return DictionaryObject({name: note.raw_get(name) for name in note if name in _SHOWN_OF_A_NOTE})


def _strip(found: DictionaryObject) -> None:
    for name in _NOT_SHOWN:
        if name in found:
            del found[name]
    if isinstance(found, StreamObject) and found.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        found._data = without_metadata(found._data)


def without_metadata(jpeg: bytes) -> bytes:
    """A JPEG without EXIF, XMP and comments, its pixels untouched; what is no JPEG stays as it is.

    Source: ITU-T T.81, B.1.1: marker, length of two bytes, segment; from SOS on come the pixels.
    """
    kept, at = [jpeg[:2]], 2
    while jpeg[at : at + 1] == b"\xff" and len(jpeg) >= at + 4:
        marker, end = jpeg[at + 1], at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == 0xDA:
            return b"".join([*kept, jpeg[at:]])
        if marker not in (0xE1, 0xED, 0xFE):
            kept.append(jpeg[at:end])
        at = end
    return jpeg
