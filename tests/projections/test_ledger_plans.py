"""The ledger's questions go by indexes: with enough rows, PostgreSQL reads the whole table for none of them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from domain.issue.words import Stage
from projections.issue_ledger import EVERYTHING, LedgerFilter, Sort, _query
from services.bench.rls import FILL
from services.persistence.scope import Scope, scoped
from tests.support.postgres import DatabaseServer

FEW = Scope(frozenset({"V001", "V007"}), None)
AFTER = {"after_time": "2025-01-01T00:00:00Z", "after_number": "V001-2026-100"}
FILTERS = {
    "everything": EVERYTHING,
    "a village": LedgerFilter(village="V001"),
    "a stage": LedgerFilter(stage=Stage.FEEDBACK),
    "a rare stage": LedgerFilter(stage=Stage.REVIEW),
    "a person": LedgerFilter(person="handler9"),
    "a department": LedgerFilter(department="construction"),
    "a rating": LedgerFilter(rating="dissatisfied"),
    "a number": LedgerFilter(numbers=("V001-2026-143",)),
}


@pytest.fixture(scope="module")
def full(database_server: DatabaseServer) -> Iterator[psycopg.Connection]:
    """A ledger of 40,000 rows."""
    database = database_server.migrated_database()
    with psycopg.connect(database.follower_dsn, autocommit=True) as follower:
        follower.execute(FILL, {"villages": 400, "rows": 40_000})
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute("vacuum analyze issue_ledger")
    with psycopg.connect(database.app_dsn, autocommit=True) as connection:
        yield connection
    database_server.drop(database)


def nodes(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each step of a plan, and the table that it reads."""
    yield plan["Node Type"], plan.get("Relation Name", "")
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("scope", [Scope.whole(), FEW], ids=["whole", "two villages"])
@pytest.mark.parametrize("wanted", FILTERS)
def test_given_many_rows_then_a_page_is_found_by_an_index(
    full: psycopg.Connection, wanted: str, scope: Scope, sort: Sort
) -> None:
    villages = None if scope.villages is None else tuple(sorted(scope.villages))
    query, values = _query(replace(FILTERS[wanted], villages=villages), ("2025-01-01T00:00:00Z", "V1"), sort)  # type: ignore[arg-type]
    with scoped(full, scope) as connection:
        row = connection.execute("explain (format json) " + query + " limit 51", values).fetchone()
    assert row is not None
    plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
    assert ("Seq Scan", "issue_ledger") not in set(nodes(plan[0]["Plan"])), plan
