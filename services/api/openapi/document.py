"""The API described by itself: OpenAPI 3.1, made from the commands, the read models and the error tree.

Served at /api/openapi.json; the docs page is made from the same document.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from domain.commands import Command
from projections.issue_history import HistoryLine
from projections.issue_ledger import LedgerLine
from services.api.door.problems import MEDIA_TYPE, TITLES
from services.api.door.queries import (
    AnyLedgerQuery,
    DashboardMonthsQuery,
    DashboardQuery,
    DashboardTableQuery,
    HistoryQuery,
    IssuesQuery,
    Query,
)
from services.api.office.appraisal import AppraisalQuery, MarksQuery
from services.api.office.bulletins import BulletinsQuery
from services.api.office.commands import ISSUE_COMMANDS, NOT_IN_BODIES, OTHER_COMMANDS
from services.api.office.coverage import CoverageQuery
from services.api.office.fund_lists import FundsQuery, WhatIfQuery
from services.api.office.holidays import AffectedQuery
from services.api.office.hot_topics import HotTopicsQuery
from services.api.office.meeting_lists import ItemsQuery, MeetingsQuery
from services.api.office.organisation import ChangesQuery
from services.api.office.plans import PlansQuery
from services.api.office.proofs import ProofQuery
from services.api.office.spot_checks import SpotChecksQuery
from services.api.openapi.answers import ANSWERS
from services.api.openapi.audit import AUDIT_QUERIES, AUDIT_READS
from services.api.openapi.examples import EXAMPLES
from services.api.openapi.exports import export_paths, export_schemas
from services.api.openapi.files import FILE_SCHEMAS, file_paths, files_of_an_issue
from services.api.openapi.households import household_paths, household_schemas
from services.api.openapi.inbox import INBOX_SCHEMAS, inbox_paths
from services.api.openapi.log import log_paths
from services.api.openapi.receipts import RECEIPT_SCHEMAS, receipt_paths
from services.api.openapi.session import SESSION_SCHEMAS, SESSION_SCHEME, session_paths
from services.api.openapi.shared import (
    READ_REFUSALS,
    REF,
    REF_TEMPLATE,
    WRITE_REFUSALS,
    Schema,
    body_of,
    json_of,
    refusals,
    roles_of,
    summary_of,
)
from services.api.openapi.suggestions import suggestion_path
from services.exports.forms import FORMS

_READS: Final[tuple[tuple[str, str, type[Query], str], ...]] = (
    ("/api/v1/issues", "问题列表 The issue ledger, page by page", IssuesQuery, "IssuePage"),
    ("/api/v1/issues/{number}", "一件问题 One issue; its ETag is what If-Match expects", Query, "Issue"),
    ("/api/v1/issues/{number}/history", "办理经过 Everything that happened to it", HistoryQuery, "History"),
    ("/api/v1/meetings", "会议列表 Meetings of one's places, the latest first", MeetingsQuery, "MeetingList"),
    ("/api/v1/meetings/{id}", "会议 A meeting", Query, "Meeting"),
    ("/api/v1/meetings/{id}/minutes", "会议记录 Its minutes, as the form", Query, "Minutes"),
    ("/api/v1/meetings/{id}/items", "议题 Its items: who may vote, what was said", ItemsQuery, "MeetingItems"),
    ("/api/v1/funds", "经费列表 Funds of one's townships, the latest year first", FundsQuery, "FundList"),
    ("/api/v1/funds/{id}", "专项经费 A fund: budget, allocated, paid", Query, "Fund"),
    ("/api/v1/funds/{id}/projects", "项目 Its projects: granted, payable, waiting", Query, "FundProjects"),
    (
        "/api/v1/funds/{id}/what-if",
        "试算 What a round would give; nothing is written. Refused (409) as confirming it so would be",
        WhatIfQuery,
        "WhatIf",
    ),
    ("/api/v1/ledgers/{name}", "台账 A ledger as its form; not all take every parameter", AnyLedgerQuery, "Ledger"),
    ("/api/v1/ledgers/appraisal", "考核 What each answered for in a period", AppraisalQuery, "Appraisal"),
    ("/api/v1/ledgers/appraisal/marks", "考核依据 What stands behind a figure", MarksQuery, "AppraisalMarks"),
    ("/api/v1/organisation", "组织 Places, who serves where; its ETag is what If-Match expects", Query, "Organisation"),
    ("/api/v1/organisation/history", "组织变动 Every change, by whom", ChangesQuery, "OrganisationHistory"),
    ("/api/v1/issues/{number}/deadlines", "期限说明 Every clock that ran, explained day by day", Query, "Deadlines"),
    ("/api/v1/issues/{number}/what-next", "下一步 Who owes what, by when", Query, "WhatNext"),
    ("/api/v1/team", "人员负荷 Open cases by person, how many late", Query, "Team"),
    (
        "/api/v1/issues/{number}/proof",
        "存证证明 That a step of it is in the log",
        ProofQuery,
        "IssueProof",
    ),
    ("/api/v1/issues/{number}/actions", "可办事项 What may be done with it now, by you", Query, "Actions"),
    ("/api/v1/issues/{number}/related", "相近事项 What may be the same, or share a cause", Query, "Related"),
    ("/api/v1/holidays/{year}", "放假安排 A year's table: in force, and proposed", Query, "HolidayYear"),
    ("/api/v1/holidays/{year}/affected", "受影响的期限 Whose limits it moves", AffectedQuery, "HolidaysAffected"),
    ("/api/v1/plans", "方案 Plans in force and proposed; its ETag is what If-Match expects", PlansQuery, "Plans"),
    ("/api/v1/people", "称呼 How officers are called, by account", Query, "PeopleCalled"),
    ("/api/v1/me/choices", "可选项 What can be chosen from in forms: villages, categories, people", Query, "Choices"),
    ("/api/v1/today", "今日 What I owe, the most urgent first", Query, "Today"),
    ("/api/v1/spot-checks", "抽查 Spot checks of one's villages", SpotChecksQuery, "SpotCheckList"),
    ("/api/v1/spot-checks/{id}", "一次抽查 One of them, its draw and findings", Query, "SpotCheck"),
    *AUDIT_READS,
    ("/api/v1/bulletins", "月通报 Bulletins of one's townships", BulletinsQuery, "BulletinList"),
    ("/api/v1/hot-topics", "热点 What is spoken of more often than before", HotTopicsQuery, "HotTopics"),
    ("/api/v1/dashboard", "总览 Counts, ages and the three rates, now or then", DashboardQuery, "Dashboard"),
    ("/api/v1/dashboard/table", "分项 Its counts by one thing or two", DashboardTableQuery, "DashboardTable"),
    ("/api/v1/dashboard/coverage", "走访完成 What is short of visits, and of whom", CoverageQuery, "DashboardCoverage"),
    ("/api/v1/dashboard/months", "趋势 What happened month by month", DashboardMonthsQuery, "DashboardMonths"),
)
_OPEN: Final = (
    ("/healthz", "存活 The process answers"),
    ("/readyz", "就绪 The database answers and has the tables of this version"),
    ("/metrics", "指标 Counters for Prometheus"),
    ("/api/openapi.json", "本说明 This description"),
)


_NAMING: Final = (IssuesQuery, AnyLedgerQuery, HistoryQuery, DashboardTableQuery, MarksQuery, MeetingsQuery)


@cache
def description() -> Schema:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Huiyin 回音",
            "version": "1",
            "description": "事事有回音、件件有着落。Every write needs a token, an Idempotency-Key and, on an existing "
            "issue, If-Match with the version that was read. The same request sent twice has one effect.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            **_merged(_write_paths(), _read_paths()),
            **session_paths(),
            **inbox_paths(),
            **export_paths(_KEY, _POST),
            **file_paths(_KEY) | log_paths(_POST),
            "/api/v1/suggestions": suggestion_path(),
            **household_paths(_KEY, _IF_MATCH),
            **receipt_paths(_KEY),
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "huiyin token create"},
                "session": SESSION_SCHEME,
            },
            "responses": {str(status): _problem_response(status, title) for status, title in TITLES.items()},
        },
        "security": [{"token": []}, {"session": []}],
    }


def all_commands() -> Mapping[str, type[Command]]:
    """Every write route's path and command."""
    on_issues = {f"/api/v1/issues/{{number}}/{name}": kind for name, kind in ISSUE_COMMANDS.items()}
    return {**{f"/api/v1/{name}": kind for name, kind in OTHER_COMMANDS.items()}, **on_issues}


