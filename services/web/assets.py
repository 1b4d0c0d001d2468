"""Which files do pages need, and where are they? Own ones and those that set-up fetched, by the hash of what they hold.

Read and compressed once, when the application is made; kept by browsers for a year: their address changes with them.
A script that imports another (`from "./other.js"`) finds it by its hash as well.
"""

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from services.api.door.problems import NoSuchPath
from services.web.icons import icon_png, icon_svg

_HERE: Final = Path(__file__).parent
_FOLDERS: Final = ("static", "vendor")
_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
_IMPORTED: Final = re.compile(rb'(?<=from ")\./([\w-]+\.js)(?=")')
_WORKER: Final = "sw.js"
_FOR_A_YEAR: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Asset:
    plain: bytes
    packed: bytes
    media_type: str


class Assets:
    """The files of services/web/static and of services/web/vendor, and what is drawn (icons.py)."""

    def __init__(self, folder: Path = _HERE) -> None:
        self._by_name: dict[str, str] = {}
        self._served: dict[str, _Asset] = {}
        self._files: Mapping[str, bytes] = {**_drawn(), **{name: path.read_bytes() for name, path in _files(folder)}}
        for name in self._files:
            self._add(name)

    @property
    def needed(self) -> list[str]:
        """The addresses of what a page may need where there is no line."""
        kinds = (".css", ".js", ".svg")
        return sorted(at for name, at in self._by_name.items() if name.endswith(kinds) and name != _WORKER)

    @property
    def version(self) -> str:
        """Another one as soon as anything needed is."""
        return hashlib.sha256("".join(self.needed).encode()).hexdigest()[:12]

    def plain(self, name: str) -> bytes:
        """A file's content."""
        return self._files[name]

    def _add(self, name: str) -> str | None:
        """Where it is from now on. None, and not offered, if it imports what set-up could not fetch."""
        if name in self._by_name or name not in self._files:
            return self._by_name.get(name)
        content = self._files[name]
        at = {imported: self._add(imported.decode()) for imported in _IMPORTED.findall(content)}
        if None in at.values():
            return None
        content = _IMPORTED.sub(lambda found: (at[found[1]] or "").encode(), content)
        stem, _, suffix = name.rpartition(".")
        marked = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
        self._by_name[name] = f"/assets/{marked}"
        self._served[marked] = _Asset(content, gzip.compress(content, 9, mtime=0), _TYPES[f".{suffix}"])
        return self._by_name[name]

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


def _drawn() -> dict[str, bytes]:
    return {"icon.svg": icon_svg(), **{f"icon-{size}.png": icon_png(size) for size in (192, 512)}}


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for part in _FOLDERS:
        for path in sorted((folder / part).glob("*")):
            if path.suffix in _TYPES:
                yield path.name, path
