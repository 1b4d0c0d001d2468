"""The log under Casework: what a save writes, what it refuses, what a repeat gives, and that all of it is one act."""

import json
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import DataError, OperationalError, ProgrammingError, StoredEvent
from eventsourcing.postgres import PostgresDatastore

from domain.store import Allotment, CommandAlreadyRecorded, VersionConflict
from services.persistence.recorder import MOST_EVENTS_PER_SAVE, MOST_EVENTS_WITHOUT_NUMBERS, LedgerRecorder
from tests.support.log import append, command, log_issue, open_recorder, rows, stored
from tests.support.postgres import Database


@pytest.fixture
def recorder(database: Database) -> Iterator[LedgerRecorder]:
    with open_recorder(database.app_dsn) as opened:
        yield opened


def test_appended_events_are_read_back_by_version(recorder: LedgerRecorder) -> None:
    stream = uuid4()
    append(recorder, stream, 1)
    append(recorder, stream, 2, 3)
    append(recorder, stream, 4)
    assert list(recorder.select_events(stream)) == [stored(stream, version) for version in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("asked", "versions"),
    [
        ({}, [1, 2, 3, 4]),
        ({"gt": 2}, [3, 4]),
        ({"lte": 2}, [1, 2]),
        ({"gt": 1, "lte": 3}, [2, 3]),
        ({"desc": True}, [4, 3, 2, 1]),
        ({"desc": True, "limit": 1}, [4]),
        ({"limit": 2}, [1, 2]),
        ({"gt": 1, "lte": 4, "desc": True, "limit": 2}, [4, 3]),
        ({"gt": 4}, []),
    ],
)
def test_part_of_a_stream_is_read_as_asked(
    recorder: LedgerRecorder, asked: dict[str, int], versions: list[int]
) -> None:
    stream = uuid4()
    append(recorder, stream, 1, 2, 3, 4)
    append(recorder, uuid4(), 1)
    assert [event.originator_version for event in recorder.select_events(stream, **asked)] == versions


def test_notification_ids_come_in_the_events_order(recorder: LedgerRecorder, database: Database) -> None:
    one, other = uuid4(), uuid4()
    events = [stored(one, 1), stored(other, 1), stored(one, 2), stored(other, 2)]
    ids = recorder.insert_events(events, commands=[command(one, 2)])
    found = {
        (stream, version): notification_id
        for stream, version, notification_id in rows(
            database, "select originator_id, originator_version, notification_id from ledger_events"
        )
    }
    assert list(ids) == [found[event.originator_id, event.originator_version] for event in events]
    assert list(ids) == sorted(ids)
    assert recorder.max_notification_id() == ids[-1]


def test_a_command_is_remembered_with_its_events(recorder: LedgerRecorder) -> None:
    done = command(uuid4(), 1)
    assert recorder.find_command(done.command_id) is None
    recorder.insert_events([stored(done.originator_id, 1)], commands=[done])
    assert recorder.find_command(done.command_id) == done


def test_a_command_without_events_is_remembered_too(recorder: LedgerRecorder) -> None:
    done = command(uuid4(), 7)
    assert list(recorder.insert_events([], commands=[done])) == []
    assert recorder.find_command(done.command_id) == done
    assert list(recorder.insert_events([])) == []


@pytest.mark.parametrize("versions", [(2,), (2, 3)])
def test_a_repeated_command_is_told_apart_and_writes_nothing(
    recorder: LedgerRecorder, versions: tuple[int, ...]
) -> None:
    stream = uuid4()
    first = command(stream, 1)
    recorder.insert_events([stored(stream, 1)], commands=[first])
    events = [stored(stream, version) for version in versions]
    with pytest.raises(CommandAlreadyRecorded):
        recorder.insert_events(events, commands=[command(stream, 2, first.command_id)])
    assert len(recorder.select_events(stream)) == 1


@pytest.mark.parametrize("versions", [(1,), (1, 2)])
def test_a_repeat_is_a_repeat_even_where_the_version_is_taken_too(
    recorder: LedgerRecorder, versions: tuple[int, ...]
) -> None:
    stream = uuid4()
    first = command(stream, 1)
    recorder.insert_events([stored(stream, 1)], commands=[first])
    with pytest.raises(CommandAlreadyRecorded):
        recorder.insert_events([stored(stream, version) for version in versions], commands=[first])


@pytest.mark.parametrize("versions", [(1,), (1, 2)])
def test_a_version_already_taken_is_a_conflict_and_its_command_is_not_remembered(
    recorder: LedgerRecorder, versions: tuple[int, ...]
) -> None:
    stream = uuid4()
    append(recorder, stream, 1)
    late = command(stream, versions[-1])
    with pytest.raises(VersionConflict):
        recorder.insert_events([stored(stream, version, "late") for version in versions], commands=[late])
    assert recorder.find_command(late.command_id) is None
    assert list(recorder.select_events(stream)) == [stored(stream, 1)]


