"""What the doors of log-in, log-out and passwords take and give, as the API describes itself. Called by document.py."""

from typing import Final

from services.api.accounts.signing_in import ChangePassword, LogIn
from services.api.door.answers import list_of
from services.api.door.site import SECURE_COOKIE
from services.api.openapi.shared import Schema, body_of, json_of, refusals

_BODY_REFUSALS: Final = (408, 413, 415)
_REFUSALS: Final = (401, 403, 422, 429, 431, 503)
_EXAMPLES: Final = {
    "LogIn": {"name": "handler", "password": "lantern-river-plough-39"},
    "ChangePassword": {"old": "lantern-river-plough-39", "new": "seven quiet herons by the dyke"},
}
_MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
_TEXT: Final[Schema] = {"type": "string"}
_TEXT_OR_NONE: Final[Schema] = {"type": ["string", "null"]}
_COME_BY: Final[Schema] = {"type": "string", "enum": ["password", "oidc", "token"]}

SESSION_SCHEME: Final[Schema] = {
    "type": "apiKey",
    "in": "cookie",
    "name": SECURE_COOKIE,
    "description": "set by POST /api/v1/session; on http://localhost it is called huiyin. A write that counts by it "
    "must come from the site itself: Origin and Sec-Fetch-Site are looked at.",
}
SESSION_SCHEMAS: Final[Schema] = {
    "LogIn": LogIn.model_json_schema(),
    "ChangePassword": ChangePassword.model_json_schema(),
    "Visitor": {
        "type": "object",
        "properties": {
            **dict.fromkeys(("name", "display_zh", "display_en"), _TEXT),
            "posts": {
                **list_of(post=_TEXT, on_behalf_of=_TEXT_OR_NONE),
                "description": "for the header Huiyin-Post; on_behalf_of: for whom one deputises",
            },
            "come_by": _COME_BY,
            "scopes": {"type": "array", "items": {"type": "string", "enum": ["read", "write", "manage"]}},
            "must_change_password": {"type": "boolean", "description": "nothing else works before"},
            "expires_at": _MOMENT,
        },
    },
    "OfflineKey": {
        "type": "object",
        "description": "seals what waits on the account's phone while there is no line; to be forgotten at `until`",
        "properties": {"account": _TEXT, "key": {"type": "string", "format": "byte"}, "until": _MOMENT},
    },
    "Sessions": {
        "type": "object",
        "properties": {
            "items": list_of(
                come_by=_COME_BY,
                **dict.fromkeys(("created_at", "last_used_at", "expires_at"), _MOMENT),
                current={"type": "boolean"},
            )
        },
    },
}


def session_paths() -> Schema:
    """The paths of this part."""
    left = {"204": {"description": "Logged out"}}
    here = _shown("Visitor")
    log_in = _operation("logIn", "登录 Log in with a password", here, body="LogIn")
    everywhere = _operation("logOutEverywhere", "全部退出 Log out everywhere", left)
    from_provider = _by_browser("fromProvider", "统一身份返回 Back from it", 401)
    return {
        "/api/v1/session": {
            "post": {**log_in, "security": []},
            "get": _operation("whoAmI", "当前身份 Who am I", here),
            "delete": _operation("logOut", "退出登录 Log out", left),
        },
        "/api/v1/sessions": {
            "get": _operation("readSessions", "我的登录 Where I am logged in", _shown("Sessions")),
            "delete": {**everywhere, "parameters": [_TOKENS]},
        },
        "/api/v1/me/offline-key": {
            "get": _operation("readOfflineKey", "离线密钥 The key of what waits on my phone", _shown("OfflineKey"))
        },
        "/login/oidc": {"get": _by_browser("toProvider", "统一身份登录 Log in by the identity provider")},
        "/login/oidc/callback": {"get": {**from_provider, "parameters": [_query_parameter(name) for name in _SAID]}},
        "/api/v1/password": {
            "post": _operation("changePassword", "修改密码 Change my password", here, 409, body="ChangePassword")
        },
    }


_TOKENS: Final[Schema] = {
    "name": "tokens",
    "in": "query",
    "required": False,
    "description": "end API tokens too",
    "schema": {"type": "boolean", "default": False},
}


_SAID: Final = {"code": True, "state": True, "iss": False}
"""What a provider says, and whether it must; whatever else it says is left alone."""


def _query_parameter(name: str) -> Schema:
    return {"name": name, "in": "query", "required": _SAID[name], "schema": _TEXT}


def _operation(name: str, summary: str, answers: Schema, *more: int, body: str | None = None) -> Schema:
    refused = refusals({*_REFUSALS, *more, *(_BODY_REFUSALS if body else ())})
    operation = {"operationId": name, "summary": summary, "parameters": [], "responses": {**answers, **refused}}
    if body:
        operation["requestBody"] = body_of(body, _EXAMPLES[body])
    return operation


def _by_browser(name: str, summary: str, *more: int) -> Schema:
    """A step of a browser's way to the identity provider and back; 404 where there is none."""
    onward = {"303": {"description": "Onward", "headers": {"Location": {"schema": _TEXT}}}}
    refused = refusals({403, 404, 422, 429, 431, 503, *more})
    return {"operationId": name, "summary": summary, "security": [], "responses": {**onward, **refused}}


def _shown(schema: str) -> Schema:
    return {"200": {"description": schema, "content": json_of(schema)}}
