"""One issue over HTTP through every stage on the real Temporal server: ledger, history, dashboard and workflow agree.

Its past lies four months back, recorded today as from a village without signal: so the process owes what fell due
meanwhile, and has to record it by itself, each at its planned time.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus

from domain.plan import cut_off_after, load_plan
from domain.values import LOCAL_ZONE
from tests.support.door import Door, HeldIssue
from tests.support.office import COMMITTEE
from tests.support.system import System
from tests.support.waiting import eventually

DAY = timedelta(days=1)
NOTICE_EVERY, MOST_NOTICES, REPORT_EVERY = 15 * DAY, 6, 30 * DAY  # the cx plan
REMINDED, MISSED, NOTICE = "issue.deadline_reminded", "issue.deadline_missed", "issue.supervision_notice_sent"


@pytest.fixture
def door(system: System) -> Iterator[Door]:
    opened = Door(system)
    yield opened
    opened.close()


def supervised(due_at: str, now: datetime) -> list[str]:
    """What the process owes for a limit that passed at `due_at`, if it had a reminder."""
    notices = 1 + (now - datetime.fromisoformat(due_at)) // NOTICE_EVERY
    return [REMINDED, MISSED, *[NOTICE] * min(notices, MOST_NOTICES)]


class Watcher:
    """After each action: does everything that follows the log say the same?"""

    def __init__(self, door: Door, issue: HeldIssue) -> None:
        self.door = door
        self.issue = issue
        self.seen = 0  # lines of the history that were looked at

    def stands(self, stage: str, topic: str, owed: list[str] | None = None) -> Mapping[str, Any]:
        """The issue entered `stage` by `topic`; since then the process did exactly what it owed. Returns the line."""
        due_at = self.issue.ledger()["due_at"]
        situation = self.issue.settle()
        line, lines = self.issue.ledger(), self.issue.history()
        assert (line["stage"], situation.stage) == (stage, stage)
        assert line["version"] == lines[-1]["version"] == len(lines)
        new = lines[self.seen :]
        assert [each["topic"] for each in new] == [topic, *(owed or [])]
        assert all(each["actor_role"] == "process" for each in new[1:])
        assert all(each["occurred_at"] == due_at for each in new[1:] if each["topic"] == MISSED)
        self.seen = len(lines)
        self.counted(stage)
        return line

    def counted(self, stage: str) -> None:
        """The dashboard counts the village's only issue at this stage."""

        def by_stage() -> Any:
            answer = self.door.client("auditor").get("dashboard", village="QS")
            return {name: count for name, count in answer.body["by_stage"].items() if count}

        eventually(lambda: by_stage() == {stage: 1})


