"""Every command through the real door, at the stage where it is due: done, repeated, stale."""

from typing import Any
from uuid import uuid4

import pytest

from domain.commands import Command
from domain.files import files_by_field, files_named_in
from domain.issue import commands as c
from domain.issue.words import Channel, Stage
from domain.meeting.commands import RecordMeeting
from services.api.office.commands import ISSUE_COMMANDS, NOT_IN_BODIES, path_name
from services.files.kept import Upload
from tests.services.api.conftest import Api, assert_problem
from tests.support.casework import Case, case
from tests.support.files import photo
from tests.support.states import with_budget

STATE_OF: dict[type[c.IssueCommand], str] = {
    c.FixOnSite: "logged",
    c.EscalateIssue: "logged",
    c.AcceptIssue: "escalated",
    c.ReturnEscalation: "escalated",
    c.AssignIssue: "logged",
    c.ResolveIssue: "handling",
    c.SubmitToCommittee: "handling",
    c.SignSubmission: "submission",
    c.SendBackSubmission: "submission",
    c.DecideSubmission: "tabled",
    c.RecordCountyAnswer: "with_county",
    c.AllocateFunding: "funding",
    c.PayTranche: "granted",
    c.ReturnUnspent: "unspent",
    c.CancelGrant: "granted",
    c.ReportProgress: "works",
    c.CompleteWorks: "works",
    c.AcceptWorks: "inspection",
    c.OrderRework: "inspection",
    c.GiveReply: "fixed",
    c.DeliverReply: "feedback",
    c.RateAnswer: "feedback",
    c.RequestReview: "answered",
    c.DecideReview: "review",
    c.RequestRecheck: "reviewed",
    c.DecideRecheck: "recheck",
    c.CloseIssue: "answered",
    c.RecordLookBack: "closed",
    c.PlanRectification: "handling",
    c.MarkBacklog: "logged",
    c.ProposeFinalFiling: "rechecked",
    c.FileAsFinal: "final_proposed",
    c.RefuseFinalFiling: "final_proposed",
    c.RequestExtension: "logged",
    c.PauseClock: "handling",
    c.ResumeClock: "paused",
    c.GrantExtension: "extension_asked",
    c.RefuseExtension: "extension_asked",
    c.WithdrawIssue: "logged",
    c.MergeIssue: "logged",
    c.SplitIssue: "logged",
    c.LinkCommonCause: "logged",
    c.AssignLeader: "logged",
    c.CorrectEntry: "logged",
    c.NotifyHousehold: "logged",
}
STAFF_FOR_HOUSEHOLD = {c.RequestReview, c.RequestRecheck}


def body_of(command: Command) -> dict[str, Any]:
    return command.model_dump(mode="json", exclude=set(NOT_IN_BODIES), exclude_none=True)


def prepared(api: Api, kind: type[c.IssueCommand]) -> tuple[Case, Command]:
    """A life at the stage where `kind` is due, lived for real, and the command that comes next."""
    channel = {"channel": Channel.PETITION} if kind is c.MarkBacklog else {}
    life = case(STATE_OF[kind], key=uuid4().hex, **channel)
    fields: dict[str, Any] = {}
    if kind is c.DecideSubmission:
        life = life.do(RecordMeeting)
    if kind is c.AllocateFunding:
        life = with_budget(life)
    if kind is c.MergeIssue:
        fields["into"] = api.lived("logged").stream_id
    if kind in STAFF_FOR_HOUSEHOLD:
        fields["by"] = "handler"
    api.live(life)
    command = life.command(kind, **fields)
    api.clock.set(command.occurred_at)
    return life, with_photos(api, life, command)


def with_photos(api: Api, life: Case, command: Command) -> Command:
    """The command with photos that its own actor uploaded for this issue, where it names any."""
    issue = api.casework.issue(life.issue_id)
    if issue is None or not files_named_in(command):
        return command
    upload = Upload(uuid4(), command.actor.user, issue.village, issue.household, photo())
    digest = api.parts.files.take_in(upload)[0].digest
    return command.model_copy(update=dict.fromkeys(files_by_field(command), (digest,)))


def test_given_the_domain_then_every_command_of_people_is_tried_here() -> None:
    assert set(ISSUE_COMMANDS.values()) == STATE_OF.keys()


@pytest.mark.parametrize("kind", STATE_OF, ids=lambda kind: kind.__name__)
def test_given_the_due_stage_when_somebody_acts_then_it_is_done_once(api: Api, kind: type[c.IssueCommand]) -> None:
    life, command = prepared(api, kind)
    before = api.casework.issue(life.issue_id)
    assert before is not None
    path, key = f"/api/v1/issues/{before.number}/{path_name(kind)}", str(uuid4())
    send = {"by": command.actor.user, "version": before.version}

    done = api.post(path, body_of(command), key=key, **send)
    assert done.status_code == 200, done.text
    after = api.casework.issue(life.issue_id)
    assert after is not None
    assert done.json() == {
        "issue_id": str(life.issue_id), "number": before.number, "version": after.version, "repeated": False
    }  # fmt: skip
    assert done.headers["etag"] == f'"{after.version}"'
    assert after.version > before.version
    last = list(api.casework.history(life.issue_id))[-1]
    assert (str(last.command_id), last.actor, last.occurred_at) == (key, command.actor, command.occurred_at)

    written = api.written()
    again = api.post(path, body_of(command), key=key, **send)
    assert again.status_code == 200
    assert again.json() == {**done.json(), "repeated": True}

    stale = assert_problem(api.post(path, body_of(command), **send), 412, "stale-version")
    assert (stale["version"], stale["stage"]) == (after.version, after.stage)
    assert api.written() == written


