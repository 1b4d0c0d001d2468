"""What the inbox takes and gives, as the API describes itself. Called by document.py."""

from typing import Final

from services.api.door.answers import list_of
from services.api.door.queries import Query
from services.api.office.inbox import InboxQuery, ReadUpTo
from services.api.office.notices import NoticeTargets
from services.api.office.views import DropQuery, View
from services.api.openapi.shared import READ_REFUSALS, REF_TEMPLATE, Schema, body_of, json_of, refusals

_COUNT: Final[Schema] = {"type": "integer"}
_TEXT: Final[Schema] = {"type": "string"}
_MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
_MAYBE: Final[Schema] = {"type": ["string", "null"]}
_MAYBE_MOMENT: Final[Schema] = {**_MAYBE, "format": "date-time"}
_MARK: Final[Schema] = {**_COUNT, "description": "read up to this position; -1: nothing yet"}

INBOX_SCHEMAS: Final[Schema] = {
    "NoticeTargets": NoticeTargets.model_json_schema(),
    "ShownTargets": {
        "type": "object",
        "properties": {
            "targets": list_of(
                id=_COUNT,
                channel=_TEXT,
                host=_TEXT,
                added_at=_MOMENT,
                sent_at=_MAYBE_MOMENT,
                failures=_COUNT,
                gave_up_at={**_MAYBE_MOMENT, "description": "since then nothing is sent there; set it anew"},
            )
        },
    },
    "View": View.model_json_schema(),
    "Views": {
        "type": "object",
        "properties": {"views": list_of(name=_TEXT, ledger=_TEXT, query={"type": "object"})},
    },
    "ReadUpTo": ReadUpTo.model_json_schema(),
    "InboxMark": {"type": "object", "properties": {"unread": _COUNT, "read_until": _MARK}},
    "Inbox": {
        "type": "object",
        "properties": {
            "items": list_of(
                position={**_COUNT, "description": "the higher, the newer"},
                addressee={**_TEXT, "description": "oneself, or whom one stands in for"},
                **dict.fromkeys(("kind", "zh", "en"), _TEXT),
                number={**_MAYBE, "description": "the issue's"},
                place={**_MAYBE, "description": "whose meeting, or where the post is"},
                since=_MOMENT,
                due_at=_MAYBE_MOMENT,
                read={"type": "boolean"},
            ),
            "unread": _COUNT,
            "read_until": _MARK,
            "next": {"type": ["integer", "null"], "description": "`before` of the next page"},
        },
    },
}


def inbox_paths() -> Schema:
    """The paths of this part."""
    parameters = _parameters(InboxQuery)
    marked = {"200": {"description": "InboxMark", "content": json_of("InboxMark")}}
    return {
        "/api/v1/me/notices": _notices(),
        "/api/v1/me/views": _views(),
        "/api/v1/inbox": {
            "get": {
                "operationId": "readInbox",
                "summary": "待办与消息 What I was told, newest first",
                "parameters": parameters,
                "responses": {
                    "200": {"description": "Inbox", "content": json_of("Inbox")},
                    **refusals(READ_REFUSALS),
                },
            }
        },
        "/api/v1/inbox/read": {
            "post": {
                "operationId": "markInboxRead",
                "summary": "已读 That I have read it",
                "parameters": [],
                "requestBody": body_of("ReadUpTo", {"up_to": 4711}),
                "responses": {**marked, **refusals({*READ_REFUSALS, 408, 413, 415})},
            }
        },
    }


def _parameters(query: type[Query], *, required: bool = False) -> list[Schema]:
    fields = query.model_json_schema(ref_template=REF_TEMPLATE)["properties"]
    return [{"name": name, "in": "query", "required": required, "schema": field} for name, field in fields.items()]


def _views() -> Schema:
    shown = {"200": {"description": "Views", "content": json_of("Views")}}
    example = {"name": "本村超期", "ledger": "issues", "query": {"village": "QS", "overdue": "true", "sort": "due"}}
    return {
        "get": {
            "operationId": "readViews",
            "summary": "常用视图 My saved views of ledgers",
            "parameters": [],
            "responses": {**shown, **refusals(READ_REFUSALS)},
        },
        "put": {
            "operationId": "keepView",
            "summary": "保存视图 Keep one more, or another of the same name",
            "parameters": [],
            "requestBody": body_of("View", example),
            "responses": {**shown, **refusals({*READ_REFUSALS, 408, 409, 413, 415})},
        },
        "delete": {
            "operationId": "dropView",
            "summary": "删除视图 Drop the one of this name",
            "parameters": _parameters(DropQuery, required=True),
            "responses": {**shown, **refusals(READ_REFUSALS)},
        },
    }


def _notices() -> Schema:
    shown = {"200": {"description": "ShownTargets", "content": json_of("ShownTargets")}}
    return {
        "get": {
            "operationId": "readNoticeTargets",
            "summary": "通知地址 Where I want notices, without secrets",
            "parameters": [],
            "responses": {**shown, **refusals(READ_REFUSALS)},
        },
        "put": {
            "operationId": "setNoticeTargets",
            "summary": "设置通知地址 Where I want notices from now on",
            "parameters": [],
            "requestBody": body_of("NoticeTargets", {"targets": []}),
            "responses": {**shown, **refusals({*READ_REFUSALS, 408, 409, 413, 415})},
        },
    }
