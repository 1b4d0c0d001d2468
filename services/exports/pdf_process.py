"""A process that makes PDFs of pages and can fetch nothing. Started by pdf.py; reads pages, answers documents.

A page comes as its length in eight bytes and its bytes; an answer is a letter (pdf.py), a length and its bytes. It logs
nothing, for pages hold households' words, and ends when nothing was asked for two minutes.
"""

import ctypes
import io
import logging
import os
import select
import sys
from typing import Any, Final

_RESTS_AFTER: Final = 120.0  # seconds
_NICE: Final = 5
_CHINESE: Final = b":lang=zh-cn"


def main() -> None:
    """Page after page."""
    logging.disable(logging.CRITICAL)
    os.nice(_NICE)
    sys.addaudithook(refuse_network)
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    weasyprint = _library()
    while select.select([asked], [], [], _RESTS_AFTER)[0] and (head := asked.read(8)):
        page = asked.read(int.from_bytes(head)).decode()
        kind, content = (b"A", b"") if weasyprint is None else _made(weasyprint, page)
        answers.write(kind + len(content).to_bytes(8) + content)
        answers.flush()


def _made(weasyprint: Any, page: str) -> tuple[bytes, bytes]:
    document = io.BytesIO()
    try:
        nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
        weasyprint.HTML(string=page, url_fetcher=nothing).write_pdf(document)
    except Exception:  # whatever it was: its words may quote the page
        return b"F", b""
    return b"P", document.getvalue()


def refuse_network(event: str, _: tuple[Any, ...]) -> None:
    """An audit hook, which nobody can take out again. Raises PermissionError."""
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system"):
        raise PermissionError(event)


def _library() -> Any:
    """WeasyPrint, or None where it cannot work: without Pango, or without a font that has Chinese."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return None
    return weasyprint if _has_chinese_font() else None


def _has_chinese_font() -> bool:
    try:
        fonts = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return True  # another system: whatever it has
    for name in ("FcInitLoadConfigAndFonts", "FcNameParse", "FcObjectSetCreate", "FcFontList"):
        getattr(fonts, name).restype = ctypes.c_void_p
    fonts.FcFontList.argtypes = [ctypes.c_void_p] * 3
    pattern, wanted = fonts.FcNameParse(_CHINESE), fonts.FcObjectSetCreate()
    found = fonts.FcFontList(fonts.FcInitLoadConfigAndFonts(), pattern, wanted)
    return bool(found) and ctypes.c_int.from_address(found).value > 0


if __name__ == "__main__":
    main()
