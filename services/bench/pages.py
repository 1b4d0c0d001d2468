"""`huiyin bench pages`: every page and ledger of a county with a million issues: how long, how much, by which plans?

Each page is asked for by a handler, who sees a township, and by the county's office, which sees everything. How many
rows PostgreSQL read one after the other is asked of its own statistics: of a large table that must be none.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any, Final, NamedTuple

import httpx
import psycopg
from starlette.types import Receive, Scope, Send

from services.bench.county import fill_county, found_county
from services.bench.harness import BenchOffice, Result, Slice, measured, quantile, table
from services.bootstrap import system_clock
from services.demonstration.township import ACCOUNTS
from services.embedded import MachineProblem
from services.embedded.process import wait_until
from services.exports.forms import FORMS
from services.identity.accounts import create_account
from services.identity.tokens import create_token
from services.web.app import Web

_READERS: Final = {"township": "handler", "county": "county-office", "finance": "finance", "audit": "auditor"}
"""Who asks; of the last two only what the first two are refused."""
_LARGE: Final = 50_000  # rows
_WARM_UP: Final = 3
_PATIENCE: Final = 600.0  # seconds
_STATISTICS_AFTER: Final = 1.1  # seconds: as often as PostgreSQL's processes tell what they did
_NOTES: Final = (
    "ms of the whole request over a connection that stays open, one at a time; CPU per request of the API's process",
    "and of PostgreSQL. Read whole: large tables (over 50,000 rows) that a request read from end to end: none may be.",
    "Running: PostgreSQL (fsync on), one API process. The rows: the demonstration's, again and again (county.py).",
)


class _Page(NamedTuple):
    """An address, and of which route it is one."""

    route: str
    address: str


def run(issues: int = 1_000_000, tries: int = 40) -> Result:
    """Fills a county and asks for every page; takes about twenty minutes for a million."""
    with BenchOffice(("seal", "ledgers", "api")) as office:
        _let_in(office)
        found_county(office)
        _wait_for_followers(office)
        office.children["ledgers"].stop()
        number = fill_county(office, issues)
        rows = list(_asked(office, tries))
    return {"bench": "pages", "rows": rows, "table": table(f"bench pages, {number:,} issues", rows, _NOTES)}


def _let_in(office: BenchOffice) -> None:
    with psycopg.connect(office.postgres.app_dsn, autocommit=True) as connection:
        for name in {*(account.user for account in ACCOUNTS), *_READERS.values()} - office.tokens.keys():
            create_account(connection, name, display_zh=name, display_en=name)
            office.tokens[name] = create_token(connection, name, timedelta(days=1))


def _wait_for_followers(office: BenchOffice) -> None:
    caught_up = "select (select max(position) from seal) <= (select min(position) from follower_position)"
    with psycopg.connect(office.postgres.owner_dsn, autocommit=True) as connection:
        if not wait_until(lambda: connection.execute(caught_up).fetchone() == (True,), _PATIENCE):
            raise MachineProblem(
                "bench-not-ready", zh="台账未能跟上日志。", en="The read models did not catch up with the log."
            )


def _asked(office: BenchOffice, tries: int) -> Iterator[dict[str, Any]]:
    refused: set[str] = set()
    for reader, name in _READERS.items():
        headers = {"Authorization": f"Bearer {office.tokens[name]}", "Accept": "text/html"}
        address = f"http://127.0.0.1:{office.settings.port}"
        with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
            pages = list(_pages(client))
            wanted = pages if reader in ("township", "county") else [page for page in pages if page.route in refused]
            for page in wanted:
                row = _one(office, client, page, tries)
                if row is None:
                    refused.add(page.route)
                else:
                    refused.discard(page.route)
                    yield {"page": page.route, "by": reader, **row}


def _one(office: BenchOffice, client: httpx.Client, page: _Page, tries: int) -> dict[str, Any] | None:
    """None for a page that is not this reader's."""
    for _ in range(_WARM_UP):
        answer = client.get(page.address)
        if answer.status_code in (401, 403, 404):
            return None
        if answer.status_code >= 400:
            return {**_figures([0.0], Slice(cpu={"api": 0.0, "PostgreSQL": 0.0})), "kB": 0.0, "read whole": "FAILED"}
    before = _read_whole(office, client, page)
    times: list[float] = []
    with measured(office) as piece:
        for _ in range(tries):
            began = time.perf_counter()
            client.get(page.address)
            times.append((time.perf_counter() - began) * 1000)
    after = _read_whole(office, client, page)
    return {**_figures(times, piece), "kB": len(answer.content) / 1000, "read whole": _whole(before, after, tries)}


