"""What the household register takes and gives, as the API describes itself. Called by document.py."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from domain.household.commands import HOUSEHOLD_COMMANDS, HouseholdCommand, RegisterHousehold
from services.api.office.commands import body_fields, for_people
from services.api.office.households import COMMANDS, SearchHousehold
from services.api.openapi.examples import EXAMPLES
from services.api.openapi.shared import (
    READ_REFUSALS,
    REF_TEMPLATE,
    WRITE_REFUSALS,
    Schema,
    body_of,
    json_of,
    refusals,
    roles_of,
    summary_of,
)

_HOUSEHOLD: Final = "/api/v1/households/{village}/{household}"
_READS: Final[Mapping[str, str]] = {
    _HOUSEHOLD: "户资料 One household's entry; its ETag is what If-Match expects",
    f"{_HOUSEHOLD}/looks": "查看记录 Who looked at the household's words",
    f"{_HOUSEHOLD}/copy": "资料副本 Everything the office holds of it, once it asked for a copy",
}
_TEXT: Final[Schema] = {"type": "string"}
IN_PATH: Final = {"village": "村(社区)代码 Village code", "household": "户号 Register number"}
_PATH: Final = [
    {"name": name, "in": "path", "required": True, "description": described, "schema": _TEXT}
    for name, described in IN_PATH.items()
]


def household_paths(key: Schema, if_match: Schema) -> Schema:
    """The paths of this part; `key` and `if_match` are the headers of every write."""
    paths: Schema = {
        "/api/v1/households": {"post": _write(RegisterHousehold, [key, {**if_match, "required": False}])},
        "/api/v1/households/search": {"post": _search()},
    }
    for name, kind in COMMANDS.items():
        paths[f"{_HOUSEHOLD}/{name}"] = {"post": _write(kind, [*_PATH, key, {**if_match, "required": True}])}
    for path, summary in _READS.items():
        answer = {"200": {"description": summary, "content": json_of("HouseholdAnswer")}}
        paths[path] = {
            "get": {
                "operationId": f"read {path}",
                "summary": summary,
                "parameters": _PATH,
                "responses": {**answer, **refusals([*READ_REFUSALS, *([409] if path.endswith("/copy") else [])])},
            }
        }
    return paths


def household_schemas() -> Schema:
    """The bodies and answers of this part."""
    kinds = [(kind, "validation") for kind in HOUSEHOLD_COMMANDS if for_people(kind)]
    _, made = models_json_schema(kinds, ref_template=REF_TEMPLATE)  # type: ignore[arg-type]
    schemas: Schema = made["$defs"]
    schemas.pop("Actor")
    for kind in HOUSEHOLD_COMMANDS:
        if for_people(kind):
            schemas[kind.__name__] = _body(kind, schemas[kind.__name__])
    return {
        **schemas,
        "SearchHousehold": SearchHousehold.model_json_schema(),
        "HouseholdAnswer": {"type": "object", "description": "words of an erased household read （已清除）"},
    }


def _body(kind: type[HouseholdCommand], schema: Schema) -> Schema:
    known = body_fields(kind, () if kind is RegisterHousehold else IN_PATH)
    properties = {name: field for name, field in schema["properties"].items() if name in known}
    required = [name for name in schema["required"] if name in known - {"occurred_at"}]
    return {**schema, "properties": properties, "required": required}


def _write(kind: type[HouseholdCommand], parameters: list[Any]) -> Schema:
    done: Schema = {"description": "Done, or already done", "content": json_of("Done")}
    created = {"201": {**done, "description": "Recorded"}} if kind is RegisterHousehold else {}
    return {
        "operationId": kind.__name__,
        "summary": summary_of(kind),
        "description": roles_of(kind),
        "parameters": parameters,
        "requestBody": body_of(kind.__name__, EXAMPLES[kind.__name__]),
        "responses": {"200": done, **created, **refusals(WRITE_REFUSALS)},
    }


def _search() -> Schema:
    found = {"200": {"description": "The households in one's villages", "content": json_of("HouseholdAnswer")}}
    return {
        "operationId": "searchHousehold",
        "summary": "按电话查户 The household with exactly this telephone number",
        "parameters": [],
        "requestBody": body_of("SearchHousehold", EXAMPLES["SearchHousehold"]),
        "responses": {**found, **refusals((401, 403, 408, 413, 415, 422, 429, 431, 503))},
    }
