"""The log as C2SP tlog-tiles has it, in the API's description. Called by document.py."""

from typing import Final

from services.api.openapi.shared import READ_REFUSALS, Schema, refusals

_TILE: Final[Schema] = {
    "name": "tile",
    "in": "path",
    "required": True,
    "description": "L/N, entries/N, or of a partial one L/N.p/W, such as 0/x001/067.p/12",
    "schema": {
        "type": "string",
        "pattern": r"^(entries|[0-9]|[1-5][0-9]|6[0-3])/(x[0-9]{3}/){0,4}[0-9]{3}(\.p/[1-9][0-9]{0,2})?$",
    },
}
_TEXT: Final[Schema] = {"text/plain": {"schema": {"type": "string"}}}
_BYTES: Final[Schema] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def log_paths(post: Schema) -> Schema:
    """The paths; `post`: the header Huiyin-Post."""
    head = "检查点 The log's last signed head, with its witnesses' lines (C2SP tlog-checkpoint)"
    tile = "散列块 Hashes of the tree, or entries without contents (C2SP tlog-tiles); an auditor's or administrator's"
    return {
        "/api/v1/log/checkpoint": {"get": _read("checkpoint", head, [post], _TEXT)},
        "/api/v1/log/tile/{tile}": {"get": _read("tile", tile, [_TILE, post], _BYTES)},
    }


def _read(name: str, summary: str, parameters: list[Schema], content: Schema) -> Schema:
    told = {"200": {"description": summary, "content": content}, **refusals(READ_REFUSALS)}
    return {"operationId": f"read log {name}", "summary": summary, "parameters": parameters, "responses": told}