def _figures(times: Sequence[float], piece: Slice) -> dict[str, float]:
    return {
        "p50 ms": quantile(times, 0.5),
        "p95 ms": quantile(times, 0.95),
        "API ms CPU": piece.cpu["api"] / len(times) * 1000,
        "PostgreSQL ms CPU": piece.cpu["PostgreSQL"] / len(times) * 1000,
    }


def _read_whole(office: BenchOffice, client: httpx.Client, page: _Page) -> Mapping[str, tuple[int, int]]:
    """Rows read one after the other so far, and rows there are, by large table."""
    if not _large(office):
        return {}
    time.sleep(_STATISTICS_AFTER)
    for _ in range(2 * 4):  # each reading thread's connection tells with its next question
        client.get(page.address)
    return _large(office)


def _large(office: BenchOffice) -> Mapping[str, tuple[int, int]]:
    query = "select relname, seq_tup_read, n_live_tup from pg_stat_user_tables where n_live_tup > %s"
    with psycopg.connect(office.postgres.owner_dsn) as connection:
        found = connection.execute(query, (_LARGE,)).fetchall()
    return {name: (read, rows) for name, read, rows in found}


def _whole(before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]], tries: int) -> str:
    names = [name for name, (read, rows) in after.items() if read - before.get(name, (0, 0))[0] >= rows * tries // 2]
    return ", ".join(sorted(names)) or "none"


# -- which pages there are ------------------------------------------------------------------------------------------


def _pages(client: httpx.Client) -> Iterator[_Page]:
    """Every page, with an issue, a meeting and a fund of this reader in its brackets; lists with a few filters."""
    first = {
        "{number}": _first(client, "/api/v1/issues", "number", sort="newest", open="true"),
        "{id}": _first(client, "/api/v1/meetings", "meeting_id"),
    }
    for path in _paths():
        if "{name}" in path and path.startswith("/ledgers"):
            ledgers = (path.replace("{name}", name) for name in ("issues", *FORMS))
            yield from (_Page(ledger, ledger) for ledger in ledgers)
            continue
        address = path
        if path.startswith("/funds"):
            address = address.replace("{id}", _first(client, "/api/v1/funds", "fund_id") or "")
        for hole, value in first.items():
            address = address.replace(hole, value or "")
        if "{" not in address:
            yield _Page(path, address)
    yield from (_Page(address, address) for address in _FILTERED)


_FILTERED: Final = (
    "/issues?overdue=true",
    "/issues?open=true&sort=due",
    "/issues?category=construction&sort=newest",
    "/api/v1/dashboard",
    "/api/v1/issues?limit=200",
    *(f"/api/v1/ledgers/{name}" for name in FORMS),
)


def _paths() -> list[str]:
    async def nowhere(scope: Scope, receive: Receive, send: Send) -> None:
        raise NotImplementedError

    routes = Web(nowhere, system_clock).routes()
    found = {route.path for route in routes if "GET" in (route.methods or ())}
    return sorted(found - {"/assets/{name}", "/login", "/"})


def _first(client: httpx.Client, path: str, field: str, **parameters: str) -> str | None:
    with closing(client.get(path, params={"limit": "1", **parameters})) as answer:
        items = answer.json().get("items", []) if answer.status_code == 200 else []
    return str(items[0][field]) if items else None
