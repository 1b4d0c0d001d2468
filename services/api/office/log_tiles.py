"""What do monitors read of the log itself? Checkpoint, tiles and entries, as C2SP tlog-tiles has them.

Hashes, and of each event its stream, version, kind and time: nothing of what it holds, but of every village at once. So
auditors and administrators are let in, by log-in or by a token that reads; docs/decisions/0041-witnesses.md says why.
"""

import re
from functools import partial
from struct import pack
from typing import Final

import psycopg
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound, RoleNotAllowed
from domain.proof.checkpoints import read_checkpoint
from domain.proof.hashing import DIGEST_BYTES, SHA256
from domain.proof.tiles import WIDTH, tile_path
from domain.values import Role
from projections import tree_tables
from projections.cosignatures import cosignatures_of
from projections.log_reader import LogReader
from projections.tree import entry
from services.api.accounts.people import People
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts

_ENTRIES: Final = "entries"
_TILE: Final = re.compile(
    r"(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,4})([0-9]{3})(?:\.p/([0-9]{1,3}))?", re.ASCII
)
_FOR_GOOD: Final = {"Cache-Control": "private, max-age=31536000, immutable"}
_ROLES: Final = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


class LogTiles:
    """The handlers of /api/v1/log."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def checkpoint(self, request: Request) -> Response:
        """`GET /api/v1/log/checkpoint`."""
        await self._admitted(request)
        note = await self._threads.run(self._checkpoint)
        return Response(note, 200, media_type="text/plain; charset=utf-8")

    async def tile(self, request: Request) -> Response:
        """`GET /api/v1/log/tile/{tile}`: `<L>/<N>[.p/<W>]`, or entries/<N>[.p/<W>]."""
        await self._admitted(request)
        level, number, width = _read(request.path_params["tile"])
        content = await self._threads.run(partial(self._tile, level, number, width))
        return Response(content, 200, _FOR_GOOD, "application/octet-stream")

    async def _admitted(self, request: Request) -> None:
        account = await self._people.reader(request)
        query_of(request, Query)
        if account.role not in _ROLES:
            raise RoleNotAllowed

    # -- in a thread --------------------------------------------------------------------------------------------

    def _checkpoint(self) -> str:
        with self._parts.connect() as connection:
            note = tree_tables.latest_checkpoint(connection, SHA256)
            if note is None:
                raise NotFound
            return note + "".join(cosignatures_of(connection, read_checkpoint(note)[0].size))

    def _tile(self, level: str, number: int, width: int) -> bytes:
        with self._parts.connect() as connection:
            if level == _ENTRIES:
                return _entries(connection, number, width)
            hashes = tree_tables.tiles(connection, SHA256)(int(level), number)[: width * DIGEST_BYTES]
        if len(hashes) != width * DIGEST_BYTES:
            raise NotFound
        return hashes


def _entries(connection: psycopg.Connection, number: int, width: int) -> bytes:
    """A bundle: each entry after its length in two bytes."""
    sealed = LogReader(connection).read_sealed(number * WIDTH - 1, width)
    if len(sealed) != width:
        raise NotFound
    entries = [entry(SHA256, it) for it in sealed]
    return b"".join(pack(">H", len(each)) + each for each in entries)


def _read(path: str) -> tuple[str, int, int]:
    """Level, number and width; only what tlog-tiles would write itself. Raises NotFound."""
    found = _TILE.fullmatch(path)
    if found is None:
        raise NotFound
    level, above, last, partly = found.groups()
    number = int(above.replace("x", "").replace("/", "") + last)
    width = WIDTH if partly is None else int(partly)
    if not 0 < width <= WIDTH or tile_path(level, number, width) != f"tile/{path}":
        raise NotFound
    return level, number, width
