"""What do the monthly bulletins 月通报 of one's townships say? Those issued; drafts to those who work on them.

Commands are like any other (writing.py): they name the township, `place`, and the month's first day. Lines are told as
the form tells them, so that a rate of few ratings stays untold here too.
"""

from functools import partial
from itertools import groupby
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import RoleNotAllowed
from domain.ledger_views import LEDGER_READERS
from domain.permissions import roles_for
from domain.values import VillageCode
from projections import bulletins
from projections.bulletins import BulletinLine, ItemLine
from services.api.accounts.people import People
from services.api.door.answers import answer, members_of
from services.api.door.queries import CalendarPeriod, Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.exports.bulletin_form import BULLETIN_COLUMNS
from services.identity.accounts import Account
from services.persistence.scope import Scope

_WORK_ON_IT: Final = roles_for("NameInBulletin")
_OF_ALL: Final = (
    "bulletin_id", "version", "township", "township_name", "period", "plan", "basis", "issue_by", "issued_at",
    "issued_by", "late", "overdue", "corrections", "head_position",
)  # fmt: skip
"""What every line of a bulletin says alike."""


class BulletinsQuery(Query):
    """`GET /api/v1/bulletins`. `period`: how the month begins: a year or a month."""

    township: VillageCode | None = None
    period: CalendarPeriod | None = None


class BulletinReads:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def bulletins(self, request: Request) -> Response:
        """`GET /api/v1/bulletins`."""
        account = await self._people.case_reader(request)
        query = query_of(request, BulletinsQuery)
        if account.role not in LEDGER_READERS["bulletins"]:
            raise RoleNotAllowed
        return await self._threads.run(partial(self._listed, account, query))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _listed(self, account: Account, query: BulletinsQuery) -> Response:
        drafts = account.role in _WORK_ON_IT
        with self._parts.reading(Scope.of(account)) as connection:
            lines = bulletins.bulletins_of(connection, **query.model_dump(), drafts=drafts)
            items = bulletins.items(connection, {line.bulletin_id for line in lines}, drafts=drafts)
        found = groupby(lines, key=lambda line: line.bulletin_id)
        return answer({"items": [_document(list(of), items) for _, of in found]})


def _document(lines: list[BulletinLine], items: list[ItemLine]) -> dict[str, Any]:
    named = (members_of(it) for it in items if it.bulletin_id == lines[0].bulletin_id)
    return {
        **{name: getattr(lines[0], name) for name in _OF_ALL},
        "columns": list(BULLETIN_COLUMNS),
        "rows": [[cell(line) for cell in BULLETIN_COLUMNS.values()] for line in lines],
        "named": [{name: value for name, value in it.items() if name != "bulletin_id"} for it in named],
    }


_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_NUMBER: Final = {"type": "integer"}
_FLAG: Final = {"type": "boolean"}
_ROW: Final = {"type": "array", "items": _TEXT}
_NAMED: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "item": {**_NUMBER, "description": "what take-off-bulletin and correct-bulletin name"}, "issue": _TEXT,
        "unit": _TEXT, "handling": _TEXT, "post": _TEXT_OR_NONE, "proposed": _FLAG, "cause": _TEXT_OR_NONE,
        "struck": _FLAG,
    },
}  # fmt: skip
_BULLETIN: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "bulletin_id": {"type": "string", "format": "uuid"},
        "version": {**_NUMBER, "description": "for the next If-Match"},
        "township": _TEXT, "township_name": _TEXT_OR_NONE, "period": _TEXT, "plan": _TEXT, "basis": _TEXT,
        "issue_by": _TEXT, "issued_at": _TEXT_OR_NONE, "issued_by": _TEXT_OR_NONE, "late": _FLAG, "overdue": _FLAG,
        "corrections": _NUMBER,
        "head_position": {**_NUMBER, "description": "of the log, at which the figures can be drawn up again"},
        "columns": _ROW, "rows": {"type": "array", "items": _ROW}, "named": {"type": "array", "items": _NAMED},
    },
}  # fmt: skip
BULLETIN_SCHEMAS: Final[dict[str, Any]] = {
    "BulletinList": {"type": "object", "properties": {"items": {"type": "array", "items": _BULLETIN}}},
}
