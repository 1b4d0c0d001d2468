"""The one door for writes under many callers at once: numbers without gaps, one effect each, a budget that holds."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from functools import partial
from threading import Barrier
from typing import TypeVar

import psycopg
import pytest

from domain.casework import Casework
from domain.commands import Command
from domain.errors import CannotMerge, HuiyinError, OverBudget, Unavailable
from domain.fund.commands import ConfirmRound, ProposeRound, SetBudget, Share
from domain.fund.events import RoundConfirmed
from domain.fund.state import fold as fold_fund
from domain.issue import commands as c
from domain.issue.events import AnswerShared, IssueLogged, IssueMerged
from domain.issue.words import Stage
from domain.office import Outcome
from tests.support.casework import FUND_ID, Clock, case, command, live_through
from tests.support.pool import of, pool, project
from tests.support.postgres import Database
from tests.support.promises import keeps_its_promises

T = TypeVar("T")


def at_once(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """Runs every task in a thread of its own, all starting together; their results, in order."""
    gate = Barrier(len(tasks))

    def run(task: Callable[[], T]) -> T:
        gate.wait(timeout=30)
        return task()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(run, tasks))


def ask(casework: Casework, asked: Command) -> Outcome | HuiyinError:
    """What came of it, or why not."""
    try:
        return casework.handle(asked)
    except HuiyinError as refusal:
        return refusal


def test_given_32_callers_when_logging_then_the_numbers_of_a_village_have_no_gap(casework: Casework) -> None:
    def log_four(caller: int) -> list[str | None]:
        reports = [command(c.LogIssue, village=village, key=(caller, village)) for village in ("QS", "LX", "QS", "LX")]
        # The third and fourth are repeats of the first two; every second caller is also refused in between.
        refused = command(c.LogIssue, category="gossip", key=caller)
        assert isinstance(ask(casework, refused), HuiyinError)
        return [casework.handle(report).number for report in reports]

    numbers = at_once([partial(log_four, caller) for caller in range(32)])
    for village, place in (("QS", 0), ("LX", 1)):
        assert sorted(str(given[place]) for given in numbers) == [f"{village}-2026-{n:04d}" for n in range(1, 33)]
    assert all(given[:2] == given[2:] for given in numbers)


def test_given_50_callers_with_the_same_report_when_logging_then_it_is_one_issue(casework: Casework) -> None:
    asked = command(c.LogIssue)
    outcomes = at_once([partial(casework.handle, asked)] * 50)
    assert (
        len({(outcome.stream_id, outcome.version, outcome.number, outcome.receipt_code) for outcome in outcomes}) == 1
    )
    assert sum(not outcome.repeated for outcome in outcomes) == 1
    assert len(list(casework.history(outcomes[0].stream_id))) == 1


def test_given_50_callers_with_the_same_command_when_fixing_then_it_is_fixed_once(casework: Casework) -> None:
    logged = casework.handle(command(c.LogIssue))
    fix = command(c.FixOnSite, logged.stream_id)
    outcomes = at_once([partial(casework.handle, fix)] * 50)
    assert {(outcome.version, outcome.number) for outcome in outcomes} == {(2, logged.number)}
    assert sum(not outcome.repeated for outcome in outcomes) == 1
    assert len(list(casework.history(logged.stream_id))) == 2


def test_given_16_callers_on_one_issue_when_each_adds_something_then_nothing_is_lost(casework: Casework) -> None:
    """Those who lost every race are told so, and may repeat with the same id."""
    logged = casework.handle(command(c.LogIssue))

    def link_until_done(caller: int) -> int:
        asked = command(c.LinkCommonCause, logged.stream_id, cause=f"cause-{caller}")
        for _ in range(20):
            try:
                return casework.handle(asked).version
            except Unavailable:
                continue
        raise AssertionError("never served")

    versions = at_once([partial(link_until_done, caller) for caller in range(16)])
    assert sorted(versions) == list(range(2, 18))
    keeps_its_promises(tuple(casework.history(logged.stream_id)))


def test_given_eight_allocations_at_once_when_only_five_fit_then_the_budget_holds(
    casework: Casework, clock: Clock
) -> None:
    lives = [case("funding", key=number) for number in range(8)]
    for life in lives:
        live_through(casework, clock, life)
    clock.advance(timedelta(days=1))
    casework.handle(command(SetBudget, budget=109_999))
    asked = [life.command(c.AllocateFunding) for life in lives]
    answers = at_once([partial(ask, casework, sent) for sent in asked])
    while any(isinstance(answer, Unavailable) for answer in answers):
        answers = [ask(casework, sent) for sent in asked]
    assert sum(isinstance(answer, Outcome) for answer in answers) == 5
    assert sum(isinstance(answer, OverBudget) for answer in answers) == 3
    fund = fold_fund(casework.history(FUND_ID))
    assert fund is not None
    assert (fund.allocated, fund.left) == (Decimal(100_000), Decimal(9_999))
    granted = [issue.granted for life in lives if (issue := casework.issue(life.issue_id)) is not None]
    assert sum(granted) == fund.allocated


def test_given_a_reply_and_a_merge_at_once_then_the_household_is_answered_or_told_it_is_too_late(
    casework: Casework, clock: Clock
) -> None:
    for key in range(8):
        life = case("fixed", key=key)
        live_through(casework, clock, life)
        duplicate = casework.handle(command(c.LogIssue, key=("duplicate", key))).stream_id
        sent = (life.command(c.GiveReply, at=life.now), command(c.MergeIssue, duplicate, into=life.issue_id))
        replied, merged = at_once([partial(ask, casework, asked) for asked in sent])
        assert isinstance(replied, Outcome)
        kinds = [type(event) for event in casework.history(duplicate)]
        if isinstance(merged, CannotMerge):
            assert kinds == [IssueLogged]
        else:
            assert kinds == [IssueLogged, IssueMerged, AnswerShared]


def test_given_two_issues_merged_into_each_other_at_once_then_only_one_is(casework: Casework) -> None:
    first, second = (casework.handle(command(c.LogIssue, key=key)).stream_id for key in ("a", "b"))
    merges = [command(c.MergeIssue, first, into=second), command(c.MergeIssue, second, into=first)]
    answers = at_once([partial(ask, casework, sent) for sent in merges])
    stages = {issue.stage for stream in (first, second) if (issue := casework.issue(stream)) is not None}
    assert sum(isinstance(answer, Outcome) for answer in answers) == 1
    assert stages == {Stage.MERGED, Stage.LOGGED}


def test_given_the_connections_were_cut_when_handled_then_the_command_still_counts_once(
    casework: Casework, database: Database
) -> None:
    logged = casework.handle(command(c.LogIssue))
    with psycopg.connect(database.superuser_dsn, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()",
            (database.name,),
        )
    assert casework.handle(command(c.FixOnSite, logged.stream_id)).version == 2
    assert len(list(casework.history(logged.stream_id))) == 2


@pytest.mark.proves("L9", "CX7")
@pytest.mark.parametrize("budget", [45_000, 100_000], ids=["half of it", "all but one"])
def test_given_rounds_and_single_grants_at_once_then_nothing_is_promised_twice_nor_beyond_the_budget(
    casework: Casework, clock: Clock, budget: int
) -> None:
    wanted = [project(f"rival {number}", days=number) for number in range(6)]
    life = pool(*wanted, budget=budget)
    live_through(casework, clock, life)
    clock.advance(timedelta(days=1))
    proposed = at_once([partial(ask, casework, life.command(ProposeRound, key=number)) for number in range(4)])
    assert sum(isinstance(answer, Outcome) for answer in proposed) == 1
    two = (Share(issue_id=wanted[4].issue_id, amount="20000"), Share(issue_id=wanted[5].issue_id, amount="9000"))
    rounds = [life.command(ConfirmRound, by=member, reasons="调整。") for member in ("member2", "member3")]
    rounds += [life.command(ConfirmRound, by="member4", shares=two, reasons="调整。")]
    singles = [of(life, it).command(c.AllocateFunding, by="member5") for it in wanted]
    until_answered(casework, [*rounds, *singles])
    fund = fold_fund(casework.history(FUND_ID))
    assert fund is not None
    assert 0 < fund.allocated <= budget
    confirmed = [event for event in casework.history(FUND_ID) if isinstance(event, RoundConfirmed)]
    assert len(confirmed) <= 1
    issues = [casework.issue(it.issue_id) for it in wanted]
    granted = {issue.issue_id: issue.granted for issue in issues if issue and issue.granted}
    assert granted == {key: grant.amount for key, grant in fund.grants.items()}
    assert sum(granted.values()) == fund.allocated


def until_answered(casework: Casework, asked: list[Command]) -> None:
    """All at once; whoever lost every race asks again."""
    answers = at_once([partial(ask, casework, sent) for sent in asked])
    while any(isinstance(answer, Unavailable) for answer in answers):
        answers = [ask(casework, sent) for sent in asked]
