"""Who is asking, and may they ask at all? The one place where tokens, sessions and their limits are checked.

Called first by every handler that is not for everybody. What the account may see and do is decided behind it.
"""

from functools import partial
from typing import Final

from starlette.requests import Request

from domain.errors import RoleNotAllowed
from services.api.door.limits import Kind, Limiter
from services.api.door.requests import account_named, bearer_token, post_named
from services.api.door.site import SESSION, Site
from services.api.door.threads import Threads
from services.identity.accounts import Account
from services.identity.authenticator import (
    Authenticator,
    NotAuthenticated,
    OtherAccount,
    PasswordMustChange,
    ScopeTooNarrow,
    Visitor,
)
from services.identity.tokens import TokenScope
from services.privacy.looks import Door
from services.privacy.unsealing import Reader

_READING: Final = frozenset({"GET", "HEAD"})
_MANAGED: Final = ("/api/v1/organisation", "/api/v1/plans")


class People:
    """Looks visitors up, in a thread when the database has to be asked."""

    def __init__(self, authenticator: Authenticator, threads: Threads, site: Site, limiter: Limiter) -> None:
        self._authenticator = authenticator
        self._threads = threads
        self._site = site
        self._limiter = limiter

    async def writer(self, request: Request) -> Account:
        """Who acts, counted as one more write. Raises TooManyRequests and as `account` does."""
        account = await self.account(request)
        self._limiter.hit(Kind.WRITE, account.name)
        return account

    async def reader(self, request: Request) -> Account:
        """Who asks for anything, counted as one more read. Raises TooManyRequests and as `account` does."""
        account = await self.account(request)
        self._limiter.hit(Kind.READ, account.name)
        return account

    async def case_reader(self, request: Request) -> Account:
        """As `reader`, somebody who may read cases. Raises RoleNotAllowed and as `reader` does."""
        account = await self.account(request)
        if not account.may_read:
            raise RoleNotAllowed
        self._limiter.hit(Kind.READ, account.name)
        return account

    async def account(self, request: Request) -> Account:
        """Who acts, in the post they name. Raises NoPost, PostNotHeld, PasswordMustChange, ScopeTooNarrow."""
        visitor, post = await self.visitor(request), post_named(request)
        if visitor.must_change:
            raise PasswordMustChange
        if scope_needed(request) not in visitor.scopes:
            raise ScopeTooNarrow
        known = self._authenticator.remembered_account(visitor.login, post)
        return known if known else await self._threads.run(partial(self._authenticator.account, visitor.login, post))

    async def visitor(self, request: Request) -> Visitor:
        """Whoever comes with a token or, from our own pages, with a session. Raises NotAuthenticated, ForeignOrigin,
        OtherAccount.

        Also those who must change their password first: for log-in and log-out themselves only.
        """
        visitor = await self._whoever(request)
        if account_named(request) not in (None, visitor.login.name):
            raise OtherAccount
        return visitor

    async def _whoever(self, request: Request) -> Visitor:
        if "authorization" in request.headers:
            return await self._visitor(bearer_token(request))
        secret = self.session(request)
        if request.method not in _READING:
            self._site.require_own_page(request, by_cookie=True)
        return await self._visitor(secret)

    def session(self, request: Request) -> str:
        """The session that the request came with. Raises NotAuthenticated."""
        secret = self._site.kept(request, SESSION)
        if secret is None:
            raise NotAuthenticated
        return secret

    async def _visitor(self, secret: str) -> Visitor:
        known = self._authenticator.remembered(secret)
        return known if known else await self._threads.run(partial(self._authenticator.visitor, secret))


def as_reader(account: Account) -> Reader:
    """As whom an account is shown households' words, and its look is written down."""
    return Reader.of(account.name, account.role, Door.API, place=account.place, behalf=account.on_behalf_of)


def scope_needed(request: Request) -> TokenScope:
    """What a token must be good for: reading, recording what happens to cases, or running the office itself."""
    if request.method in _READING:
        return TokenScope.READ
    return TokenScope.MANAGE if request.scope["path"].startswith(_MANAGED) else TokenScope.WRITE
