"""Lives of issues whose workflows are recorded, each told to the end of what it is for. Used by record_histories.py."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

from domain.errors import Unavailable
from domain.issue import commands as c
from domain.issue.state import Issue
from domain.values import Role
from tests.support.casework import Case, case
from tests.workflows.process import MONDAY, Process
from workflows.names import workflow_id

Scenario = Callable[[Process], Awaitable[str]]
"""People live and time passes; the id of the workflow whose history is kept."""
GENERATION: Final = "_steps_in_task"
"""Part of the names of files recorded now. Those without it have an activity for each step."""


async def left_alone(process: Process) -> str:
    """Nobody touches it: reminded, missed, escalated by itself, supervised until the notices are used up."""
    life = case("logged", at=MONDAY)
    await process.live(life)
    await process.until(MONDAY + timedelta(days=120))
    return workflow_id(life.issue_id)


async def silent_household(process: Process) -> str:
    """Replied at once; the household keeps silent, and then nobody looks back."""
    life = case("feedback", at=MONDAY)
    await process.live(life)
    await process.until(MONDAY + timedelta(days=160))
    return workflow_id(life.issue_id)


async def through_the_committee(process: Process) -> str:
    """Everybody acts in time, through committee, funds and works, until it is settled."""
    life = case("feedback_after_works", at=MONDAY).do(c.RateAnswer).do(c.CloseIssue)
    life = life.do(c.RecordLookBack, at=life.now + timedelta(days=20))
    await act_in_time(process, life)
    return workflow_id(life.issue_id)


async def works_without_reports(process: Process) -> str:
    """Two monthly reports are missed, then the issue is told of news that change nothing, and then of an extension."""
    life = case("works", at=MONDAY)
    await act_in_time(process, life)
    await process.until(life.now + timedelta(days=65))
    await process.tell(life.issue_id)
    asked = life.command(c.RequestExtension, at=life.now + timedelta(days=66))
    granted = life.command(c.GrantExtension, at=life.now + timedelta(days=67))
    await process.do(asked, granted)
    await process.until(life.now + timedelta(days=95))
    return workflow_id(life.issue_id)


async def the_log_away_once(process: Process) -> str:
    """The log is away when the reminder is due, and back at the next attempt."""
    life, casework = case("logged", at=MONDAY), process.casework
    advance = casework.advance

    def away(issue: Issue, command: c.IssueCommand) -> Issue:
        casework.advance = advance  # type: ignore[method-assign]
        raise Unavailable

    casework.advance = away  # type: ignore[method-assign]
    await process.live(life)
    await process.until(MONDAY + timedelta(days=7))
    return workflow_id(life.issue_id)


async def paused_and_handed_over(process: Process) -> str:
    """A pause that ends by itself; then somebody else has it, so late that the household's date and theirs pass."""
    life = case("paused", at=MONDAY)
    await act_in_time(process, life)
    await process.until(MONDAY + timedelta(days=40))
    clock = life.issue.deadline
    await process.do(life.command(c.AssignIssue, at=(clock.due_at if clock else MONDAY) - timedelta(hours=9)))
    await process.until(MONDAY + timedelta(days=75))
    return workflow_id(life.issue_id)


async def not_told(process: Process) -> str:
    """Under the statutory profile nobody tells the household, until somebody does so late."""
    life = case("logged", at=MONDAY, household="QS-012")
    await process.live(life)
    await process.until(MONDAY + timedelta(days=20))
    await process.do(life.command(c.NotifyHousehold, at=MONDAY + timedelta(days=20)))
    await process.until(MONDAY + timedelta(days=25))
    return workflow_id(life.issue_id)


async def act_in_time(process: Process, life: Case) -> None:
    """People do what they did in this case when they did it; what the process does is left to the process."""
    for sent in life.commands:
        await process.until(sent.occurred_at)
        if sent.actor.role is not Role.PROCESS:
            await process.do(sent)


OF_AN_ISSUE: Final[Mapping[str, Scenario]] = {
    f"{scenario.__name__}{GENERATION}": scenario
    for scenario in (
        left_alone,
        silent_household,
        through_the_committee,
        works_without_reports,
        the_log_away_once,
        paused_and_handed_over,
        not_told,
    )
}
UNDER: Final[Mapping[str, str]] = {f"{not_told.__name__}{GENERATION}": "xf"}
"""Under which plan a scenario is lived, where that is not the usual one."""
