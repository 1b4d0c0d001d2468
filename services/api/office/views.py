"""Which lists do I look at again and again? One's own views of ledgers: kept by name, checked as the ledger would.

What was typed into a search is not kept: it may name somebody.
"""

from functools import partial
from typing import Annotated, Final

from pydantic import Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import RoleNotAllowed
from domain.ledger_views import LEDGER_READERS
from domain.values import Line
from services.api.accounts.people import People
from services.api.door.answers import answer
from services.api.door.bodies import Body, body_of
from services.api.door.fields import field_problems
from services.api.door.limits import Kind
from services.api.door.problems import FieldProblem, Malformed
from services.api.door.queries import IssuesQuery, Query, query_of
from services.api.door.threads import Threads
from services.api.office.appraisal import AppraisalQuery
from services.api.office.reading import query_model
from services.api.parts import ApiParts
from services.exports.forms import FORMS
from services.identity.accounts import Account
from services.saved_views import SavedView

Value = Annotated[str, StringConstraints(max_length=200)]
ViewName = Annotated[Line, StringConstraints(max_length=60)]
_WITH_MODELS: Final[dict[str, type[Query]]] = {"issues": IssuesQuery, "appraisal": AppraisalQuery}
_NOT_KEPT: Final = ("q", "cursor")


class View(Body):
    """常用视图 A named list: the ledger, and its filters as in the address, without search words and cursor."""

    name: ViewName
    ledger: Annotated[str, StringConstraints(max_length=40)]
    query: Annotated[
        dict[str, Annotated[str, StringConstraints(max_length=200)]], Field(max_length=20, default_factory=dict)
    ]


class DropQuery(Query):
    """`DELETE /api/v1/me/views`."""

    name: ViewName


class ViewsDoor:
    """The handlers of `/api/v1/me/views`."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def show(self, request: Request) -> Response:
        """`GET /api/v1/me/views`."""
        account = await self._people.case_reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._show, account))

    async def keep(self, request: Request) -> Response:
        """`PUT /api/v1/me/views`; one of the same name is replaced."""
        account = await self._people.case_reader(request)
        self._parts.limiter.hit(Kind.WRITE, account.name)
        asked = await body_of(request, View, self._parts.limits)
        _check(asked, account)
        return await self._threads.run(partial(self._keep, account, asked))

    async def drop(self, request: Request) -> Response:
        """`DELETE /api/v1/me/views`; repeating it changes nothing."""
        account = await self._people.case_reader(request)
        self._parts.limiter.hit(Kind.WRITE, account.name)
        query = query_of(request, DropQuery)
        return await self._threads.run(partial(self._drop, account, query.name))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _show(self, account: Account) -> Response:
        return answer({"views": self._parts.views.of(account.name)})

    def _keep(self, account: Account, view: View) -> Response:
        kept = SavedView(view.name, view.ledger, view.query)
        return answer({"views": self._parts.views.keep(account.name, kept)})

    def _drop(self, account: Account, name: str) -> Response:
        return answer({"views": self._parts.views.drop(account.name, name)})


def _check(view: View, account: Account) -> None:
    """Such a ledger can be asked for like this, by this role. Raises Malformed, RoleNotAllowed."""
    model = _WITH_MODELS.get(view.ledger) or (query_model(view.ledger) if view.ledger in FORMS else None)
    if model is None:
        raise Malformed(FieldProblem("body.ledger", "not-in-list", "没有这个台账。", "There is no such ledger."))
    if account.role not in LEDGER_READERS.get(view.ledger, {account.role}):
        raise RoleNotAllowed
    for name in set(_NOT_KEPT) & view.query.keys():
        words = ("检索词和页码不保存，请去掉。", "This is not kept: leave it out.")
        raise Malformed(FieldProblem(f"body.query.{name}", "not-kept", *words))
    try:
        model.model_validate(dict(view.query))
    except ValidationError as error:
        raise Malformed(*field_problems(error, "body.query", frozenset(model.model_fields))) from None