def test_given_nothing_when_an_issue_is_logged_then_it_has_a_number_a_receipt_and_a_place(api: Api) -> None:
    key = str(uuid4())
    body = {"channel": "visit", "village": "QS", "category": "construction", "description": "村口路灯不亮。"}
    done = api.post("/api/v1/issues", body, key=key)
    assert done.status_code == 201, done.text
    answer = done.json()
    assert answer["number"].startswith("QS-2026-")
    assert (answer["version"], answer["repeated"]) == (1, False)
    assert len(answer["receipt_code"].split("-")) == 4
    assert done.headers["location"] == f"/api/v1/issues/{answer['number']}"

    again = api.post("/api/v1/issues", body, key=key)
    assert again.status_code == 200
    assert again.json() == {**answer, "repeated": True}

    other = assert_problem(api.post("/api/v1/issues", {**body, "village": "LX"}, key=key), 409, "command-id-reused")
    assert other["errors"] == []


def test_given_a_meeting_and_a_fund_then_their_ids_come_back_and_they_can_be_read(api: Api) -> None:
    met = api.post(
        "/api/v1/meetings",
        {"township": "外山镇", "chair": "committee", "present": ["committee", "member2"]},
        by="committee",
    )
    assert met.status_code == 201, met.text
    meeting = api.get(f"/api/v1/meetings/{met.json()['meeting_id']}", by="lead")
    assert meeting.status_code == 200
    assert meeting.json()["present"] == ["committee", "member2"]

    fund = api.post("/api/v1/funds", {"township": "外山镇", "year": 2026, "budget": "1000.50"}, by="finance")
    assert fund.status_code == 201, fund.text
    fund_path = f"/api/v1/funds/{fund.json()['fund_id']}"
    assert api.get(fund_path).json()["budget"] == 1000.5
    said = {"township": "外山镇", "year": 2026}
    more = {**said, "direction": "up", "amount": 1000, "reason": "县级追加。", "document": "云财〔2026〕8号"}
    raised = api.post("/api/v1/funds/adjust-budget", more, by="finance", version=1)
    assert (raised.status_code, raised.json()["version"]) == (200, 2)
    assert api.post("/api/v1/funds/confirm-adjustment", said, by="finance").json()["code"] == "same-person"
    confirmed = api.post("/api/v1/funds/confirm-adjustment", said, by="committee", version=2)
    assert confirmed.json() == {"fund_id": fund.json()["fund_id"], "version": 3, "repeated": False}
    assert api.get(fund_path).json()["budget"] == 2000.5
    assert_problem(api.post("/api/v1/funds/adjust-budget", more, by="finance", version=1), 412, "stale-version")
    assert_problem(api.get(fund_path.replace("funds", "meetings")), 404, "not-found")
    assert_problem(api.get(f"/api/v1/funds/{met.json()['meeting_id']}"), 404, "not-found")


def test_given_the_wrong_stage_then_the_refusal_says_where_the_issue_stands(api: Api, number: str) -> None:
    refused = assert_problem(
        api.post(f"/api/v1/issues/{number}/accept-works", {"findings": "好。"}, by="lead", version=1),
        409,
        "wrong-stage",
    )
    assert (refused["stage"], refused["version"]) == (Stage.LOGGED, 1)


def test_given_the_wrong_role_then_it_is_403_and_nothing_is_written(api: Api, number: str) -> None:
    written = api.written()
    fix = f"/api/v1/issues/{number}/fix-on-site"
    for by in ("auditor", "admin", "finance", "committee"):
        assert_problem(api.post(fix, {"measures": "好。"}, by=by, version=1), 403, "role-not-allowed")
    assert api.written() == written


def test_given_a_late_record_then_the_time_given_is_kept_and_a_repeat_without_it_is_the_same(api: Api) -> None:
    logged = api.lived("logged")
    path, key = f"/api/v1/issues/{logged.number}/assign-issue", str(uuid4())
    body = {"person": "lead2", "occurred_at": "2026-03-02T10:30:00+08:00"}
    api.clock.set(api.clock.now.replace(day=5))
    assert api.post(path, body, by="lead", key=key, version=1).status_code == 200
    last = list(api.casework.history(logged.stream_id))[-1]
    assert last.occurred_at.isoformat() == "2026-03-02T10:30:00+08:00"
    again = api.post(path, {"person": "lead2"}, by="lead", key=key, version=1)
    assert again.json()["repeated"] is True
