"""Every route, every role, own and foreign objects: who is let in, who is not, and that foreign looks like absent.

Made from the API's own description, so that a new route is covered by itself.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest
from starlette.requests import Request
from starlette.routing import Route

from domain.errors import NotFound
from domain.issue import commands as c
from domain.values import Role
from services.api.accounts.people import People
from services.api.app import create_app
from services.api.office import issue_pages, reading
from services.api.office.commands import ISSUE_COMMANDS
from services.api.office.reading import Reads
from services.api.openapi.document import description
from services.exports import rows
from services.identity.accounts import Account
from services.persistence.scope import Scope
from services.web.app import Web
from tests.services.api.conftest import an_api
from tests.services.api.matrix_office import ABSENT, Office, matrix_office
from tests.support.matrix import (
    BY_RECEIPT,
    BY_SESSION,
    LISTS,
    OF_ONESELF,
    OPEN,
    PAGES,
    READS,
    Asker,
    Operation,
    Unexpected,
    expected,
    operations,
)
from tests.support.postgres import DatabaseServer

OPERATIONS: Final = tuple(operations(description()))


@pytest.fixture(scope="module")
def matrix(database_server: DatabaseServer) -> Iterator[Office]:
    """On a database of its own: its lists are looked through whole."""
    with an_api(database_server) as api:
        yield matrix_office(api)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_given_a_route_then_everybody_gets_what_they_may_expect_and_nothing_is_written(
    matrix: Office, operation: Operation
) -> None:
    written = matrix.api.written()
    assert not matrix.faults(operation)
    assert matrix.api.written() == written


def test_given_the_routes_served_then_each_is_described_or_a_page(matrix: Office) -> None:
    described = {operation.name for operation in OPERATIONS}
    app = create_app(matrix.api.parts)
    routes = app.router.routes
    served = {name for route in routes if isinstance(route, Route) for name in names_of(route)}
    assert len(routes) == sum(isinstance(route, Route) for route in routes), "something is mounted that is no route"
    pages = {name for route in Web(app.router.app, matrix.api.clock).routes() for name in names_of(route)}
    assert served - pages == described | PAGES
    assert not any("/api/" in page for page in pages), "what is below /api/ is no page and has to be described"
    assert described >= {*READS, *OPEN, *OF_ONESELF, *BY_SESSION, *BY_RECEIPT}, (
        "a route of tests/support/matrix.py is no longer there: take it out"
    )


def names_of(route: Route) -> Iterator[str]:
    """The operations that a route serves, as the description names them; a HEAD is its GET without a body."""
    commands = ISSUE_COMMANDS if "{command}" in route.path else ("",)
    for method in (route.methods or set()) - {"HEAD"}:
        yield from (f"{method} {route.path.replace('{command}', name).replace(':path', '')}" for name in commands)


def test_given_a_route_of_which_nobody_said_who_may_use_it_then_the_matrix_says_where_to_say_it() -> None:
    with pytest.raises(Unexpected, match=r"GET /api/v1/secrets .* READS, OPEN or their like in tests/sup"):
        expected(Operation("GET", "/api/v1/secrets", "secrets"), Asker("no token", None), None)


# -- loosened ---------------------------------------------------------------------------------------------------------


def operation_of(name: str) -> Operation:
    return next(operation for operation in OPERATIONS if name in (operation.name, operation.operation_id))


def test_given_a_role_more_on_a_command_then_the_matrix_names_its_cells(
    matrix: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(c.SignSubmission, "ROLES", c.SignSubmission.ROLES | {Role.FINANCE})
    faults = matrix.faults(operation_of("SignSubmission"))
    assert faults
    assert all(" as finance-of-qs on " in fault and "let in" in fault for fault in faults), faults


def test_given_a_role_less_on_a_command_then_the_matrix_names_its_cells(
    matrix: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(c.SignSubmission, "ROLES", c.SignSubmission.ROLES - {Role.STATION_LEAD})
    faults = matrix.faults(operation_of("SignSubmission"))
    assert faults
    assert all(" as station-lead-of-qs" in fault for fault in faults), faults


def test_given_a_filter_of_lists_that_lets_everything_pass_then_the_database_still_shows_no_row_of_others(
    matrix: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issue_pages, "within", lambda account, wanted: wanted)
    monkeypatch.setattr(rows, "within", lambda account, wanted: wanted)
    for name in LISTS:
        assert not matrix.faults(operation_of(name))


@pytest.mark.parametrize("name", ["SignSubmission", "GET /api/v1/issues/{number}", *sorted(LISTS)])
def test_given_a_scope_check_that_says_yes_to_every_village_then_the_matrix_names_its_cells(
    matrix: Office, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(Account, "covers_village", lambda self, village: True)
    monkeypatch.setattr(issue_pages, "within", lambda account, wanted: wanted)
    monkeypatch.setattr(rows, "within", lambda account, wanted: wanted)
    monkeypatch.setattr(Scope, "of", lambda *_: Scope.whole())
    faults = matrix.faults(operation_of(name))
    for village in ("LX", "WS"):
        assert any(f"an issue of {village}" in fault for fault in faults), faults


@pytest.mark.parametrize("name", ["AcceptIssue", "GET /api/v1/issues/{number}", *sorted(LISTS)])
def test_given_complaints_that_are_hidden_from_nobody_then_the_matrix_names_its_cells(
    matrix: Office, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    honest = People.account

    async def barred_from_nothing(self: People, request: Request) -> Account:
        return replace(await honest(self, request), barred=frozenset())

    monkeypatch.setattr(People, "account", barred_from_nothing)
    faults = matrix.faults(operation_of(name))
    assert any(" as handler" in fault and "a complaint about the lead" in fault for fault in faults), faults
    assert any("a complaint about station-lead-of-qs" in fault for fault in faults), faults


def test_given_a_column_that_is_opened_then_the_matrix_names_it(
    matrix: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "without_hidden", lambda role, line: line)
    faults = matrix.faults(operation_of("GET /api/v1/issues/{number}"))
    assert any(" as finance-of-qs: shows description, household" in fault for fault in faults), faults


@pytest.mark.parametrize("name", ["RecordMeeting", "SetBudget", "GET /api/v1/meetings/{id}", "GET /api/v1/funds/{id}"])
def test_given_a_township_that_is_everybodys_then_the_matrix_names_its_cells(
    matrix: Office, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(Account, "covers_township", lambda self, name: True)
    faults = matrix.faults(operation_of(name))
    assert any("of-qs on " in fault and ("外山镇" in fault or "WS" in fault) for fault in faults), faults


def test_given_a_404_that_says_more_for_what_is_there_then_the_matrix_names_its_cells(
    matrix: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Reads._version

    def tattle(self: Reads, account: Account, number: str) -> int:
        try:
            return honest(self, account, number)
        except NotFound:
            raise NotFound if number == ABSENT else NotYours from None

    monkeypatch.setattr(Reads, "_version", tattle)
    faults = matrix.faults(operation_of("GET /api/v1/issues/{number}"))
    assert any("tells more than an absent one does" in fault for fault in faults), faults


class NotYours(NotFound):
    zh = "不归您管。"
