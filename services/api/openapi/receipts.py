"""The household's door and the notice board in the API's description. Called by document.py."""

from typing import Final

from services.api.openapi.shared import REF, Schema, body_of, json_of, refusals
from services.api.public.receipt_rights import RIGHTS
from services.api.public.receipts import ACTS, Details, OwnFile
from services.api.public.site import SITE_SCHEMAS

_CODE: Final[Schema] = {
    "name": "code",
    "in": "path",
    "required": True,
    "description": "回执码 The receipt code, such as 7K3M-9QPA-02XV-R8TD; hyphens, spaces and case do not matter",
    "schema": {"type": "string"},
}
_SHOW_REFUSALS: Final = (404, 422, 429, 431, 503)
_ACT_REFUSALS: Final = (404, 408, 409, 413, 415, 422, 428, 429, 431, 503)
_MONTH: Final[Schema] = {
    "name": "month",
    "in": "query",
    "required": False,
    "description": "a month that is over, such as 2026-02; left out: the last one",
    "schema": {"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$"},
}
_FILES: Final = ("image/jpeg", "image/png", "application/pdf")
_BINARY: Final[Schema] = {"schema": {"type": "string", "format": "binary"}}
_LABEL: Final[Schema] = {
    "type": "object",
    "required": ["zh", "en"],
    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
}
_TIME: Final[Schema] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
_TEXT: Final[Schema] = {"type": "string"}


def receipt_paths(key: Schema) -> Schema:
    """The paths; `key`: the header Idempotency-Key."""
    show = "回执查询 What became of it, for whoever holds the receipt"
    shown = {"description": show, "content": json_of("Receipt")}
    paths: Schema = {
        **_for_the_public(),
        "/api/v1/receipts/{code}": {
            "get": _open("read a receipt", show, [_CODE], {"200": shown, **refusals(_SHOW_REFUSALS)})
        },
    }
    paths.update(_by_second_proof())
    for right, claim in RIGHTS.items():
        told = {"description": claim.__doc__ or "", "content": {"application/json": {}}}
        answers = {"200": told, **refusals((403, *_ACT_REFUSALS))}
        claimed = _open(claim.__name__, claim.__doc__ or "", [_CODE, key], answers)
        paths[f"/api/v1/receipts/{{code}}/{right}"] = {"post": {**claimed, "requestBody": body_of(claim.__name__)}}
    for act, kind in ACTS.items():
        done = {"description": "Done, or already done", "content": {"application/json": {}}}
        operation = _open(kind.__name__, kind.__doc__ or "", [_CODE, key], {"200": done, **refusals(_ACT_REFUSALS)})
        paths[f"/api/v1/receipts/{{code}}/{act}"] = {"post": {**operation, "requestBody": body_of(kind.__name__)}}
    return paths


def _by_second_proof() -> Schema:
    """What only the household itself is shown: its words, its photos."""
    words = {"description": Details.__doc__, "content": json_of("OwnWords")}
    photo: Schema = {"description": OwnFile.__doc__, "content": dict.fromkeys(_FILES, _BINARY)}
    told = {"200": words, **refusals((403, *_ACT_REFUSALS))}
    shown = {"200": photo, **refusals((403, 410, *_ACT_REFUSALS))}
    details = _open("Details", Details.__doc__ or "", [_CODE], told)
    file = _open("OwnFile", OwnFile.__doc__ or "", [_CODE], shown)
    return {
        "/api/v1/receipts/{code}/details": {"post": {**details, "requestBody": body_of("Details")}},
        "/api/v1/receipts/{code}/file": {"post": {**file, "requestBody": body_of("OwnFile")}},
    }


def _for_the_public() -> Schema:
    """The notice board, and what this site says of itself."""
    board = "公开栏 What was reported in a month that is over, and what came of it; null: not told"
    site = "本系统 What anybody may know before logging in: the plan, the ways in"
    refused = refusals((422, 429, 431, 503))
    told = {"200": {"description": board, "content": json_of("NoticeBoard")}, **refused}
    known = {"200": {"description": site, "content": json_of("Site")}, **refused}
    return {
        "/api/v1/notice-board": {"get": _open("read the notice board", board, [_MONTH], told)},
        "/api/v1/site": {"get": _open("read the site", site, [], known)},
    }


def _open(name: str, summary: str, parameters: list[Schema], responses: Schema) -> Schema:
    return {
        "operationId": name,
        "summary": summary,
        "security": [],
        "parameters": parameters,
        "responses": responses,
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


_COUNT: Final[Schema] = {"type": ["integer", "null"], "minimum": 5}
_COUNTS: Final = ("registered", "resolved", "answered", "on_time", "satisfied")

RECEIPT_SCHEMAS: Final[Schema] = {
    **SITE_SCHEMAS,
    **{kind.__name__: kind.model_json_schema() for kind in ACTS.values()},
    **{kind.__name__: kind.model_json_schema() for kind in RIGHTS.values()},
    "Details": Details.model_json_schema(),
    "OwnFile": OwnFile.model_json_schema(),
    "OwnWords": _object(
        items={"type": "array", "items": {"type": "object"}}, looks={"type": "array", "items": {"type": "object"}}
    ),
    "Receipt": _object(items={"type": "array", "items": {"$ref": REF + "ReceiptItem"}}),
    "NoticeBoard": _object(
        month=_TEXT,
        latest=_TEXT,
        villages={"type": "array", "items": _object(village=_TEXT, name=_TEXT, **dict.fromkeys(_COUNTS, _COUNT))},
        categories={
            "type": "array",
            "items": _object(category=_TEXT, zh=_TEXT, en=_TEXT, registered={"type": "integer", "minimum": 5}),
        },
        items={
            "type": "array",
            "items": _object(number=_TEXT, category=_TEXT, status=_TEXT, answered_in={"type": ["string", "null"]}),
        },
    ),
    "ReceiptItem": _object(
        number=_TEXT,
        category=_LABEL,
        stage=_TEXT,
        logged_at=_TIME,
        steps={"type": "array", "items": _object(at=_TIME, zh=_TEXT, en=_TEXT)},
        promises={
            "type": "array",
            "items": _object(
                what=_LABEL, due_at=_TIME, why=_LABEL, kept=_TEXT, count={"type": "array", "items": _LABEL}
            ),
        },
        answered_at=_MAYBE_TIME,
        review_until=_MAYBE_TIME,
        rating={"oneOf": [_LABEL, {"type": "null"}]},
        proof={"type": ["string", "null"], "description": "C2SP tlog-proof of its logging; null: not sealed yet"},
        may={"type": "array", "items": {"enum": sorted(ACTS)}},
    ),
}
"""Bodies and answers of these paths."""