def _merged(writes: Schema, reads: Schema) -> Schema:
    """Both by path: a list and the POST that adds to it share one."""
    return {path: {**writes.get(path, {}), **reads.get(path, {})} for path in {**writes, **reads}}


def _write_paths() -> Schema:
    return {path: {"post": _write(path, kind)} for path, kind in all_commands().items()}


def _write(path: str, kind: type[Command]) -> Schema:
    on_issue = "{number}" in path
    done = {"description": "Done, or already done", "headers": _headers("ETag"), "content": json_of("Done")}
    created = {"201": {**done, "description": "Recorded", "headers": _headers("ETag", "Location")}}
    return {
        "operationId": kind.__name__,
        "summary": summary_of(kind),
        "description": roles_of(kind),
        "parameters": [*_path_parameters(path), _KEY, {**_IF_MATCH, "required": on_issue}, _POST],
        "requestBody": body_of(kind.__name__, EXAMPLES[kind.__name__]),
        "responses": {"200": done, **({} if on_issue else created), **refusals(WRITE_REFUSALS)},
    }


def _read_paths() -> Schema:
    paths: Schema = {path: {"get": _read(path, summary, query, answer)} for path, summary, query, answer in _READS}
    for path, summary in _OPEN:
        answer = {"200": {"description": summary}}
        paths[path] = {"get": {"operationId": path, "summary": summary, "security": [], "responses": answer}}
    return paths


