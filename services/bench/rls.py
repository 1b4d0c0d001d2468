"""`huiyin bench rls`: what does row-level security cost a reader who sees 20 of 400 villages, on a million rows?

The same questions in turns: in a scope, as the API asks them, and by the follower's role, which no policy binds, with
the same condition: plainly, and in a transaction. Beside them the policy alone: a question that forgot the condition.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, LiteralString

import psycopg

from services.bench.harness import BenchOffice, Result, median, table
from services.persistence.scope import Scope, ScopedConnection, scoped

VILLAGES: Final = 400
SEEN: Final = tuple(f"V{number:03}" for number in range(0, VILLAGES, 20))
SCOPE: Final = Scope(villages=frozenset(SEEN), departments=None)
_WARM_UP: Final = 5
_NOTES: Final = (
    "p50 in ms of the whole call, from psycopg. With RLS: scope and question sent together, as the API asks; one",
    "transaction: begin with the scope, question, commit, as the command line asks. Without: the question alone; in a",
    "transaction: begin, question, commit. Bound already: the question alone, in a scope that is open.",
    "Policy alone: the question without its condition on villages, so that no index on them is used.",
)

# Spread over villages and three years by a stride that is prime to their number, so that no order helps.
FILL: Final[LiteralString] = """
insert into issue_ledger (
  issue_id, number, version, position, recorded_at, changed_at, logged_at, village, channel, household, category, title,
  description, plan, stage, tier, unit, person, department, due_at, missed, notices, extensions, percent, reopenings)
select gen_random_uuid(), format('%%s-2026-%%s', code, n), 3, n * 3, moment, moment, moment, code, 'visit', 'H-' || n,
  'construction', '村口路灯不亮', '村口到小学一段三盏路灯不亮，夜间学生回家看不清路。', 'cx-1',
  (array['logged', 'handling', 'feedback', 'settled'])[1 + n %% 4], 'village', 'station', 'handler',
  case when n %% 10 = 0 then 'construction' end, moment + interval '10 days', 0, 0, 0, n %% 100, 0
from generate_series(1, %(rows)s) as n,
  lateral (select 'V' || lpad((n * 7 %% %(villages)s)::text, 3, '0'),
    timestamptz '2024-01-01' + (n::bigint * 7919 %% 94608000) * interval '1 second') as at (code, moment)
"""
_RATIOS: Final = {
    "ratio": ("with RLS", "without RLS"),
    "transactions: ratio": ("with RLS, one transaction", "without RLS, in a transaction"),
    "bound: ratio": ("bound already", "without RLS"),
}
_Rows = list[tuple[Any, ...]]
_WITHIN: Final[LiteralString] = "village = any(%(villages)s)"
_QUESTIONS: Final[dict[str, LiteralString]] = {
    "page of 50": "select * from issue_ledger where {} order by logged_at desc, number desc limit 50",
    "one issue": "select * from issue_ledger where number = %(number)s and {}",
    "count + sum": "select count(*), sum(percent) from issue_ledger where {}",
}


def run(rows: int = 1_000_000, tries: int = 200) -> Result:
    """Fills a ledger with so many rows, and asks each question so often (the count a tenth of that)."""
    with BenchOffice(()) as office:
        _fill(office, rows)
        with (
            ScopedConnection.connect(office.postgres.app_dsn, autocommit=True) as app,
            psycopg.connect(office.postgres.follower_dsn, autocommit=True) as unbound,
            psycopg.connect(office.postgres.app_dsn, autocommit=True) as other,
            scoped(other, SCOPE) as bound,
        ):
            measured = [_measured(what, app, unbound, bound, tries) for what in _QUESTIONS]
    return {"bench": "rls", "rows": measured, "table": table(f"bench rls, {rows:,} rows", measured, _NOTES)}


def _fill(office: BenchOffice, rows: int) -> None:
    with psycopg.connect(office.postgres.follower_dsn, autocommit=True) as follower:
        follower.execute(FILL, {"villages": VILLAGES, "rows": rows})
    with psycopg.connect(office.postgres.owner_dsn, autocommit=True) as owner:
        owner.execute("vacuum analyze issue_ledger")


def _measured(
    what: str, app: ScopedConnection, unbound: psycopg.Connection, bound: psycopg.Connection, tries: int
) -> dict[str, Any]:
    own = bound.execute("select number from issue_ledger order by number offset 100 limit 1").fetchone()
    values = {"villages": list(SEEN), "number": own[0] if own else ""}
    query = _QUESTIONS[what]

    def ask(connection: psycopg.Connection, condition: LiteralString) -> _Rows:
        return connection.execute(query.format(condition), values).fetchall()

    def ask_in(way: AbstractContextManager[object], connection: psycopg.Connection, condition: LiteralString) -> _Rows:
        with way:
            return ask(connection, condition)

    ways: dict[str, Callable[[], _Rows]] = {
        "with RLS": lambda: ask_in(app.within(SCOPE), app, _WITHIN),
        "without RLS": lambda: ask(unbound, _WITHIN),
        "with RLS, one transaction": lambda: ask_in(scoped(app, SCOPE), app, _WITHIN),
        "without RLS, in a transaction": lambda: ask_in(_transaction(unbound), unbound, _WITHIN),
        "bound already": lambda: ask(bound, _WITHIN),
        "policy alone": lambda: ask_in(app.within(SCOPE), app, "true"),
    }
    if len({repr(way()) for way in ways.values()}) != 1:
        raise AssertionError("the ways to ask give different answers")
    times = _in_turns(ways, tries // 10 if what.startswith("count") else tries)
    ratios = {name: times[way] / times[other] for name, (way, other) in _RATIOS.items()}
    return {"question": what, **times, **ratios}


@contextmanager
def _transaction(connection: psycopg.Connection) -> Iterator[None]:
    connection.execute("begin")
    yield
    connection.execute("commit")


def _in_turns(ways: dict[str, Callable[[], Any]], tries: int) -> dict[str, float]:
    """p50 in ms of each way, asked in turns so that all meet the same machine."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(_WARM_UP + tries):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            if turn >= _WARM_UP:
                times[name].append((time.perf_counter() - began) * 1000)
    return {name: median(each) for name, each in times.items()}
