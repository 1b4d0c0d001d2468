"""The JSON Schema of plan files, made from the model, so that an editor checks a file while it is written.

`huiyin plan schema` prints it; plans/plan.schema.json is kept equal by a test. What it cannot say (a quorum within the
committee, departments that are listed) `huiyin plan check` does.
"""

import json
from functools import cache
from typing import Any, Final

from domain.plan import Plan
from domain.plan_faults import CATCH_ALL
from domain.plan_parts import OPTIONAL_RULES, Rule

SCHEMA_FILE: Final = "plan.schema.json"
"""Its name beside the plans; their first line points there."""


def plan_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) with descriptions in both languages."""
    schema = Plan.model_json_schema()
    properties = schema["properties"]
    properties["clocks"]["required"] = [str(rule) for rule in Rule if rule not in OPTIONAL_RULES]
    properties["categories"]["required"] = [CATCH_ALL]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


@cache
def plan_names() -> frozenset[str]:
    """Every name that a plan file may hold of itself: entries and clocks, but no category or department."""
    schema = plan_schema()
    parts = (schema, *schema["$defs"].values())
    return frozenset(Rule).union(*(part.get("properties", {}) for part in parts))


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(plan_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
