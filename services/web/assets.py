"""Which files do pages need, and where are they? Own ones and those that set-up fetched, by the hash of what they hold.

Read and compressed once, when the application is made; kept by browsers for a year: their address changes with them.
"""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from services.api.door.problems import NoSuchPath

_HERE: Final = Path(__file__).parent
_FOLDERS: Final = ("static", "vendor")
_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
_FOR_A_YEAR: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Asset:
    plain: bytes
    packed: bytes
    media_type: str


class Assets:
    """The files of services/web/static and of services/web/vendor."""

    def __init__(self, folder: Path = _HERE) -> None:
        self._by_name: dict[str, str] = {}
        self._served: dict[str, _Asset] = {}
        for name, path in _files(folder):
            content = path.read_bytes()
            mark = hashlib.sha256(content).hexdigest()[:12]
            stem, _, suffix = name.rpartition(".")
            self._by_name[name] = f"/assets/{stem}.{mark}.{suffix}"
            packed = gzip.compress(content, 9, mtime=0)
            self._served[f"{stem}.{mark}.{suffix}"] = _Asset(content, packed, _TYPES[path.suffix])

    def address_of(self, name: str) -> str | None:
        """Where a file is served, or None if set-up could not fetch it: pages work without scripts."""
        return self._by_name.get(name)

    async def serve(self, request: Request) -> Response:
        """`GET /assets/{name}`."""
        found = self._served.get(request.path_params["name"])
        if found is None:
            raise NoSuchPath
        headers = {"Cache-Control": _FOR_A_YEAR, "Vary": "Accept-Encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(found.plain, 200, headers, found.media_type)
        return Response(found.packed, 200, {**headers, "Content-Encoding": "gzip"}, found.media_type)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for part in _FOLDERS:
        for path in sorted((folder / part).glob("*")):
            if path.suffix in _TYPES:
                yield path.name, path
