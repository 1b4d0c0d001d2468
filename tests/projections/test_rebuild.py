"""Rebuilding: the log makes the same rows again, tampering shows, and followers go on as if nothing had happened."""

from collections.abc import Mapping
from uuid import uuid4

import psycopg
import pytest

from projections import rebuild as rebuilding
from projections import side_tables
from projections.rebuild import Difference, RebuildRunning, compare, rebuild
from projections.registry import PROJECTIONS, UnknownProjection
from projections.side_tables import CannotRebuild, fill_side_tables
from tests.projections.ledger import OF_OTHER_STREAMS, Log, following
from tests.projections.lives import LIVES
from tests.support.casework import case
from tests.support.waiting import eventually

NAMES = tuple(model.name for model in PROJECTIONS if model not in OF_OTHER_STREAMS)
"""What follows issues: the lives here have no household registered (test_household_register.py)."""


def all_rows(log: Log) -> list[list[tuple[object, ...]]]:
    return [log.rows(projection) for projection in PROJECTIONS if projection.name in NAMES]


def differences(log: Log) -> dict[str, tuple[Difference, ...]]:
    return {each.name: each.differences for each in compare(log.database.owner_dsn, NAMES)}


NONE: dict[str, tuple[Difference, ...]] = dict.fromkeys(NAMES, ())


def test_given_live_tables_then_the_log_makes_the_same_rows_again(log: Log) -> None:
    log.settle()
    log.append(*LIVES)
    log.fill()
    compared = compare(log.database.owner_dsn, NAMES)
    assert [each.differences for each in compared] == [()] * len(NAMES)
    assert [each.rows for each in compared] == [len(rows) for rows in all_rows(log)]
    assert {each.position for each in compared} == {len(log.read()) - 1}
    live = all_rows(log)
    rebuilt = rebuild(log.database.owner_dsn, NAMES)
    assert [(each.name, each.position, each.rows) for each in rebuilt] == [
        (each.name, each.position, each.rows) for each in compared
    ]
    assert all_rows(log) == live


def test_given_a_comparison_then_it_leaves_nothing_behind_and_changes_nothing(log: Log) -> None:
    log.append(*LIVES[:3])
    log.fill()
    before = all_rows(log), log.query("select * from follower_position order by name")
    assert differences(log) == NONE
    assert (all_rows(log), log.query("select * from follower_position order by name")) == before
    assert log.query("select to_regnamespace('rebuild')") == [(None,)]


@pytest.mark.parametrize(
    ("tampering", "only_live", "only_rebuilt"),
    [
        ("update issue_ledger set person = 'somebody-else' where number = %s", 1, 1),
        ("update issue_ledger set due_at = due_at + interval '1 microsecond' where number = %s", 1, 1),
        ("update issue_ledger set measures = null where number = %s", 1, 1),
        ("delete from issue_ledger where number = %s", 0, 1),
    ],
)
def test_given_a_tampered_row_then_the_comparison_names_it(
    log: Log, tampering: str, only_live: int, only_rebuilt: int
) -> None:
    log.append(case("fixed", key="a"), case("fixed", key="b"), case("fixed", key="c"))
    log.fill()
    ((issue_id, number),) = log.query("select issue_id, number from issue_ledger order by number offset 1 limit 1")
    log.follower.execute(tampering.encode(), (number,))
    found = differences(log)
    assert found == NONE | {
        "issue_ledger": (Difference("issue_ledger", only_live, only_rebuilt, (str(issue_id),)),),
    }


def test_given_a_forged_line_of_history_then_it_is_named_by_issue_and_version(log: Log) -> None:
    log.append(case("fixed"))
    log.fill()
    log.follower.execute('update issue_history set details = details || \'{"measures": "x"}\' where version = 2')
    log.follower.execute(
        "insert into issue_history select 99, issue_id, 3, topic, occurred_at, recorded_at, actor_user, actor_role,"
        " command_id, causation, details, village, concerns from issue_history where version = 2"
    )
    issue_id = case("fixed").issue_id
    assert differences(log)["issue_history"] == (Difference("issue_history", 2, 1, (f"{issue_id}/2", f"{issue_id}/3")),)


def test_given_tampered_rows_then_a_rebuild_mends_them(log: Log) -> None:
    log.append(*LIVES[:5])
    log.fill()
    live = all_rows(log)
    log.follower.execute("update issue_ledger set person = 'x'")
    log.follower.execute("delete from issue_history")
    log.follower.execute("update dashboard set late = true")
    rebuild(log.database.owner_dsn, ["issue_ledger", "issue_history"])
    assert [bool(each) for each in differences(log).values()] == [name == "dashboard" for name in NAMES]
    rebuild(log.database.owner_dsn, ["dashboard"])
    assert all_rows(log) == live


def test_given_models_that_never_ran_then_a_rebuild_fills_them_up_to_the_head(log: Log) -> None:
    log.append(*LIVES[:4])
    rebuild(log.database.owner_dsn, NAMES)
    assert {log.position(name) for name in NAMES} == {len(log.read()) - 1}
    assert differences(log) == NONE


def test_given_a_live_model_behind_the_log_then_it_is_compared_as_far_as_it_got(log: Log) -> None:
    log.append(*LIVES[:4])
    log.fill()
    log.append(case("settled", key="later"))
    compared = compare(log.database.owner_dsn, NAMES)
    assert [each.differences for each in compared] == [()] * len(NAMES)
    reached = log.position("issue_ledger")
    assert reached < len(log.read()) - 1
    assert {each.position for each in compared} == {reached}