def _read(path: str, summary: str, query: type[Query], answer: str) -> Schema:
    return {
        "operationId": f"read {path}",
        "summary": summary,
        "parameters": [*_path_parameters(path), *_query_parameters(query), _POST],
        "responses": {"200": {"description": summary, "content": json_of(answer)}, **refusals(_refusals_of(path))},
    }


def _refusals_of(path: str) -> tuple[int, ...]:
    """A what-if is refused as the round itself would be."""
    return (*READ_REFUSALS, 409) if path.endswith("/what-if") else READ_REFUSALS


def _path_parameters(path: str) -> list[Schema]:
    found = (name for name in _IN_PATHS if "{" + name + "}" in path)
    return [{"name": name, "in": "path", "required": True, **_IN_PATHS[name]} for name in found]


def _query_parameters(query: type[Query]) -> list[Schema]:
    schema = query.model_json_schema(ref_template=REF_TEMPLATE)
    return [
        {"name": name, "in": "query", "required": False, "schema": field}
        for name, field in schema.get("properties", {}).items()
    ]


_IN_PATHS: Final[Mapping[str, Schema]] = {
    "number": {
        "description": "编号 Number, such as QS-2026-0001",
        "schema": {"type": "string", "pattern": "^[A-Z][A-Z0-9]{0,15}-[0-9]{4}-[0-9]{4,9}$"},
    },
    "id": {"description": "UUID", "schema": {"type": "string", "format": "uuid"}},
    "year": {"description": "年度 Year", "schema": {"type": "integer", "minimum": 2000, "maximum": 2199}},
    "name": {"description": "台账名称 Name of the ledger", "schema": {"type": "string", "enum": ["issues", *FORMS]}},
}
_KEY: Final[Schema] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "请求编号 A random UUID (version 4 or 7); the same when the request is repeated",
    "schema": {
        "type": "string",
        "format": "uuid",
        "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-46-9a-f][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$",
    },
}
_POST: Final[Schema] = {
    "name": "Huiyin-Post",
    "in": "header",
    "required": False,
    "description": "以何任职办理 The post in which to act, such as case_handler@QS; left out: the first that one holds",
    "schema": {"type": "string"},
}
_IF_MATCH: Final[Schema] = {
    "name": "If-Match",
    "in": "header",
    "description": '您所见的版本 The version that was read, such as "3"',
    "schema": {"type": "string", "pattern": '^"[1-9][0-9]{0,17}"$'},
}


def _headers(*names: str) -> Schema:
    return {name: {"schema": {"type": "string"}} for name in names}


def _problem_response(status: int, title: str) -> Schema:
    problem = {"description": title, "content": {MEDIA_TYPE: {"schema": {"$ref": REF + "Problem"}}}}
    return {**problem, "headers": _headers("Retry-After")} if status in (429, 503) else problem


# -- schemas --------------------------------------------------------------------------------------------------------


def _schemas() -> Schema:
    commands = [(kind, "validation") for kind in all_commands().values()]
    _, bodies = models_json_schema(commands, ref_template=REF_TEMPLATE)  # type: ignore[arg-type]
    schemas: Schema = {name: _body(schema) for name, schema in bodies["$defs"].items()}
    schemas.pop("Actor")
    for name, kind in {"LedgerLine": LedgerLine, "HistoryLine": HistoryLine}.items():
        schema = TypeAdapter(kind).json_schema(mode="serialization", ref_template=REF_TEMPLATE)
        schemas.update(schema.pop("$defs", {}))
        schemas[name] = schema
    schemas["Issue"] = _with_files(schemas["LedgerLine"])
    queries: tuple[type[Query], ...] = (*_NAMING, *AUDIT_QUERIES)
    for query in queries:
        schemas.update(query.model_json_schema(ref_template=REF_TEMPLATE).get("$defs", {}))
    others = (SESSION_SCHEMAS, INBOX_SCHEMAS, RECEIPT_SCHEMAS, FILE_SCHEMAS, export_schemas())
    parts = (household_schemas(), ANSWERS, *others)
    return schemas | {name: schema for part in parts for name, schema in part.items()}


def _with_files(line: Schema) -> Schema:
    """An issue shown by itself: its line, and the files that its events name."""
    return {**line, "properties": {**line["properties"], "files": files_of_an_issue()}}


def _body(schema: Schema) -> Schema:
    """A command's schema as a body: what headers, token and path say is not in it, and the time may be left out."""
    if not NOT_IN_BODIES & schema.get("properties", {}).keys():
        return schema
    properties = {name: field for name, field in schema["properties"].items() if name not in NOT_IN_BODIES}
    required = [name for name in schema["required"] if name in properties and name != "occurred_at"]
    return {**schema, "properties": properties, "required": required}
