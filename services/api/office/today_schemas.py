"""What `GET /api/v1/today` answers, as the API describes itself. Called by openapi/answers.py."""

from typing import Any, Final

from services.api.door.answers import list_of

_TEXT: Final = {"type": "string"}
_MAYBE: Final = {"type": ["string", "null"]}
_FLAG: Final = {"type": "boolean"}
_COUNT: Final = {"type": "integer"}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_MAYBE_MOMENT: Final = {"type": ["string", "null"], "format": "date-time"}
_CASE: Final[dict[str, Any]] = {
    **dict.fromkeys(("number", "village", "title", "category", "stage", "tier", "unit", "zh", "en"), _TEXT),
    **dict.fromkeys(("village_name", "person", "rule", "basis"), _MAYBE),
    "version": {**_COUNT, "description": "what If-Match expects"},
    "whose": {"type": "string", "enum": ["mine", "anybody"], "description": "mine, or anybody's who may"},
    "due_at": _MAYBE_MOMENT,
    "promised_at": {**_MAYBE_MOMENT, "description": "the household's date, where it has one of its own"},
    "provisional": _FLAG,
    "overdue": _FLAG,
    "then": {"type": "array", "items": {"type": "object"}, "description": "what happens first by itself"},
    "command": {**_MAYBE, "description": "the obvious next step; null: not in this post"},
    "path": {**_MAYBE, "description": "POST /api/v1/issues/{number}/{path}"},
}
TODAY_SCHEMAS: Final[dict[str, Any]] = {
    "Today": {
        "type": "object",
        "properties": {
            "at": _MOMENT,
            **dict.fromkeys(("mine", "anybody", "overdue", "unread"), _COUNT),
            "more": {**_FLAG, "description": "there are more cases than are looked at here: see the ledger"},
            "items": list_of(**_CASE),
            "papers": list_of(
                **dict.fromkeys(("place", "period", "submission", "owner", "basis", "standing"), _TEXT),
                title={"type": ["object", "null"]}, due_at=_MOMENT, missed=_FLAG, overdue=_FLAG, fault=_MAYBE,
            ),
            "duties": list_of(
                **dict.fromkeys(("place", "period", "rule", "basis"), _TEXT), measure=_MAYBE, officer=_MAYBE,
                quota=_COUNT, done={"type": ["integer", "null"]}, shortfall=_COUNT, counted_at=_MOMENT,
            ),
            "meetings": list_of(
                **dict.fromkeys(("meeting_id", "kind", "phase"), _TEXT), version=_COUNT, place=_MAYBE, period=_MAYBE,
                cut_off=_MAYBE_MOMENT, meet_by=_MAYBE_MOMENT, items=_COUNT,
            ),
        },
    },
}  # fmt: skip
