"""The relay on a real log and a real Temporal: nothing lost, nothing doubled, whoever is away and whenever."""

import asyncio
import os
import signal
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
import pytest
from temporalio.client import WorkflowExecutionStatus

from domain.casework import Casework
from domain.issue import commands as c
from projections.log_reader import head
from projections.workflow_rebuild import RebuiltWorkflows
from services.embedded import EmbeddedTemporal
from tests.projections.relay_office import Office, running, tell_everything
from tests.support.casework import Case, Clock, case
from tests.support.postgres import Database
from tests.support.waiting import eventually
from workflows.names import workflow_id


@pytest.fixture
def town(casework: Casework, clock: Clock, database: Database, temporal_server: EmbeddedTemporal) -> Office:
    """An office on this session's Temporal."""
    return Office(casework, clock, database, temporal_server)


@pytest.fixture
def life(request: pytest.FixtureRequest) -> Callable[..., Case]:
    """Cases of this test alone: their issues' ids, and so their workflows, follow from the household."""
    test = zlib.crc32(request.node.nodeid.encode())

    def of_this_test(state: str, number: int = 0) -> Case:
        return case(state, household=f"QS-{test}-{number}")

    return of_this_test


def test_given_many_events_of_an_issue_in_one_batch_when_told_then_its_workflow_hears_once_how_it_stands_now(
    town: Office, life: Callable[..., Case]
) -> None:
    works, fixed = life("reported"), life("fixed", 1)
    town.live(works, fixed)

    relay = tell_everything(town)

    assert [(told.version, told.stage.value) for told in town.signals(works)] == [(works.issue.version, "works")]
    assert [(told.version, told.stage.value) for told in town.signals(fixed)] == [(2, "reply")]
    assert (relay.delivered, relay.lag) == (2, 0)
    assert {told.wake_spread_seconds for told in town.signals(works)} == {240}


def test_given_small_batches_when_told_then_the_versions_only_rise_and_the_last_one_is_the_present_one(
    town: Office, life: Callable[..., Case]
) -> None:
    works = life("works")
    town.live(works)

    tell_everything(town, town.relay(batch=2))

    versions = [told.version for told in town.signals(works)]
    assert versions[-1] == works.issue.version
    assert versions == sorted(versions)


def test_given_an_issue_whose_whole_life_is_over_when_told_then_it_gets_no_workflow(
    town: Office, life: Callable[..., Case]
) -> None:
    relay = town.relay(batch=20)
    with running(relay):
        town.live(*(life("logged", number) for number in range(20)))
        eventually(partial(town.caught_up, relay))
        assert relay.delivered == 20
        town.live(life("settled", 20), life("handling", 21))
        eventually(partial(town.caught_up, relay))

    assert relay.delivered == 21  # for the settled one Temporal was not even asked
    assert town.signals(life("settled", 20)) == []
    assert [told.stage.value for told in town.signals(life("handling", 21))] == ["handling"]


def test_given_an_issue_that_ends_when_told_then_the_running_workflow_hears_of_the_end(
    town: Office, life: Callable[..., Case]
) -> None:
    logged = life("logged")
    withdrawn = logged.do(c.WithdrawIssue)
    town.live(logged)
    tell_everything(town)
    town.live(withdrawn)

    tell_everything(town)

    assert [told.stage.value for told in town.signals(withdrawn)][-1] == "withdrawn"


def test_given_what_the_process_did_itself_when_followed_then_nobody_is_told_and_the_position_moves_on(
    town: Office, life: Callable[..., Case]
) -> None:
    logged, missed = life("logged"), life("missed")
    assert logged.issue_id == missed.issue_id
    town.live(logged)
    relay = tell_everything(town)
    heard = len(town.signals(logged))
    town.live(missed)

    with running(relay):
        eventually(partial(town.caught_up, relay))

    assert relay.position == 2
    # The new leader repeated the last minutes' news, and that is all it said.
    assert {told.version for told in town.signals(logged)[heard:]} <= {3}


def test_given_a_relay_that_stopped_when_another_goes_on_then_nothing_is_lost_and_repeats_bring_nothing_new(
    town: Office, life: Callable[..., Case]
) -> None:
    first, second = life("fixed"), life("handling", 1)
    town.live(first)
    tell_everything(town)
    town.live(second)
    assert town.saved_position() == 1

    tell_everything(town)
    tell_everything(town)

    assert {told.version for told in town.signals(first)} == {2}
    assert {told.version for told in town.signals(second)} == {3}


def test_given_two_relays_when_events_come_then_one_leads_and_the_other_takes_over_when_it_ends(
    town: Office, life: Callable[..., Case]
) -> None:
    town.live(life("logged"))
    with running(town.relay()) as leader:
        eventually(partial(town.caught_up, leader))
        with running(town.relay()) as candidate:
            town.live(life("logged", 1))
            eventually(partial(town.caught_up, leader))
            assert candidate.position == -1
            town.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and application_name = 'huiyin follower relay'"
                " and pid in (select pid from pg_locks where locktype = 'advisory' and granted)"
            )
            town.live(life("logged", 2))
            eventually(lambda: town.caught_up(leader) or town.caught_up(candidate))

    assert all(town.signals(life("logged", number)) for number in range(3))


