"""What uploads and downloads take and give, as the API describes itself. Called by document.py."""

from typing import Any, Final

from services.api.door.file_bodies import FORM, TAKEN_TYPES
from services.api.office.file_matters import UploadQuery
from services.api.openapi.shared import READ_REFUSALS, WRITE_REFUSALS, Schema, json_of, refusals

_BINARY: Final[Schema] = {"schema": {"type": "string", "format": "binary"}}
_FORM: Final[Schema] = {
    "schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY["schema"]}},
}
_NUMBER: Final[Schema] = {
    "name": "number",
    "in": "path",
    "required": True,
    "description": "编号 Number, such as QS-2026-0001",
    "schema": {"type": "string", "pattern": "^[A-Z][A-Z0-9]{0,15}-[0-9]{4}-[0-9]{4,9}$"},
}
_DIGEST: Final[Schema] = {
    "name": "digest",
    "in": "path",
    "required": True,
    "description": "文件摘要 What the event names it by",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
_CHECK: Final[Schema] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "UUID",
    "schema": {"type": "string", "format": "uuid"},
}
_SHOWN: Final = "/api/v1/issues/{number}/files/{digest}"
_OF_CHECK: Final = "/api/v1/spot-checks/{id}/files/{digest}"
_READS: Final = {
    _SHOWN: "照片或文件 A photo or paper that the case names; each look at a household's is recorded",
    f"{_SHOWN}/preview": "照片缩略图 A small JPEG of a photo; a paper has none",
    _OF_CHECK: "整改照片 A photo or paper by which a rectification was reported",
    f"{_OF_CHECK}/preview": "整改照片缩略图 A small JPEG of such a photo",
}

FILE_SCHEMAS: Final[Schema] = {
    "File": {
        "type": "object",
        "required": ["digest", "standing"],
        "properties": {
            "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "what commands name it by"},
            "media_type": {"enum": ["image/jpeg", "image/png", "application/pdf"]},
            "bytes": {"type": "integer"},
            "width": {"type": ["integer", "null"]},
            "height": {"type": ["integer", "null"]},
            "preview": {"type": "boolean", "description": "whether it has a small picture"},
            "standing": {"enum": ["kept", "missing", "altered", "erased", "unknown"]},
            "repeated": {"type": "boolean", "description": "it had been taken in before"},
        },
    },
}


def file_paths(key: Schema) -> Schema:
    """The paths of this part; `key` is the header of every write."""
    reads = {path: {"get": _read(path, summary)} for path, summary in _READS.items()}
    return {"/api/v1/files": {"post": _upload(key)}, **reads}


def files_of_an_issue() -> Schema:
    """What an issue's document says of the files that its events name."""
    named = {"field": {"enum": ["photos", "before", "evidence"]}, "topic": {"type": "string"}}
    when = {"version": {"type": "integer"}, "occurred_at": {"type": "string", "format": "date-time"}}
    item = FILE_SCHEMAS["File"]
    return {"type": "array", "items": {**item, "properties": {**item["properties"], **named, **when}}}


def _upload(key: Schema) -> Schema:
    done: Schema = {"description": "Taken in before", "content": json_of("File")}
    content = {kind: _FORM if kind == FORM else _BINARY for kind in sorted(TAKEN_TYPES)}
    return {
        "operationId": "uploadFile",
        "summary": "上传照片或文件 Take in a photo (JPEG, PNG, WebP, HEIC) or a PDF, for one issue or household",
        "description": "Told by content, made over without metadata (position only with keep_position=true), at most "
        "15 MB and 50 million pixels. Name its digest in a command within a day; what nothing names is removed.",
        "parameters": [*_query(), key],
        "requestBody": {"required": True, "content": content},
        "responses": {"201": {**done, "description": "Taken in"}, "200": done, **refusals(WRITE_REFUSALS)},
    }


def _read(path: str, summary: str) -> Schema:
    kinds = ("image/jpeg",) if path.endswith("/preview") else ("image/jpeg", "image/png", "application/pdf")
    shown = {"description": summary, "content": dict.fromkeys(kinds, _BINARY)}
    return {
        "operationId": f"read {path}",
        "summary": summary,
        "parameters": [_NUMBER if "{number}" in path else _CHECK, _DIGEST],
        "responses": {"200": shown, **refusals((*READ_REFUSALS, 410))},
    }


def _query() -> list[Any]:
    properties = UploadQuery.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "required": False, "schema": field} for name, field in properties.items()]
