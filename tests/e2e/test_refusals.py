"""One issue over HTTP, refused at every stage for each kind of reason: stable code, two languages, nothing written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.plan import cut_off_after, load_plan
from domain.values import LOCAL_ZONE
from tests.support.door import LOGGED, Door, HeldIssue
from tests.support.http import Answer
from tests.support.office import COMMITTEE, TOWNSHIP
from tests.support.system import System

DAY = timedelta(days=1)
SUBMITTED: Mapping[str, Any] = {
    "current_state": "灯杆锈蚀。",
    "proposed_solution": "更换灯杆与灯具。",
    "total_budget": "50000",
    "subsidy_asked": "30000",
    "expected_completion": "2027-12-31",
}
LESS: Mapping[str, Any] = {"direction": "down", "amount": "1", "reason": "县级调减。", "document": "云财〔2026〕9号"}


@dataclass
class Refused:
    """Asks for what must be refused, and looks that nothing came of it."""

    system: System
    door: Door

    def issue(self, issue: HeldIssue, user: str, command: str, status: int, code: str, **body: Any) -> None:
        """One action on an issue."""
        key, version = uuid4(), issue.ledger()["version"]
        issue.version = version
        self.holds(issue.ask(user, command, body, key), status, code, str(key))
        assert issue.ledger()["version"] == version

    def new(self, user: str, path: str, status: int, code: str, **body: Any) -> None:
        """One new record."""
        key = uuid4()
        self.holds(self.door.client(user).post(path, body, key=key), status, code, str(key))

    def holds(self, answer: Answer, status: int, code: str, key: str) -> None:
        """It was refused like this, in both languages, and the log has never heard of it."""
        assert (answer.status, answer.code) == (status, code), answer
        assert answer.body["zh"]
        assert answer.body["en"]
        assert self.system.rows("select 1 from command_log where command_id = %s::uuid", (key,)) == []
        assert self.system.rows(_EVENTS_OF, (f"%{key}%",)) == []


_EVENTS_OF = "select 1 from ledger_events where convert_from(state, 'UTF8') like %s"


@pytest.fixture
def door(system: System) -> Iterator[Door]:
    opened = Door(system)
    yield opened
    opened.close()


@pytest.fixture
def refused(system: System, door: Door) -> Refused:
    return Refused(system, door)


@pytest.mark.timeout(300)
def test_given_any_stage_when_asked_for_what_its_rules_forbid_then_it_is_refused_and_nothing_is_written(
    door: Door, refused: Refused
) -> None:
    now = datetime.now(LOCAL_ZONE)
    cut_off = cut_off_after(now - 60 * DAY, load_plan("cx"))
    on_logging(refused, now)
    issue = door.log(at=cut_off - 20 * DAY, village="LX", promised_by=(now + 30 * DAY).isoformat())
    on_site(refused, issue, cut_off)

    def move(user: str, command: str, **fields: Any) -> None:
        """One step on; then the process does what fell due, so that versions rest."""
        issue.act(user, command, **fields)
        issue.settle()

    move("handler", "escalate-issue", at=cut_off - 19 * DAY, reason="需升降车。")
    escalated(refused, issue)
    move("lead", "accept-issue", at=cut_off - 18 * DAY, person="lead")
    handling(refused, issue)
    move("lead", "submit-to-committee", at=cut_off - 10 * DAY, **SUBMITTED)
    submission(refused, issue)
    move("lead2", "sign-submission", at=cut_off - 8 * DAY)
    committee(refused, issue, cut_off + 5 * DAY)
    meeting = door.meeting(*COMMITTEE[:5], at=cut_off + 5 * DAY)
    move(
        "committee", "decide-submission", at=cut_off + 5 * DAY, meeting_id=meeting, outcome="approved", subsidy="20000"
    )
    fund = door.budget(now.year - 1, 15_000)
    funding(refused, issue, fund)
    budget_set(refused, now.year - 1)
    door.more_budget(now.year - 1, 5_000)
    move("committee", "allocate-funding", at=now - 9 * DAY, fund_id=fund, amount="20000")
    granted(refused, issue, now.year - 1)
    move("finance", "pay-tranche", at=now - 8 * DAY, tranche=1, amount="10000")
    move("handler", "report-progress", at=now - 7 * DAY, percent=60, spent="10000")
    works(refused, issue)
    move("handler", "complete-works", at=now - 6 * DAY, summary="完工。", spent="20000")
    refused.issue(issue, "handler", "accept-works", 409, "same-person", findings="合格。")
    refused.issue(issue, "handler", "order-rework", 409, "same-person", reasons="返工。")
    move("lead", "accept-works", at=now - 5 * DAY, findings="合格。")
    refused.issue(issue, "handler", "close-issue", 409, "no-answer-given")
    move("handler", "give-reply", at=now - 4 * DAY, findings="属实。", opinion="已修好。")
    move("handler", "deliver-reply", copy_for="village", method="当面")
    feedback(refused, issue)
    move("handler", "rate-answer", at=now - 3 * DAY, rating="mostly_satisfied")
    answered(refused, issue)
    move("lead", "close-issue", at=now - 2 * DAY)
    refused.issue(issue, "handler", "record-look-back", 409, "same-person", holds=True, findings="仍亮。")
    refused.issue(issue, "handler", "close-issue", 409, "wrong-stage")
    issue.act("handler2", "record-look-back", at=now - DAY, holds=True, findings="仍亮。")
    refused.issue(issue, "handler", "correct-entry", 409, "wrong-stage", field="place", value="东口", reason="记错。")
    refused.issue(issue, "handler", "request-review", 409, "wrong-stage", grounds="不认可。")


def on_logging(refused: Refused, now: datetime) -> None:
    """Before there is an issue at all."""
    log = dict(LOGGED)
    refused.new("finance", "issues", 403, "role-not-allowed", **log)
    refused.new("handler", "issues", 409, "unknown-village", **{**log, "village": "ZZ"})
    refused.new("handler", "issues", 409, "unknown-category", **{**log, "category": "weather"})
    refused.new("handler", "issues", 409, "in-the-future", **log, occurred_at=(now + DAY).isoformat())
    refused.new("handler", "issues", 409, "before-the-beginning", **log, occurred_at="1949-09-30T12:00:00+08:00")
    refused.new("handler", "issues", 409, "promise-in-the-past", **log, promised_by=(now - DAY).isoformat())
    refused.new("handler", "issues", 422, "malformed", **log, urgent=True)
    with refused.system.client(None) as nobody:
        key = uuid4()
        refused.holds(nobody.post("issues", log, key=key), 401, "not-authenticated", str(key))


def on_site(refused: Refused, issue: HeldIssue, cut_off: datetime) -> None:
    """Logged."""
    earlier = (cut_off - 30 * DAY).isoformat()
    refused.issue(issue, "finance", "fix-on-site", 403, "role-not-allowed", measures="换灯。")
    refused.issue(issue, "admin", "fix-on-site", 403, "role-not-allowed", measures="换灯。")
    refused.issue(issue, "handler", "fix-on-site", 409, "before-the-beginning", measures="换灯。", occurred_at=earlier)
    refused.issue(issue, "handler", "give-reply", 409, "wrong-stage", findings="属实。", opinion="已修好。")
    refused.issue(issue, "handler", "escalate-issue", 409, "unknown-department", reason="专业。", department="weather")
    refused.issue(issue, "handler", "close-issue", 409, "no-answer-given")
    key, path = uuid4(), f"issues/{issue.number}/fix-on-site"
    client = refused.door.client("handler")
    refused.holds(client.post(path, {"measures": "换灯。"}, key=key), 428, "header-missing", str(key))
    stale = client.post(path, {"measures": "换灯。"}, version=issue.version + 1, key=key)
    refused.holds(stale, 412, "stale-version", str(key))
    absent = client.post("issues/LX-1999-0001/fix-on-site", {"measures": "换灯。"}, version=1, key=key)
    refused.holds(absent, 404, "not-found", str(key))


def escalated(refused: Refused, issue: HeldIssue) -> None:
    """With the township, not accepted."""
    refused.issue(issue, "handler", "accept-issue", 403, "role-not-allowed", person="handler")
    refused.issue(issue, "handler", "escalate-issue", 409, "wrong-stage", reason="再报。")
    refused.issue(issue, "handler", "resolve-issue", 409, "wrong-stage", measures="已修。")


def handling(refused: Refused, issue: HeldIssue) -> None:
    """Somebody answers for it."""
    too_much = {**SUBMITTED, "subsidy_asked": "60000"}
    refused.issue(issue, "lead", "submit-to-committee", 422, "malformed", **too_much)
    refused.issue(issue, "committee", "submit-to-committee", 403, "role-not-allowed", **SUBMITTED)
    refused.issue(issue, "lead", "escalate-issue", 409, "already-at-this-level", reason="再报。")
    refused.issue(issue, "lead", "assign-issue", 409, "already-recorded", person="lead")
    refused.issue(issue, "lead", "sign-submission", 409, "wrong-stage")


def submission(refused: Refused, issue: HeldIssue) -> None:
    """Prepared, not signed."""
    refused.issue(issue, "lead", "sign-submission", 409, "same-person")
    refused.issue(issue, "lead", "send-back-submission", 409, "same-person", reasons="再改。")
    refused.issue(issue, "handler", "sign-submission", 403, "role-not-allowed")


def committee(refused: Refused, issue: HeldIssue, met: datetime) -> None:
    """Tabled, not decided: a meeting of four, one without the decider, another day, no reasons, too much."""
    door, at = refused.door, met.isoformat()
    four, six = door.meeting(*COMMITTEE[:4], at=met), door.meeting(*COMMITTEE[:6], at=met)
    approved = {"outcome": "approved", "subsidy": "20000", "occurred_at": at}
    decide = "decide-submission"
    refused.issue(issue, "lead", decide, 403, "role-not-allowed", meeting_id=six, **approved)
    refused.issue(issue, "committee", decide, 409, "no-quorum", meeting_id=four, **approved)
    two = list(COMMITTEE[1:3])
    refused.issue(issue, "committee", decide, 409, "no-quorum", meeting_id=six, abstained=two, **approved)
    refused.issue(issue, "member7", decide, 409, "not-at-meeting", meeting_id=six, **approved)
    later = {**approved, "occurred_at": (met + DAY).isoformat()}
    refused.issue(issue, "committee", decide, 409, "outside-meeting", meeting_id=six, **later)
    declined = {"outcome": "declined", "occurred_at": at}
    refused.issue(issue, "committee", decide, 409, "reasons-needed", meeting_id=six, **declined)
    too_much = {**approved, "subsidy": "30001"}
    refused.issue(issue, "committee", decide, 409, "amount-invalid", meeting_id=six, **too_much)
    refused.issue(issue, "committee", decide, 404, "not-found", meeting_id=str(uuid4()), **approved)


def funding(refused: Refused, issue: HeldIssue, fund: str) -> None:
    """Approved; the budget is too small."""
    refused.issue(issue, "committee", "allocate-funding", 409, "over-budget", fund_id=fund, amount="20000")
    refused.issue(issue, "committee", "allocate-funding", 409, "amount-invalid", fund_id=fund, amount="20001")
    refused.issue(issue, "finance", "allocate-funding", 403, "role-not-allowed", fund_id=fund, amount="10000")
    refused.issue(issue, "finance", "pay-tranche", 409, "wrong-stage", tranche=1, amount="1000")


def budget_set(refused: Refused, year: int) -> None:
    """It is set once; nothing waits to be confirmed."""
    fund = {"township": TOWNSHIP, "year": year}
    refused.new("finance", "funds", 409, "budget-already-set", **fund, budget="20000")
    refused.new("committee", "funds/confirm-adjustment", 409, "no-adjustment", **fund)
    refused.new("committee", "funds/adjust-budget", 403, "role-not-allowed", **fund, **LESS)


def granted(refused: Refused, issue: HeldIssue, year: int) -> None:
    """The money is bound; nothing is paid."""
    fund = {"township": TOWNSHIP, "year": year}
    refused.new("finance", "funds/adjust-budget", 409, "budget-below-allocated", **fund, **LESS)
    refused.issue(issue, "finance", "pay-tranche", 409, "tranche-too-early", tranche=1, amount="10000.01")
    refused.issue(issue, "finance", "pay-tranche", 409, "tranche-out-of-order", tranche=2, amount="1000")
    refused.issue(issue, "finance", "pay-tranche", 409, "over-allocation", tranche=1, amount="20000.01")
    refused.issue(issue, "handler", "pay-tranche", 403, "role-not-allowed", tranche=1, amount="1000")


def works(refused: Refused, issue: HeldIssue) -> None:
    """Under way, at 60 per cent."""
    refused.issue(issue, "finance", "pay-tranche", 409, "tranche-too-early", tranche=2, amount="6000.01")
    refused.issue(issue, "handler", "report-progress", 409, "progress-backwards", percent=59, spent="10000")
    refused.issue(issue, "handler", "report-progress", 409, "progress-backwards", percent=70, spent="9999")
    refused.issue(issue, "handler", "complete-works", 409, "cost-overrun", summary="完工。", spent="50001")
    refused.issue(issue, "handler", "complete-works", 409, "spent-beyond-paid", summary="完工。", spent="40000.01")
    refused.issue(issue, "finance", "pay-tranche", 409, "tranche-out-of-order", tranche=1, amount="1000")
    refused.issue(issue, "handler", "withdraw-issue", 409, "money-paid", reasons="不要了。")


def feedback(refused: Refused, issue: HeldIssue) -> None:
    """Replied; the household may still speak."""
    refused.issue(issue, "lead", "close-issue", 409, "household-still-asked")
    refused.issue(issue, "handler", "deliver-reply", 409, "copy-already-delivered", copy_for="village", method="当面")
    refused.issue(issue, "handler", "request-recheck", 409, "wrong-stage", grounds="不认可。")


def answered(refused: Refused, issue: HeldIssue) -> None:
    """The household has spoken."""
    refused.issue(issue, "handler", "rate-answer", 409, "wrong-stage", rating="satisfied")
    refused.issue(issue, "handler", "request-recheck", 409, "review-not-open", grounds="不认可。")
    refused.issue(issue, "lead", "close-issue", 422, "malformed", waive_look_back=True)  # only imports may
    refused.issue(issue, "auditor", "close-issue", 403, "role-not-allowed")


@pytest.mark.timeout(120)
def test_given_the_cut_off_lies_ahead_when_decided_then_it_is_not_tabled_yet(door: Door, refused: Refused) -> None:
    now = datetime.now(LOCAL_ZONE)
    issue = door.log(at=now - DAY, village="LX", promised_by=(now + 30 * DAY).isoformat())
    issue.act("handler", "submit-to-committee", at=now, **SUBMITTED)
    issue.act("lead", "sign-submission", at=now)
    issue.settle()
    six = door.meeting(*COMMITTEE[:6], at=now)
    decided = {"meeting_id": six, "outcome": "approved", "subsidy": "20000", "occurred_at": now.isoformat()}
    refused.issue(issue, "committee", "decide-submission", 409, "not-tabled", **decided)


@pytest.mark.timeout(120)
def test_given_a_command_was_done_when_repeated_then_the_same_answer_and_another_request_is_refused(
    door: Door, system: System
) -> None:
    client, key, body = door.client("handler"), uuid4(), {**LOGGED, "village": "WS"}
    first, again = client.post("issues", body, key=key), client.post("issues", body, key=key)
    assert (first.status, again.status) == (201, 200)
    assert again.body["repeated"] is True
    same = ("issue_id", "number", "version", "receipt_code")
    assert [first.body[name] for name in same] == [again.body[name] for name in same]
    other = client.post("issues", {**body, "title": "另一件"}, key=key)
    assert (other.status, other.code) == (409, "command-id-reused")
    assert len(system.rows(_EVENTS_OF, (f"%{key}%",))) == 1
