"""The API describes itself truly: every route, command, example and code; and nothing foreign is on its pages."""

import json
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from domain import errors
from domain.adoption.commands import ADOPTION_COMMANDS, AdoptPlan, WithdrawProposal
from domain.audit.commands import FINDING_COMMANDS, SAMPLE_COMMANDS, AuditCommand
from domain.bulletin.commands import BULLETIN_COMMANDS, BulletinCommand
from domain.commands import Command
from domain.duty.commands import SetRota
from domain.fund.commands import FUND_COMMANDS, FundCommand
from domain.holidays.commands import AdoptHolidays, ConfirmHolidays
from domain.issue import commands as issue_commands
from domain.issue.commands import IssueCommand, LogIssue
from domain.liaison.commands import LIAISON_COMMANDS, LiaisonCommand
from domain.meeting.commands import MEETING_COMMANDS, ConveneMeeting, OnMeeting
from domain.organisation.commands import OrganisationCommand
from domain.spot_check.commands import SPOT_CHECK_COMMANDS, SpotCheckCommand
from domain.submission.commands import SUBMISSION_COMMANDS, SubmissionCommand
from domain.values import Role
from domain.visit.commands import VISIT_COMMANDS, EntryCommand
from services.api.door.problems import TITLES, status_of
from services.api.office.commands import ISSUE_COMMANDS, for_people, path_name
from services.api.openapi.document import all_commands, description
from services.api.pages.docs import error_lines
from services.api.public.receipt_rights import RIGHTS
from services.api.public.receipts import ACTS
from tests.services.api.conftest import Api
from tests.services.api.routes import IDS, WRITE_ROUTES, WriteRoute


def test_given_the_domain_then_each_command_of_people_has_one_route() -> None:
    kinds = {getattr(issue_commands, name) for name in issue_commands.__all__ if name not in ("Part", "issue_id_of")}
    expected = {kind for kind in kinds if kind is not IssueCommand and for_people(kind)}
    to_organisation = set(OrganisationCommand.__subclasses__())
    others = {
        *(it for it in MEETING_COMMANDS if for_people(it)),
        *(it for it in FUND_COMMANDS if for_people(it)),
        AdoptHolidays,
        ConfirmHolidays,
        *VISIT_COMMANDS,
        *LIAISON_COMMANDS,
        *ADOPTION_COMMANDS,
        SetRota,
        *(it for it in SPOT_CHECK_COMMANDS if for_people(it)),
        *(it for it in SUBMISSION_COMMANDS if for_people(it)),
        *(it for it in BULLETIN_COMMANDS if for_people(it)),
        *FINDING_COMMANDS,
        *SAMPLE_COMMANDS,
    }
    assert set(all_commands().values()) == expected | others | to_organisation
    assert LogIssue in expected


def test_given_commands_of_the_process_then_none_has_a_route() -> None:
    kinds = [getattr(issue_commands, name) for name in issue_commands.__all__]
    hidden = {kind for kind in kinds if isinstance(kind, type) and getattr(kind, "ROLES", None) == {Role.PROCESS}}
    assert len(hidden) >= 6
    assert not hidden & set(all_commands().values())


@pytest.mark.parametrize(
    ("name", "expected"), [("FixOnSite", "fix-on-site"), ("OrderRework", "order-rework"), ("SplitIssue", "split-issue")]
)
def test_given_a_command_then_its_path_is_its_name_in_kebab_case(name: str, expected: str) -> None:
    assert path_name(getattr(issue_commands, name)) == expected
    assert expected in ISSUE_COMMANDS


_BESIDE_THE_LOG = (
    "/api/v1/session", "/api/v1/password", "/api/v1/inbox/read", "/api/v1/files", "/api/v1/exports",
    "/api/v1/suggestions",
)  # fmt: skip


def test_given_the_served_description_then_it_is_openapi_and_whole(api: Api) -> None:
    document = api.send("GET", "/api/openapi.json").json()
    assert document == json.loads(json.dumps(description()))
    assert document["openapi"] == "3.1.0"
    writes = {path for path, item in document["paths"].items() if "post" in item}
    doors = {f"/api/v1/receipts/{{code}}/{act}" for act in (*ACTS, *RIGHTS, "details", "file")}
    households = {path for path in writes if path.startswith("/api/v1/households")}
    assert len(households) == 11
    assert writes - households == {*all_commands(), *doors, *_BESIDE_THE_LOG}
    for path in ("/api/v1/issues", "/api/v1/issues/{number}/history", "/api/v1/ledgers/{name}", "/readyz", "/metrics"):
        assert "get" in document["paths"][path]


def test_given_references_then_each_leads_somewhere() -> None:
    text = json.dumps(description())
    for kind, name in set(re.findall(r'"#/components/(\w+)/([^"]+)"', text)):
        assert name in description()["components"][kind], name


