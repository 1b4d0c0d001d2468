"""Bad tokens and posts: no write, no read, one answer for each fault."""

from datetime import timedelta

import psycopg
import pytest

from services.identity.accounts import set_active
from services.identity.tokens import create_token
from tests.services.api.conftest import CANARY, Api, assert_problem
from tests.services.api.refused import READS, sent, unchanged
from tests.services.api.routes import WRITE_ROUTES
from tests.support.waiting import eventually

__all__ = ["unchanged"]

BAD_TOKENS: dict[str, str | None] = {
    "none": None,
    "empty": "",
    "another scheme": "Basic aGFuZGxlcjpoYW5kbGVy",
    "86 unknown": "Bearer hy_" + "A" * 43,
    "87 no algorithm": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
    "canary": f"Bearer {CANARY}",
    "66 latin-1": "Bearer hy_é",
    "quote": "Bearer hy_' or 1=1 --",
    "long": "Bearer " + "a" * 5000,
}


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_given_no_good_token_then_no_write_is_let_in(api: Api, number: str, token: str | None) -> None:
    for path in (route.path(number) for route in WRITE_ROUTES):
        refused = sent(api, path, Authorization=token)
        assert_problem(refused, 401, "not-authenticated")
        assert refused.headers["www-authenticate"].startswith("Bearer"), path


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_given_no_good_token_then_no_read_is_let_in(api: Api, number: str, token: str | None) -> None:
    headers = [] if token is None else [(b"Authorization", token.encode("latin-1"))]
    for path in READS:
        assert_problem(api.send("GET", path.replace("{number}", number), headers=headers), 401, "not-authenticated")


def test_given_two_tokens_then_neither_counts(api: Api) -> None:
    token = api.bearer("handler")["Authorization"].encode()
    headers = [(b"Authorization", token), (b"Authorization", token)]
    assert_problem(api.send("GET", "/api/v1/issues", headers=headers), 401, "not-authenticated")


def test_given_an_expired_token_and_a_closed_account_then_both_are_401(api: Api) -> None:
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        expired = create_token(connection, "lead2", timedelta(milliseconds=5))
        eventually(
            lambda: connection.execute("select max(now()) > min(expires_at) from api_token").fetchone() == (True,)
        )
        closed = create_token(connection, "member7", timedelta(hours=1))
        set_active(connection, "member7", False)
        for token in (expired, closed):
            answer = api.send("GET", "/api/v1/issues", headers={"Authorization": f"Bearer {token}"})
            assert_problem(answer, 401, "not-authenticated")
        set_active(connection, "member7", True)


@pytest.mark.parametrize("path", [path for path in READS if "/x" not in path and "dashboard" not in path])
@pytest.mark.parametrize(("by", "code"), [("admin", "role-not-allowed"), ("household", "no-post")])
def test_given_an_administrator_or_nobody_in_a_post_then_no_case_is_shown(
    api: Api, number: str, path: str, by: str, code: str
) -> None:
    assert_problem(api.get(path.replace("{number}", number), by=by), 403, code)


def test_given_a_post_named_then_it_must_be_held_and_is_acted_in(api: Api, number: str) -> None:
    path = f"/api/v1/issues/{number}"
    api.follow()
    for post in ("case_handler@QS", "case_handler@YX"):
        assert api.send("GET", path, headers={**api.bearer("handler"), "Huiyin-Post": post}).status_code == 200
    elsewhere = {**api.bearer("handler2"), "Huiyin-Post": "case_handler@LX"}
    assert_problem(api.send("GET", path, headers=elsewhere), 404, "not-found")
    for post in ("station_lead@QS", "case_handler", "", CANARY, "auditor@YX" * 50, "case_handler@QS\u00e9"):
        headers = {**api.bearer("handler"), "Huiyin-Post": post.encode("latin-1")}
        assert_problem(api.send("GET", path, headers=headers), 403, "post-not-held")
    twice = [*api.bearer("handler").items(), *[("Huiyin-Post", "case_handler@QS")] * 2]
    assert_problem(api.send("GET", path, headers=twice), 403, "post-not-held")
