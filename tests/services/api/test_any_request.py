"""Whatever the API's description allows or forbids, sent to the real API: no 5xx, and never an answer it does not name.

Requests are made by schemathesis from /api/openapi.json, always the same ones: a few at one route in six, so that `make
test` stays quick; `make test-slow` sends many at every route.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from services.api.openapi.document import description
from services.files.kept import Upload
from tests.services.api.conftest import Api, an_api
from tests.services.api.routes import WRITE_ROUTES
from tests.support.examples import example
from tests.support.files import photo
from tests.support.postgres import DatabaseServer

CHECKS: Final = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
    checks.allow_header_conformance,
]
Schema = dict[str, Any]
Aim = Callable[[Any], None]
ANSWERS_WITH_DATES: Final = {"HolidayYear"}
"""Schemas that no request holds: their dates are what they are."""


def narrowed(schema: Any) -> Any:
    """The description, so narrowed that what is made from it seldom fails in form: it gets as far as the rules."""
    if isinstance(schema, list):
        return [narrowed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "string" and "maxLength" in schema and "pattern" not in schema:
        return {"type": "string", "pattern": "^[路灯不亮<=>a-c]{1,12}$"}
    if schema.get("format") == "date":
        return {"type": "string", "enum": ["2026-09-30"]}
    if {"minimum": 0.0, "type": "number"} in schema.get("anyOf", ()):
        return {"type": "integer", "minimum": 0, "maximum": 50_000}
    kept = {name: each for name, each in schema.items() if name != "occurred_at"}
    return {name: each if name in ANSWERS_WITH_DATES else narrowed(each) for name, each in kept.items()}


def described() -> Schema:
    """The description. What is made from it puts no slash into a path, so that a tile is any text here."""
    document: Schema = json.loads(json.dumps(description()))
    (tile, *_) = document["paths"]["/api/v1/log/tile/{tile}"]["get"]["parameters"]
    tile["schema"] = {"type": "string"}
    return document


def operations_of(document: Schema) -> dict[str, Any]:
    found = (operation.ok() for operation in schemathesis.openapi.from_dict(document).get_all_operations())
    return {operation.label: operation for operation in found}


AS_DESCRIBED: Final = operations_of(described())
NARROWED: Final = operations_of(narrowed(described()))
WRITES: Final = {f"POST {route.template}": route for route in WRITE_ROUTES}


@pytest.fixture(scope="module")
def api(database_server: DatabaseServer) -> Iterator[Api]:
    """An API of their own: what is sent at random changes what others count."""
    with an_api(database_server) as opened:
        yield opened


def send_any(api: Api, operation: Any, mode: GenerationMode, examples: int, aim: Aim = lambda case: None) -> None:
    """So many requests of this kind; `aim` may change each."""
    write = WRITES.get(operation.label)
    bearer = api.bearer(write.by if write else "lead")

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        aim(case)
        case.validate_response(case.call(base_url=api.address, headers=bearer), checks=CHECKS)

    send()


def at_an_issue(api: Api, name: str) -> Aim:
    """At an issue that stands where the command is accepted; reads at one that its readers can see, or its receipt."""
    write = WRITES.get(name)
    if "{number}" not in name and "{code}" not in name:
        return lambda case: None
    shown, _ = api.parts.files.take_in(Upload(uuid4(), "handler", "QS", "QS-012", photo()))
    logged = {"photos": (shown.digest,)}
    lived = api.live(example(write.kind, key=uuid4().hex).case) if write else api.lived("logged", **logged)
    api.follow()
    found = {"number": lived.number, "code": lived.receipt_code, "digest": shown.digest}

    def aim(case: Any) -> None:
        case.path_parameters |= {key: found[key] for key in case.path_parameters}
        if write:
            case.headers["If-Match"] = f'"{lived.version}"'

    return aim


def can_be_wrong(definition: Schema) -> bool:
    """Whether the description forbids anything; of a path it forbids nothing when it calls it any text."""
    parameters = definition.get("parameters", ())
    return "requestBody" in definition or any(it["schema"] != {"type": "string"} for it in parameters)


def send_all(api: Api, name: str, examples: int) -> None:
    send_any(api, NARROWED[name], GenerationMode.POSITIVE, examples, at_an_issue(api, name))
    send_any(api, AS_DESCRIBED[name], GenerationMode.POSITIVE, examples)
    if can_be_wrong(AS_DESCRIBED[name].definition.raw):
        send_any(api, AS_DESCRIBED[name], GenerationMode.NEGATIVE, examples)


@pytest.mark.parametrize("name", sorted(AS_DESCRIBED)[::6])
def test_given_any_request_then_an_answer_that_is_described_and_no_5xx(api: Api, name: str) -> None:
    send_all(api, name, 3)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", AS_DESCRIBED)
def test_given_very_many_requests_then_an_answer_that_is_described_and_no_5xx(api: Api, name: str) -> None:
    send_all(api, name, 30)