def test_given_the_database_drops_every_connection_when_it_is_back_then_the_relay_goes_on_by_itself(
    town: Office, life: Callable[..., Case]
) -> None:
    town.live(life("logged"))
    with running(town.relay()) as relay:
        eventually(partial(town.caught_up, relay))
        town.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and usename = current_user and pid <> pg_backend_pid()"
        )
        town.live(life("logged", 1))
        eventually(partial(town.caught_up, relay))

    assert town.signals(life("logged", 1))


def test_given_temporal_is_killed_when_it_is_back_then_what_happened_meanwhile_is_told(
    casework: Casework, clock: Clock, database: Database, life: Callable[..., Case], tmp_path: Path
) -> None:
    with EmbeddedTemporal(tmp_path / "temporal") as temporal:
        town = Office(casework, clock, database, temporal)
        town.live(life("logged"))
        with running(town.relay()) as relay:
            eventually(partial(town.caught_up, relay))
            _kill(temporal)
            town.live(*(life("fixed", number) for number in range(1, 6)))
            with psycopg.connect(database.follower_dsn) as connection:
                behind = head(connection)
            assert relay.position < behind
            temporal.start()
            eventually(partial(town.caught_up, relay), within=30)

        for number in range(1, 6):
            assert {told.version for told in town.signals(life("fixed", number))} == {2}


def _kill(temporal: EmbeddedTemporal) -> None:
    assert temporal.pid is not None
    os.kill(temporal.pid, signal.SIGKILL)
    eventually(lambda: not temporal.alive())


def test_given_an_event_nobody_can_read_when_reached_then_all_before_it_is_told_and_the_fault_is_shown_until_mended(
    town: Office, life: Callable[..., Case], database: Database
) -> None:
    good = life("handling")
    town.live(good)
    with psycopg.connect(database.owner_dsn, autocommit=True) as connection:
        connection.execute(
            "insert into ledger_events (originator_id, originator_version, topic, state)"
            " values (gen_random_uuid(), 1, 'issue.of_the_future', '{}')"
        )
    town.live(life("logged", 1))

    with running(town.relay()) as relay:
        assert eventually(partial(_faults, database)) == [3]
        assert relay.position == 2
        assert town.signals(good)
        assert town.signals(life("logged", 1)) == []
        town.execute("update follower_position set position = 3 where name = 'relay'")
        eventually(lambda: town.caught_up(relay) and not _faults(database))

    assert town.signals(life("logged", 1))


def _faults(database: Database) -> list[int]:
    """The positions at which the relay is stuck."""
    with psycopg.connect(database.follower_dsn) as connection:
        found = connection.execute("select position from follower_fault where name = 'relay'").fetchall()
        return [position for (position,) in found]


def test_given_a_temporal_that_lost_everything_when_rebuilt_then_exactly_the_open_issues_have_workflows_again(
    town: Office, life: Callable[..., Case]
) -> None:
    open_lives = [life(state, n) for n, state in enumerate(("logged", "handling", "works", "feedback", "closed"))]
    ended = [life(state, n + 10) for n, state in enumerate(("settled", "withdrawn", "split"))]
    town.live(*open_lives, *ended)
    seen: list[tuple[int, int]] = []

    rebuilt = town.rebuild(lambda done, total: seen.append((done, total)))
    again = town.rebuild()

    parts = 2  # of the issue that was split
    assert rebuilt == again == RebuiltWorkflows(issues=8 + parts, told=5 + parts)
    assert seen[-1] == (10, 10)
    for each in open_lives:
        assert [told.stage for told in town.signals(each)] == [each.issue.stage] * 2
    assert [town.signals(each) for each in ended] == [[], [], []]
    assert town.saved_position() == -1


async def _status(town: Office, life: Case) -> WorkflowExecutionStatus | None:
    client = await town.connect()
    return (await client.get_workflow_handle(workflow_id(life.issue_id)).describe()).status


def test_given_a_rebuild_beside_a_running_relay_when_both_tell_then_one_workflow_each_is_all_there_is(
    town: Office, life: Callable[..., Case]
) -> None:
    lives = [life("handling", number) for number in range(6)]
    with running(town.relay()) as relay:
        town.live(*lives)
        rebuilt = town.rebuild()
        eventually(partial(town.caught_up, relay))

    assert rebuilt.told == 6
    for each in lives:
        assert asyncio.run(_status(town, each)) is WorkflowExecutionStatus.RUNNING
        assert {told.version for told in town.signals(each)} == {3}