def test_several_streams_are_written_together_or_not_at_all(recorder: LedgerRecorder) -> None:
    taken, fresh = uuid4(), uuid4()
    append(recorder, taken, 1)
    with pytest.raises(VersionConflict):
        recorder.insert_events([stored(fresh, 1), stored(taken, 1)], commands=[command(fresh, 1)])
    assert list(recorder.select_events(fresh)) == []
    recorder.insert_events([stored(fresh, 1), stored(taken, 2)], commands=[command(fresh, 1)])
    assert [len(recorder.select_events(stream)) for stream in (taken, fresh)] == [2, 1]


def test_a_new_issue_gets_the_next_number_of_its_village_and_year(recorder: LedgerRecorder, database: Database) -> None:
    asked = [("CX", 2026), ("CX", 2026), ("SZ", 2026), ("CX", 2027), ("CX", 2026)]
    logged = [log_issue(recorder, village, year) for village, year in asked]
    numbers = ["CX-2026-0001", "CX-2026-0002", "SZ-2026-0001", "CX-2027-0001", "CX-2026-0003"]
    assert [allotment.number for allotment in logged] == numbers
    for allotment in logged:
        (event,) = recorder.select_events(allotment.issue_id)
        assert json.loads(event.state) == {"number": allotment.number, "note": "说明", "version": 1}
        assert recorder.find_issue(str(allotment.number)) == allotment.issue_id
    assert recorder.numbers_of([logged[0].issue_id, uuid4()]) == {logged[0].issue_id: "CX-2026-0001"}
    counters = rows(database, "select village, year, last from village_counter order by 1, 2")
    assert counters == [("CX", 2026, 3), ("CX", 2027, 1), ("SZ", 2026, 1)]


def test_numbers_grow_past_four_digits(recorder: LedgerRecorder, database: Database) -> None:
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute("insert into village_counter values ('CX', 2026, 9998)")
    assert [log_issue(recorder).number for _ in range(2)] == ["CX-2026-9999", "CX-2026-10000"]


def test_a_number_is_unknown_until_it_is_given_out(recorder: LedgerRecorder) -> None:
    assert recorder.find_issue("CX-2026-0001") is None
    allotment = log_issue(recorder)
    assert recorder.find_issue("CX-2026-0001") == allotment.issue_id


def test_one_save_of_several_issues_numbers_them_in_order(recorder: LedgerRecorder) -> None:
    parent = uuid4()
    append(recorder, parent, 1)
    log_issue(recorder, "SZ")
    allotments = [Allotment(uuid4(), village, 2026) for village in ("SZ", "CX", "SZ", "CX")]
    events = [stored(allotment.issue_id, 1) for allotment in allotments]
    events = [*events[:2], stored(allotments[1].issue_id, 2), *events[2:], stored(parent, 2)]
    recorder.insert_events(events, commands=[command(parent, 2)], allotments=allotments)
    numbers = ["SZ-2026-0002", "CX-2026-0001", "SZ-2026-0003", "CX-2026-0002"]
    assert [allotment.number for allotment in allotments] == numbers
    for allotment in allotments:
        states = [json.loads(event.state) for event in recorder.select_events(allotment.issue_id)]
        assert [state.get("number") for state in states] == [allotment.number, None][: len(states)]
    assert len(recorder.select_events(parent)) == 2


def test_a_refused_issue_leaves_no_hole_in_the_numbers(recorder: LedgerRecorder, database: Database) -> None:
    first = log_issue(recorder)
    again = Allotment(first.issue_id, "CX", 2026)
    with pytest.raises(VersionConflict):
        recorder.insert_events([stored(first.issue_id, 1)], commands=[command(uuid4(), 1)], allotments=[again])
    assert again.number is None
    assert log_issue(recorder).number == "CX-2026-0002"
    assert rows(database, "select count(*) from issue_number") == [(2,)]


def test_a_number_without_the_issues_first_event_is_refused(recorder: LedgerRecorder) -> None:
    stream = uuid4()
    for events in ([stored(stream, 2)], [stored(stream, 2), stored(stream, 3)], []):
        with pytest.raises(ProgrammingError, match="first event"):
            recorder.insert_events(events, commands=[command(stream, 2)], allotments=[Allotment(stream, "CX", 2026)])
    assert recorder.find_issue("CX-2026-0001") is None