def test_given_models_at_different_positions_then_each_is_compared_at_its_own(log: Log) -> None:
    log.append(case("fixed"))
    log.fill()
    log.append(case("settled", key="later"))
    PROJECTIONS[0].apply(log.follower, log.read()[2:4])
    log.follower.execute("update follower_position set position = 3 where name = 'issue_ledger'")
    compared = compare(log.database.owner_dsn, NAMES)
    assert [(each.position, each.differences) for each in compared] == [(3, ()), *[(1, ())] * (len(NAMES) - 1)]


# -- while people go on ---------------------------------------------------------------------------------------------


def growing_meanwhile(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the filling of the new tables and their putting in place, followers take in three more issues."""

    def fill(dsn: str, up_to: Mapping[str, int]) -> None:
        fill_side_tables(dsn, up_to)
        log.append(case("handling", key="x"), case("missed", key="y"), case("settled", key="z"))
        head = len(log.read()) - 1
        eventually(lambda: all(log.position(name) == head for name in NAMES))

    monkeypatch.setattr(rebuilding, "fill_side_tables", fill)


@pytest.mark.parametrize("compared_only", [True, False])
def test_given_followers_that_go_on_meanwhile_then_the_new_tables_catch_up_with_them(
    log: Log, monkeypatch: pytest.MonkeyPatch, compared_only: bool
) -> None:
    log.append(*LIVES[:6])
    growing_meanwhile(log, monkeypatch)
    with following(log):
        eventually(lambda: log.position("dashboard") == len(log.read()) - 1)
        if compared_only:
            assert differences(log) == NONE
        else:
            rebuild(log.database.owner_dsn, NAMES)
        monkeypatch.undo()
        log.append(case("logged", key="afterwards"))
        eventually(lambda: all(log.position(name) == len(log.read()) - 1 for name in NAMES))
    assert differences(log) == NONE


def test_given_a_rebuild_then_the_follower_may_still_write_the_new_tables(log: Log) -> None:
    log.append(case("fixed"))
    indexes = "select indexdef from pg_indexes where schemaname = 'public' and tablename = any(%s) order by indexdef"
    before = log.query(indexes, list(NAMES))
    rebuild(log.database.owner_dsn, NAMES)
    for table in ("issue_ledger", "issue_history", "dashboard"):
        assert log.follower.execute(f"delete from {table}".encode()).rowcount > 0
    assert log.query(indexes, list(NAMES)) == before != []


# -- refusals -------------------------------------------------------------------------------------------------------


def test_given_an_event_no_model_knows_then_nothing_changes_and_it_is_named_without_its_content(log: Log) -> None:
    log.append(*LIVES[:2])
    log.fill()
    position = len(log.read())
    log.write_raw(uuid4(), 1, "issue.of_the_future", '{"description":"村口路灯"}'.encode())
    log.seal()
    live = log.query("select * from issue_ledger order by number")
    with pytest.raises(CannotRebuild) as caught:
        rebuild(log.database.owner_dsn, NAMES)
    assert (caught.value.name, caught.value.position, caught.value.topic) == ("log", position, "issue.of_the_future")
    assert "路灯" not in str(caught.value)
    assert log.query("select * from issue_ledger order by number") == live
    assert differences(log) == NONE


def test_given_a_damaged_stream_then_the_event_at_fault_is_found(log: Log) -> None:
    log.append(case("fixed"))
    missing_beginning = case("fixed", key="headless").events[1]
    log.write(missing_beginning)
    log.seal()
    with pytest.raises(CannotRebuild) as caught:
        rebuild(log.database.owner_dsn, ["dashboard"])
    assert (caught.value.name, caught.value.position, caught.value.topic) == ("dashboard", 2, "issue.fixed_on_site")
    assert caught.value.error.startswith("BrokenStream")


def test_given_a_rebuild_under_way_then_another_is_refused(log: Log) -> None:
    with psycopg.connect(log.database.owner_dsn, autocommit=True) as other:
        other.execute("select pg_advisory_lock(7214004)")
        for call in (rebuild, compare):
            with pytest.raises(RebuildRunning):
                call(log.database.owner_dsn, NAMES)
    rebuild(log.database.owner_dsn, NAMES)


def test_given_an_unknown_name_then_it_is_refused(log: Log) -> None:
    with pytest.raises(UnknownProjection, match="diary"):
        rebuild(log.database.owner_dsn, ["diary", "dashboard"])


# -- in several processes -------------------------------------------------------------------------------------------


def test_given_several_processes_then_every_stream_is_taken_in_once(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_tables, "_WORTH_A_PROCESS", 100)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    log.append(*LIVES)
    log.fill()
    live = all_rows(log)
    assert differences(log) == NONE
    rebuild(log.database.owner_dsn, NAMES)
    assert all_rows(log) == live


def test_given_an_event_at_fault_in_another_process_then_it_is_named_all_the_same(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_tables, "_WORTH_A_PROCESS", 10)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    log.append(*LIVES[:20])
    for nth in range(4):
        log.write_raw(uuid4(), 1 + nth, "issue.of_the_future", b"{}")
    log.seal()
    with pytest.raises(CannotRebuild) as caught:
        rebuild(log.database.owner_dsn, NAMES)
    assert caught.value.topic == "issue.of_the_future"


def test_given_streams_longer_than_a_batch_then_they_stay_whole(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_tables, "_BATCH", 2)
    log.append(*LIVES[:8])
    log.fill()
    assert differences(log) == NONE
