"""The office's people on a real database: the organisation of tests/support/office.py, accounts and tokens."""

from collections.abc import Iterable
from datetime import timedelta

import psycopg

from domain.organisation.commands import OrganisationCommand
from domain.organisation.together import reorganise
from domain.values import Role
from services.bootstrap import open_casework
from services.identity.accounts import create_account
from services.identity.tokens import create_token
from tests.support.office import PEOPLE, office, office_commands

USERS = tuple(name for name, actor in PEOPLE.items() if actor.role is not Role.PROCESS)
"""Everybody who can have an account. The household has one too, and no post."""


def settle(app_dsn: str, *more: OrganisationCommand) -> None:
    """Villages, heads of units and everybody's posts, if they are not there yet; and more changes."""
    with open_casework(app_dsn, office()) as casework:
        reorganise(casework, [*office_commands(), *more])


def let_in(app_dsn: str, users: Iterable[str] = USERS, ttl: timedelta = timedelta(days=1)) -> dict[str, str]:
    """An account and a token for each."""
    with psycopg.connect(app_dsn, autocommit=True) as connection:
        for name in users:
            create_account(connection, name, display_zh="某人", display_en="somebody")
        return {name: create_token(connection, name, ttl) for name in users}