def test_two_hundred_events_a_save_with_numbers_are_taken_and_one_more_is_refused(recorder: LedgerRecorder) -> None:
    stream = uuid4()
    number = Allotment(stream, "CX", 2026)
    events = [stored(stream, version) for version in range(1, MOST_EVENTS_PER_SAVE + 2)]
    with pytest.raises(ProgrammingError, match="200"):
        recorder.insert_events(events, commands=[command(stream, 1)], allotments=[number])
    recorder.insert_events(events[:-1], commands=[command(stream, 1)], allotments=[number])
    assert len(recorder.select_events(stream)) == MOST_EVENTS_PER_SAVE


def test_a_save_without_numbers_takes_more_but_not_without_end(recorder: LedgerRecorder) -> None:
    stream = uuid4()
    with pytest.raises(ProgrammingError, match=str(MOST_EVENTS_WITHOUT_NUMBERS)):
        append(recorder, stream, *range(1, MOST_EVENTS_WITHOUT_NUMBERS + 2))
    append(recorder, stream, *range(1, MOST_EVENTS_PER_SAVE + 2))
    assert len(recorder.select_events(stream)) == MOST_EVENTS_PER_SAVE + 1


def test_what_the_database_cannot_hold_is_refused_without_quoting_it(recorder: LedgerRecorder) -> None:
    stream = uuid4()
    with pytest.raises(DataError) as refused:
        recorder.insert_events([StoredEvent(stream, 1, "secret\0", b"{}")], commands=[command(stream, 1)])
    assert "secret" not in str(refused.value)
    with pytest.raises(DataError):
        recorder.find_issue("CX\0")
    append(recorder, stream, 1)


def test_a_lost_connection_is_reported_at_once_and_the_next_call_has_a_new_one(
    recorder: LedgerRecorder, database: Database
) -> None:
    """The answer to a COMMIT can be lost: the caller is told, and looks for its command."""
    stream = uuid4()
    append(recorder, stream, 1)
    (pid,) = _backends(database)
    with psycopg.connect(database.superuser_dsn, autocommit=True) as superuser:
        superuser.execute("select pg_terminate_backend(%s, 5000)", (pid,))
    with pytest.raises(OperationalError):
        append(recorder, stream, 2)
    append(recorder, stream, 2)
    assert len(recorder.select_events(stream)) == 2
    assert _backends(database) != [pid]


def test_a_read_over_a_dead_connection_succeeds_on_a_new_one(recorder: LedgerRecorder, database: Database) -> None:
    stream = uuid4()
    append(recorder, stream, 1)
    with psycopg.connect(database.superuser_dsn, autocommit=True) as superuser:
        for pid in _backends(database):
            superuser.execute("select pg_terminate_backend(%s, 5000)", (pid,))
    assert len(recorder.select_events(stream)) == 1


def test_closed_recorders_leave_no_connection_and_take_nothing(database: Database) -> None:
    with open_recorder(database.app_dsn) as recorder:
        append(recorder, uuid4(), 1)
        assert len(_backends(database)) == 1
    with pytest.raises(OperationalError, match="closed"):
        recorder.select_events(uuid4())


def test_an_unreachable_server_is_an_operational_error() -> None:
    with (
        open_recorder("postgresql://huiyin_app@127.0.0.1:1/none") as recorder,
        pytest.raises(OperationalError, match="refused"),
    ):
        recorder.find_command(uuid4())


@pytest.mark.parametrize(
    ("setting", "reason"),
    [({"enable_db_functions": True}, "POSTGRES_ENABLE_DB_FUNCTIONS"), ({}, "name the application 'ledger'")],
)
def test_the_librarys_unsafe_settings_are_refused(setting: dict[str, bool], reason: str) -> None:
    datastore = PostgresDatastore("unused", "unused", 0, "unused", "unused", **setting)
    table = "ledger_events" if setting else "other_events"
    with pytest.raises(ProgrammingError, match=reason):
        LedgerRecorder(datastore, events_table_name=table)


def test_following_by_notification_id_and_making_tables_are_refused(recorder: LedgerRecorder) -> None:
    with pytest.raises(ProgrammingError, match="by position"):
        recorder.select_notifications(start=1, limit=10)
    with pytest.raises(ProgrammingError, match="by position"):
        recorder.subscribe()
    with pytest.raises(ProgrammingError, match="huiyin migrate"):
        recorder.create_table()


def _backends(database: Database) -> list[object]:
    query = "select pid from pg_stat_activity where datname = current_database() and application_name = 'huiyin ledger'"
    with psycopg.connect(database.superuser_dsn) as superuser:
        return [pid for (pid,) in superuser.execute(query).fetchall()]
