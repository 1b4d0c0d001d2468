"""Who is asking? The account behind a request's token. Called first by every handler that is not for everybody."""

from functools import partial

from starlette.requests import Request

from domain.errors import RoleNotAllowed
from services.api.requests import bearer_token
from services.api.threads import Threads
from services.identity.accounts import Account
from services.identity.tokens import Authenticator


class People:
    """Looks accounts up, in a thread when the database has to be asked."""

    def __init__(self, authenticator: Authenticator, threads: Threads) -> None:
        self._authenticator = authenticator
        self._threads = threads

    async def account(self, request: Request) -> Account:
        """Raises NotAuthenticated."""
        token = bearer_token(request)
        known = self._authenticator.remembered(token)
        return known if known else await self._threads.run(partial(self._authenticator.account, token))

    async def reader(self, request: Request) -> Account:
        """An account that may read cases. Raises NotAuthenticated, RoleNotAllowed."""
        account = await self.account(request)
        if not account.may_read:
            raise RoleNotAllowed
        return account