@pytest.mark.parametrize("route", WRITE_ROUTES, ids=IDS)
def test_given_a_write_then_its_refusals_its_headers_and_its_body_are_described(route: WriteRoute) -> None:
    operation = description()["paths"][route.template]["post"]
    assert {"200", "401", "403", "404", "408", "409", "412", "413", "415", "422", "428", "429", "431", "503"} <= (
        operation["responses"].keys()
    )
    required = {parameter["name"] for parameter in operation["parameters"] if parameter["required"]}
    assert required == ({"number", "Idempotency-Key", "If-Match"} if route.on_issue else {"Idempotency-Key"})
    body = description()["components"]["schemas"][route.kind.__name__]
    assert body["additionalProperties"] is False
    assert not {"actor", "command_id", "issue_id", "causation"} & body["properties"].keys()
    assert "occurred_at" in body["properties"].keys() - set(body["required"])
    assert route.kind.__doc__
    assert operation["summary"]


@pytest.mark.parametrize("route", WRITE_ROUTES, ids=IDS)
def test_given_the_example_of_a_write_then_its_form_is_accepted(api: Api, number: str, route: WriteRoute) -> None:
    answer = api.post(route.path(number), route.body(), by=route.by, version=999 if route.on_issue else None)
    # Here a rule may refuse what has the right form: the organisation's examples are of the demonstration township,
    # what is said of a visit comes after the example that strikes it, nobody has agreed to anything, who proposes
    # holidays does not confirm them, no round waits in the fund, nobody proposes the plan that is confirmed, and the
    # meeting, the spot check and the bulletin of the examples are nobody's.
    ruled = OrganisationCommand | EntryCommand | LiaisonCommand | ConfirmHolidays | FundCommand | SetRota
    ruled |= SubmissionCommand
    refused = issubclass(route.kind, ruled)
    expected = {412} if route.on_issue else {200, 201, 409} if refused else {200, 201}
    expected = {404} if route.kind in (AdoptPlan, WithdrawProposal) else expected
    nobodys = OnMeeting | ConveneMeeting | SpotCheckCommand | BulletinCommand | AuditCommand
    expected |= {404, 409} if issubclass(route.kind, nobodys) else set()
    assert answer.status_code in expected, answer.text


def test_given_the_tree_of_errors_then_every_code_is_described_once() -> None:
    lines = list(error_lines())
    codes = [line.code for line in lines]
    assert len(codes) == len(set(codes))
    assert all(line.zh and line.en and line.status in TITLES for line in lines)
    raised = {kind.code for kind in vars(errors).values() if isinstance(kind, type) and "code" in vars(kind)}
    assert raised <= set(codes)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.NotFound, 404),
        (errors.StaleVersion, 412),
        (errors.Unavailable, 503),
        (errors.RoleNotAllowed, 403),
        (errors.WrongStage, 409),
        (errors.CommandReused, 409),
    ],
)
def test_given_an_error_of_the_tree_then_it_has_its_status(kind: type[errors.HuiyinError], status: int) -> None:
    assert status_of(kind) == status


@pytest.mark.parametrize(
    ("command", "field"),
    [
        ("AdjustBudget", "reason"),
        ("AdjustBudget", "document"),
        ("RefuseAdjustment", "reasons"),
        ("ConfirmRound", "reasons"),
        ("WithdrawRound", "reasons"),
    ],
)
def test_given_words_that_a_fund_keeps_unsealed_then_their_field_says_that_nothing_personal_belongs_there(
    command: str, field: str
) -> None:
    told = json.dumps(description()["components"]["schemas"][command]["properties"][field], ensure_ascii=False)
    assert "不加密" in told
    assert "nothing personal belongs here" in told


def test_given_the_docs_page_then_it_lists_every_route_role_and_code(api: Api) -> None:
    page = api.send("GET", "/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    for path, kind in all_commands().items():
        assert f"POST {path}</code>" in page.text
        assert f'id="{kind.__name__}"' in page.text
    for line in error_lines():
        assert f'id="{line.code}"' in page.text
    for path in description()["paths"]:
        assert path in page.text


def test_given_the_docs_page_then_it_runs_no_script_and_fetches_nothing_foreign(api: Api) -> None:
    page = api.send("GET", "/api/docs")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script|\son\w+=|style=|<style|<img|<iframe", page.text)
    assert set(re.findall(r'<link[^>]+href="([^"]+)"', page.text)) == {"/api/docs.css"}
    assert api.send("GET", "/api/docs.css").headers["content-type"].startswith("text/css")


def test_given_requests_then_metrics_count_them_by_route_and_nothing_personal(api: Api, number: str) -> None:
    api.get(f"/api/v1/issues/{number}?x=1")
    api.get("/nowhere/canary-80574213")
    text = api.send("GET", "/metrics").text
    samples = {
        (sample.labels["route"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "huiyin_api_requests_total"
    }
    assert samples["GET /api/v1/issues/{number}", "422"] >= 1
    assert samples["other", "404"] >= 1
    assert number not in text
    assert "canary" not in text
    assert "handler" not in text


def test_given_heads_then_they_answer_like_gets_without_a_body(api: Api) -> None:
    head = api.send("HEAD", "/healthz")
    assert (head.status_code, head.content) == (200, b"")


def test_given_any_command_then_it_is_frozen_and_refuses_what_it_does_not_know() -> None:
    for kind in all_commands().values():
        assert issubclass(kind, Command)
        assert kind.model_config.get("extra") == "forbid"
        assert kind.model_config.get("frozen") is True
