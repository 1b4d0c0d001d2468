"""What exports take and give, as the API describes itself. Called by document.py."""

from typing import Final

from services.api.office.exports import any_export_query
from services.api.openapi.shared import READ_REFUSALS, REF_TEMPLATE, Schema, refusals
from services.exports.formats import MEDIA_TYPES, Format
from services.exports.forms import FORMS

_LEDGER: Final[Schema] = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "台账名称 Name of the ledger",
    "schema": {"type": "string", "enum": ["issues", *FORMS]},
}
_FILE: Final[Schema] = {"schema": {"type": "string"}}


def export_paths(post: Schema) -> Schema:
    """The paths of this part. `post`: the header by which somebody says in which post they act."""
    fields = any_export_query().model_json_schema(ref_template=REF_TEMPLATE)["properties"]
    asked = [{"name": name, "in": "query", "required": False, "schema": field} for name, field in fields.items()]
    return {
        "/api/v1/ledgers/{name}/export": {
            "get": {
                "operationId": "exportLedger",
                "summary": "导出、打印 A ledger to take away or to print, if it is small; not all take every parameter",
                "parameters": [_LEDGER, *asked, post],
                "responses": {"200": _file(), **refusals({*READ_REFUSALS, 409})},
            }
        }
    }


def export_schemas() -> Schema:
    """What the paths above refer to."""
    schema = any_export_query().model_json_schema(ref_template=REF_TEMPLATE)
    return {**schema.get("$defs", {})}


def _file() -> Schema:
    kinds = {MEDIA_TYPES[form].partition(";")[0]: _FILE for form in Format}
    return {
        "description": "The copy",
        "headers": {"Content-Disposition": {"schema": {"type": "string"}}},
        "content": kinds,
    }
