"""Who asks the matrix: an account of every role, in one village and without that bound, and those who may not at all.

Called by matrix_office.py.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import psycopg

from domain.organisation.commands import AppointOfficer, EndAppointment
from domain.organisation.words import SERVES_AT, PlaceKind
from domain.values import Role
from services.identity.accounts import create_account, set_active
from services.identity.sessions import CameBy, open_session
from services.identity.tokens import ALL_SCOPES, TokenScope, create_token, revoke_tokens
from tests.services.api.conftest import Api
from tests.support.casework import TOWNSHIP
from tests.support.matrix import Asker, Verdict
from tests.support.organisation import ask
from tests.support.settling import SINCE

ABOVE: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.CASE_HANDLER: ("handler", "lead", "township-head"),
    Role.STATION_LEAD: ("lead", "township-head"),
}
"""Who is in charge of the village and above it: over those who serve in the village without being in charge."""

NOBODY: Final = ("no token", "no real token", "an expired token", "a revoked token", "a closed account's token",
                 "a receipt code")  # fmt: skip


def those_with_accounts() -> list[Asker]:
    """Everybody who has an account, whatever it is good for."""
    usual = (_asker(role) for role in Role if role not in (Role.PROCESS, Role.HOUSEHOLD))
    return [
        *usual,
        Asker("household", Role.HOUSEHOLD, cases=Verdict.NO_POST),
        Asker("ended in.post", Role.CASE_HANDLER, cases=Verdict.NO_POST),
        Asker("handler", Role.CASE_HANDLER, barred=frozenset({"handler", "lead", "township-head"})),
        _asker(Role.STATION_LEAD, " in a post of somebody else", cases=Verdict.NOT_HELD),
        _asker(Role.STATION_LEAD, " with a token to read", writes=Verdict.NARROW),
        _asker(Role.STATION_LEAD, " by session", by_session=True),
        _asker(Role.STATION_LEAD, " by session from another site's page", writes=Verdict.FOREIGN_PAGE, by_session=True),
    ]


def _asker(role: Role, how: str = "", **more: Any) -> Asker:
    """Somebody in this role, in the village QS or its township or, for a department, with the construction's cases."""
    name = f"{role.value.replace('_', '-')}-of-qs"
    departments = frozenset({"construction"}) if role is Role.DEPARTMENT else None
    villages = {"QS": frozenset({"QS"}), "T1": frozenset({"QS", "LX"})}.get(_place(role))
    township = None if role is Role.DEPARTMENT else TOWNSHIP
    barred = frozenset({name, *ABOVE.get(role, ())})
    return Asker(name + how, role, villages, departments, barred, township=township, **more)


def _place(role: Role) -> str:
    """Where somebody of this role serves: as near to the village QS as such a post exists."""
    if role is Role.DEPARTMENT:
        return "department:construction"
    return "QS" if PlaceKind.VILLAGE in SERVES_AT[role] else "T1"


def account_of(asker: Asker) -> str:
    """The account by which somebody asks."""
    return asker.name.partition(" ")[0]


def let_in(api: Api, askers: list[Asker]) -> dict[str, Mapping[str, str]]:
    """Gives them accounts and posts; with what each of them asks, by name."""
    post = {"officer": "ended", "role": Role.CASE_HANDLER, "place": "QS"}
    api.reorganise(*_posts(askers), ask(AppointOfficer, at=SINCE, **post), ask(EndAppointment, **post))
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        for asker in askers:
            create_account(connection, account_of(asker), display_zh="某人", display_en="somebody")
        return {asker.name: _credentials(connection, asker, api.address) for asker in askers}


def _posts(askers: list[Asker]) -> Iterator[AppointOfficer]:
    roles = {account_of(asker): asker.role for asker in askers if asker.cases is None and asker.name != "handler"}
    for officer, role in roles.items():
        if role is not None and SERVES_AT[role]:
            yield ask(AppointOfficer, at=SINCE, officer=officer, role=role, place=_place(role))


def _credentials(connection: psycopg.Connection, asker: Asker, address: str) -> Mapping[str, str]:
    if asker.by_session:
        secret = open_session(connection, account_of(asker), CameBy.PASSWORD)
        origin = "https://elsewhere.example" if asker.writes else address
        return {"Cookie": f"huiyin={secret}", "Origin": origin}
    scopes = {TokenScope.READ} if asker.writes else ALL_SCOPES
    post = {"Huiyin-Post": "finance@T1"} if asker.cases is Verdict.NOT_HELD else {}
    return {**_bearer(create_token(connection, account_of(asker), timedelta(hours=1), scopes)), **post}


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def of_nobody(api: Api, receipt_code: str) -> dict[str, Mapping[str, str]]:
    """What those ask with who may not at all, by name."""
    with psycopg.connect(api.database.app_dsn, autocommit=True) as connection:
        for name in ("revoked", "closed"):
            create_account(connection, name, display_zh="某人", display_en="somebody")
        expired = create_token(connection, "handler", timedelta(milliseconds=5))
        revoked, closed = (create_token(connection, name, timedelta(hours=1)) for name in ("revoked", "closed"))
        revoke_tokens(connection, "revoked")
        set_active(connection, "closed", False)
    tokens = ("hy_" + "A" * 43, expired, revoked, closed, receipt_code)
    return {"no token": {}, **dict(zip(NOBODY[1:], map(_bearer, tokens), strict=True))}
