"""An account of a test's own with a password, and a browser on a page of the site itself."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import psycopg
import pytest

from domain.organisation.commands import AppointOfficer
from services.identity.accounts import create_account
from services.identity.log_in import unlock
from services.identity.passwords import Hasher, set_password
from tests.services.api.conftest import CHEAP, Api
from tests.support.organisation import ask
from tests.support.settling import SINCE

PASSWORD = "lantern-river-plough-39"
ANOTHER = "seven quiet herons by the dyke"
USER = "user.of.sessions"
ISSUE = {"channel": "visit", "village": "QS", "category": "other", "description": "停电。"}


@pytest.fixture(autouse=True)
def account(api: Api) -> Iterator[None]:
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        create_account(connection, USER, display_zh="某人", display_en="somebody")
        set_password(connection, USER, PASSWORD, Hasher(CHEAP), must_change=False)
        unlock(connection, USER)
        api.reorganise(ask(AppointOfficer, at=SINCE, officer=USER, place="QS"))
        yield


@pytest.fixture
def browser(api: Api) -> Iterator[httpx.Client]:
    """A browser on a page of the site itself: it keeps cookies and says where its writes come from."""
    own = {"Origin": api.address, "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=api.address, headers=own, timeout=30) as client:
        yield client


def log_in(client: httpx.Client, name: str = USER, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return client.post("/api/v1/session", json={"name": name, "password": password}, headers=headers)


def log_issue(client: httpx.Client, **headers: str) -> httpx.Response:
    return client.post("/api/v1/issues", json=ISSUE, headers={"Idempotency-Key": str(uuid4()), **headers})


def without(client: httpx.Client, *names: str) -> httpx.Client:
    for name in names:
        del client.headers[name]
    return client
