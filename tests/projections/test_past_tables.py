"""Any ledger at another time: its tables made anew are what they were, and gone again afterwards."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest

from projections.dashboard_source import When
from projections.meeting_register import meetings
from projections.pages import WHOLE
from projections.past_tables import OF_LEDGERS, tables_at
from projections.registry import read_models
from projections.row_security import see_everything
from services.exports.forms import FORMS
from services.migrate import migrate
from tests.projections import test_docket, test_spot_checks
from tests.projections.ledger import Log, interleaved, numbered
from tests.projections.lives import LIVES
from tests.support.bulletins import Told, drawn_up
from tests.support.duty_month import a_month
from tests.support.postgres import DatabaseServer

Rows = dict[str, list[Any]]


@pytest.fixture(scope="module")
def lived(database_server: DatabaseServer) -> Iterator[tuple[Log, datetime, Rows, Rows]]:
    """A log with everything in it; when half of it was known, the ledgers' lines then, and now."""
    database = database_server.migrated_database()
    migrate(database.owner_dsn, read_models())
    log, (sittings, *_) = Log(database), test_docket.a_month()
    told = [*LIVES[::6], a_month(), sittings, test_spot_checks.a_month(), Told(drawn_up())]
    everything = list(numbered(interleaved(told)))
    for event in everything[: len(everything) // 2]:
        log.write(event)
    log.seal()
    (half,) = log.query("select clock_timestamp()")[0]
    events = log.read()
    for projection in OF_LEDGERS:
        projection.apply(log.follower, events)
    then = lines(log.follower)
    for event in everything[len(everything) // 2 :]:
        log.write(event)
    log.seal()
    for projection in OF_LEDGERS:
        projection.apply(log.follower, log.read()[len(events) :])
    yield log, half, then, lines(log.follower)
    log.close()
    database_server.drop(database)


def lines(connection: psycopg.Connection) -> Rows:
    with connection.transaction():
        see_everything(connection)
        found: Rows = {name: list(form.ask(connection, WHOLE)) for name, form in FORMS.items()}
        return {**found, "meetings": list(meetings(connection))}


def test_given_what_was_known_at_a_time_then_every_ledger_is_what_it_was(
    lived: tuple[Log, datetime, Rows, Rows],
) -> None:
    log, half, then, now = lived
    with tables_at(log.follower, When(known_at=half)) as past:
        found = lines(past)
    assert found.keys() == then.keys()
    assert [name for name in found if found[name] != then[name]] == []
    assert then != now
    assert lines(log.follower) == now, "nothing of it stays"


def test_given_a_time_at_which_all_is_known_then_every_ledger_is_what_it_is(
    lived: tuple[Log, datetime, Rows, Rows],
) -> None:
    log, _, _, now = lived
    with tables_at(log.follower, When(known_at=datetime.fromisoformat("2100-01-01T00:00:00+08:00"))) as past:
        found = lines(past)
    assert [name for name in found if found[name] != now[name]] == []


def test_given_a_time_before_everything_then_no_ledger_holds_a_line(lived: tuple[Log, datetime, Rows, Rows]) -> None:
    log, _, _, _ = lived
    with tables_at(log.follower, When(as_of=datetime.fromisoformat("2001-01-01T00:00:00+08:00"))) as past:
        assert {name: rows for name, rows in lines(past).items() if rows} == {}
