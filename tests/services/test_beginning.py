"""Since when an installation keeps books: the first event that its log recorded, whatever day that event tells of."""

import pytest
from eventsourcing.persistence import OperationalError

from domain.casework import Casework
from services.bootstrap import open_office
from services.persistence.beginning import Beginning
from services.settings import Settings
from tests.support.casework import Clock, case, live_through
from tests.support.postgres import Database


def test_given_a_log_then_its_first_record_is_the_beginning_and_stays_it(
    database: Database, casework: Casework, clock: Clock
) -> None:
    began = Beginning(database.app_dsn)
    assert began() is None
    live_through(casework, clock, case("logged"))  # of 2026 by its own account
    first = began()
    assert first is not None
    live_through(casework, clock, case("logged", key="another"))
    assert began() == Beginning(database.app_dsn)() == first


def test_given_a_database_that_is_away_then_it_is_said() -> None:
    with pytest.raises(OperationalError):
        Beginning("postgresql://nobody@127.0.0.1:1/nothing")()


def test_given_the_settings_then_the_office_knows_its_beginning(
    database: Database, casework: Casework, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    live_through(casework, clock, case("logged"))
    monkeypatch.setenv("HUIYIN_DATABASE_URL", database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path))
    assert open_office(Settings()).began() == Beginning(database.app_dsn)()