@pytest.mark.timeout(300)
def test_given_a_problem_at_the_door_when_everybody_acts_then_it_ends_answered_and_looked_back_at(
    door: Door, system: System
) -> None:
    now = datetime.now(LOCAL_ZONE)
    cut_off = cut_off_after(now - 120 * DAY, load_plan("cx"))
    issue = door.log(at=cut_off - 25 * DAY, promised_by=(now + 30 * DAY).isoformat())
    watcher = Watcher(door, issue)
    watcher.stands("logged", "issue.logged")

    issue.act("handler", "escalate-issue", at=cut_off - 24 * DAY, reason="需升降车，村里没有。")
    watcher.stands("escalated", "issue.escalated", supervised(issue.ledger()["due_at"], now))

    issue.act("lead", "accept-issue", at=cut_off - 23 * DAY, person="handler")
    watcher.stands("handling", "issue.accepted", supervised(issue.ledger()["due_at"], now))

    asked = {"total_budget": "50000", "subsidy_asked": "30000", "expected_completion": str((now + 60 * DAY).date())}
    texts = {"current_state": "灯杆锈蚀。", "proposed_solution": "更换灯杆与灯具。"}
    issue.act("handler", "submit-to-committee", at=cut_off - 10 * DAY, **asked, **texts)
    watcher.stands("submission", "issue.submission_prepared", supervised(issue.ledger()["due_at"], now))

    issue.act("lead", "sign-submission", at=cut_off - 8 * DAY)
    tabled = eventually(lambda: next((it for it in issue.history() if it["topic"] == "issue.submission_tabled"), None))
    assert datetime.fromisoformat(tabled["occurred_at"]) == cut_off
    owed = ["issue.submission_tabled", *supervised(issue.ledger()["due_at"], now)]
    watcher.stands("committee", "issue.submission_signed", owed)

    met = cut_off + 7 * DAY
    meeting = door.meeting(*COMMITTEE[:6], at=met)
    issue.act("committee", "decide-submission", at=met, meeting_id=meeting, outcome="approved", subsidy="20000")
    watcher.stands("funding", "issue.submission_approved", supervised(issue.ledger()["due_at"], now))

    fund = door.budget(now.year, 100_000)
    issue.act("committee", "allocate-funding", at=cut_off + 8 * DAY, fund_id=fund, amount="20000")
    watcher.stands("funding", "issue.funding_granted")
    issue.act("finance", "pay-tranche", at=cut_off + 10 * DAY, tranche=1, amount="10000")  # 50 per cent
    missed_reports = (now - (cut_off + 10 * DAY)) // REPORT_EVERY
    assert missed_reports >= 2
    watcher.stands("works", "issue.tranche_paid", ["issue.progress_report_missed"] * missed_reports)

    issue.act("handler", "report-progress", at=now - 3 * DAY, percent=80, spent="16000", note="灯具待装。")
    watcher.stands("works", "issue.progress_reported")
    issue.act("finance", "pay-tranche", at=now - 3 * DAY, tranche=2, amount="6000")  # 80 per cent
    watcher.stands("works", "issue.tranche_paid")
    issue.act("handler", "complete-works", at=now - 2 * DAY, summary="全部装好，已通电。", spent="20000")
    watcher.stands("inspection", "issue.works_completed")
    issue.act("lead", "accept-works", at=now, findings="三盏均亮，符合要求。")
    watcher.stands("reply", "issue.works_accepted")
    issue.act("finance", "pay-tranche", at=now, tranche=3, amount="4000")  # the rest, once accepted
    watcher.stands("reply", "issue.tranche_paid")

    issue.act("handler", "give-reply", at=now, findings="情况属实。", opinion="路灯已修好。")
    watcher.stands("feedback", "issue.reply_given")
    for copy_for in ("household", "village", "unit", "office"):
        issue.act("handler", "deliver-reply", at=now, copy_for=copy_for, method="当面送达")
        watcher.stands("feedback", "issue.reply_delivered")
    issue.act("handler", "rate-answer", at=now, rating="satisfied")
    watcher.stands("answered", "issue.answer_rated")
    issue.act("lead", "close-issue", at=now)
    line = watcher.stands("closed", "issue.closed")
    assert (line["rating"], line["due_rule"]) == ("satisfied", "look_back")
    assert line["closed_at"] is not None

    issue.act("handler2", "record-look-back", at=now, holds=True, findings="路灯仍亮。")
    eventually(lambda: system.workflow_status(issue.issue_id) is WorkflowExecutionStatus.COMPLETED, within=20)
    line = eventually(lambda: issue.ledger()["stage"] == "settled" and issue.ledger())
    assert issue.history()[-1]["topic"] == "issue.look_back_passed"
    watcher.counted("settled")
    fund_now = door.client("finance").get(f"funds/{fund}").body
    assert (fund_now["allocated"], fund_now["paid"]) == (20_000, 20_000)


@pytest.mark.timeout(120)
def test_given_nobody_acts_when_the_on_site_window_is_long_over_then_the_process_does_all_that_is_owed(
    door: Door,
) -> None:
    now = datetime.now(LOCAL_ZONE)
    issue = door.log(at=now - 60 * DAY, village="LX")
    issue.settle()
    line, lines = issue.ledger(), issue.history()
    topics = [each["topic"] for each in lines]
    assert topics[:4] == ["issue.logged", REMINDED, MISSED, NOTICE]
    assert topics[4] == "issue.escalated"
    assert lines[4]["details"]["overdue"] is True
    assert topics[5:] == supervised(line["due_at"], now)
    assert (line["stage"], line["unit"], line["missed"]) == ("escalated", "township", 2)
    assert {each["actor_user"] for each in lines[1:]} == {"process"}
    commands = [each["command_id"] for each in lines]
    assert len(set(commands)) == len(commands) - 2  # a miss and its first notice are one command
