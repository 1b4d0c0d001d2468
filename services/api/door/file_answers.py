"""How does a photo or paper go out? To be saved under the name of what names it; no browser runs or keeps it.

Called by the office's and the household's doors.
"""

from typing import Final

from starlette.responses import Response

from services.files.kept import PREVIEW
from services.persistence.file_book import FileRow

_ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
_STRICT: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "private, no-store",
}
"""Whatever a browser makes of it: nothing runs, nothing is kept."""


def file_answer(content: bytes, row: FileRow, by: str, part: str) -> Response:
    """A file as it goes out: to be saved under the name of what names it, and run by nothing."""
    media_type = "image/jpeg" if part == PREVIEW else row.media_type
    name = f"{by}-{row.digest[:8]}.{_ENDINGS[media_type]}"
    return Response(content, 200, {**_STRICT, "Content-Disposition": f'attachment; filename="{name}"'}, media_type)
