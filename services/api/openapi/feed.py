"""What the feed gives, as the API describes itself. Called by document.py."""

from typing import Final

from services.api.office.feed import CURSOR, MEDIA_TYPE, FeedQuery
from services.api.openapi.shared import READ_REFUSALS, REF, REF_TEMPLATE, Schema, refusals

_TEXT: Final[Schema] = {"type": "string"}
_COUNT: Final[Schema] = {"type": "integer"}
_MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
_EXAMPLE: Final = {
    "specversion": "1.0",
    "id": "4711",
    "source": "huiyin/log/0123456789abcdef",
    "type": "org.huiyin.issue.fixed_on_site",
    "subject": "QS-2026-0031",
    "time": "2026-03-02T01:30:00Z",
    "datacontenttype": "application/json",
    "position": 4711,
    "recordedtime": "2026-03-02T01:30:00.123456Z",
    "stream": "6f1c1f0e-7d0b-4c53-9a51-0d6a7f1f3c11",
    "streamversion": 2,
    "actorrole": "case_handler",
    "command": "8a3d3c7c-1f7b-4d0e-8f4e-0c9f2b1f7a55",
    "data": {"actor": {"user": "handler", "role": "case_handler"}, "evidence": []},
}

FEED_SCHEMAS: Final[Schema] = {
    "Feed": {
        "type": "array",
        "items": {
            "type": "object",
            "description": "A CloudEvent 1.0. `data`: the event without anybody's words.",
            "properties": {
                **dict.fromkeys(("specversion", "id", "source", "type", "subject", "datacontenttype"), _TEXT),
                **dict.fromkeys(("time", "recordedtime"), _MOMENT),
                **dict.fromkeys(("stream", "actorrole", "command"), _TEXT),
                **dict.fromkeys(("position", "streamversion"), _COUNT),
                "data": {"type": "object"},
            },
        },
    },
}


def feed_path(post: Schema) -> Schema:
    """The path of this part. `post`: by which somebody says how they act."""
    fields = FeedQuery.model_json_schema(ref_template=REF_TEMPLATE)["properties"]
    parameters = [{"name": name, "in": "query", "required": False, "schema": field} for name, field in fields.items()]
    cursor = {"schema": _TEXT, "description": "the next `after`; left out while nothing ever happened"}
    content = {MEDIA_TYPE: {"schema": {"$ref": REF + "Feed"}, "example": [_EXAMPLE]}}
    answer = {"description": "Feed, oldest first", "headers": {CURSOR: cursor}, "content": content}
    return {
        "get": {
            "operationId": "readFeed",
            "summary": "事件流 What happened since, as CloudEvents; for auditors of every village",
            "parameters": [*parameters, post],
            "responses": {"200": answer, **refusals(READ_REFUSALS)},
        }
    }
