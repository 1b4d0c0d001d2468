"""What exports take and give, as the API describes itself. Called by document.py."""

from typing import Final

from services.api.office.export_jobs import AskExport
from services.api.office.exports import any_export_query
from services.api.office.feed import FEED
from services.api.openapi.feed import FEED_SCHEMAS, feed_path
from services.api.openapi.shared import (
    READ_REFUSALS,
    REF_TEMPLATE,
    WRITE_REFUSALS,
    Schema,
    body_of,
    json_of,
    refusals,
)
from services.exports.formats import MEDIA_TYPES, Format
from services.exports.forms import FORMS

_LEDGER: Final[Schema] = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "台账名称 Name of the ledger",
    "schema": {"type": "string", "enum": ["issues", *FORMS]},
}
_ID: Final[Schema] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "UUID",
    "schema": {"type": "string", "format": "uuid"},
}
_TEXT: Final[Schema] = {"type": "string"}
_TEXT_OR_NONE: Final[Schema] = {"type": ["string", "null"]}
_COUNT: Final[Schema] = {"type": "integer"}
_JOB: Final[Schema] = {
    "type": "object",
    "properties": {
        "job_id": {"type": "string", "format": "uuid"},
        **dict.fromkeys(("ledger", "format", "asked_at"), _TEXT),
        "state": {"enum": ["waiting", "making", "done", "failed", "cancelled"]},
        "rows_done": _COUNT,
        "rows": {"type": ["integer", "null"], "description": "null: not known before it is done"},
        **dict.fromkeys(("title", "ended_at"), _TEXT_OR_NONE),
        "bytes": {"type": ["integer", "null"]},
        "problem": {"type": ["object", "null"], "description": "why there is no file: code, zh, en"},
    },
}
_FILE: Final[Schema] = {"schema": {"type": "string"}}


def export_paths(key: Schema, post: Schema) -> Schema:
    """The paths of this part. `key`: the header of every write; `post`: by which somebody says how they act."""
    on = [_ID, post]
    return {
        FEED: feed_path(post),
        "/api/v1/ledgers/{name}/export": {"get": _at_once(post)},
        "/api/v1/exports": {
            "get": _job("exportJobs", "导出任务 One's own exports of the last day", [post], _json("ExportJobs")),
            "post": _asked(key, post),
        },
        "/api/v1/exports/{id}": {
            "get": _job("exportJob", "导出进度 How it stands: rows done of rows", on, _json("ExportJob")),
            "delete": _job("cancelExport", "取消导出 It goes no further, its file is gone", on, _json("ExportJob")),
        },
        "/api/v1/exports/{id}/file": {"get": _job("exportFile", "下载 The copy", on, _file())},
    }


def _at_once(post: Schema) -> Schema:
    fields = any_export_query().model_json_schema(ref_template=REF_TEMPLATE)["properties"]
    asked = [{"name": name, "in": "query", "required": False, "schema": field} for name, field in fields.items()]
    summary = "导出、打印 A ledger to take away or to print, if it is small; not all take every parameter"
    return _job("exportLedger", summary, [_LEDGER, *asked, post], _file())


def _asked(key: Schema, post: Schema) -> Schema:
    job = _json("ExportJob")
    return {
        **_job("askExport", "导出任务 Have a copy made, however large", [key, post], job),
        "requestBody": body_of("AskExport", {"ledger": "issues", "format": "xlsx", "query": {"village": "QS"}}),
        "responses": {"201": {**job, "description": "Asked for"}, "200": job, **refusals(WRITE_REFUSALS)},
    }


def _job(name: str, summary: str, parameters: list[Schema], done: Schema) -> Schema:
    found = {"200": done, **refusals({*READ_REFUSALS, 409})}
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": found}


def _json(schema: str) -> Schema:
    return {"description": schema, "content": json_of(schema)}


def export_schemas() -> Schema:
    """What the paths above refer to."""
    schema = any_export_query().model_json_schema(ref_template=REF_TEMPLATE)
    asked = AskExport.model_json_schema(ref_template=REF_TEMPLATE)
    known = {**schema.get("$defs", {}), **asked.pop("$defs", {})}
    jobs = {"type": "object", "properties": {"items": {"type": "array", "items": _JOB}}}
    return {**known, **FEED_SCHEMAS, "AskExport": asked, "ExportJob": _JOB, "ExportJobs": jobs}


def _file() -> Schema:
    kinds = {MEDIA_TYPES[form].partition(";")[0]: _FILE for form in Format}
    return {
        "description": "The copy",
        "headers": {"Content-Disposition": {"schema": {"type": "string"}}},
        "content": kinds,
    }
