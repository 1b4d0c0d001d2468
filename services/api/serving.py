"""How does a request reach its handler? By the shortest way: door, route, handler.

FastAPI's telemetry, body limits, exit stacks and error pages do nothing here that door/ does not do, and took a tenth
of each request. Called by app.py.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from services.api.door.middleware import name_route
from services.api.office.commands import ISSUE_COMMANDS

Handler = Callable[[Request], Awaitable[Response]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class Serving:
    """A handler as ASGI. `label`: what metrics and logs call its requests, unless the handler says."""

    def __init__(self, handler: Handler, label: str | None = None) -> None:
        self._handler = handler
        self._label = label

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the handler; what it raises is the door's."""
        request = Request(scope, receive, send)
        if self._label is not None:
            name_route(request, self._label)
        response = await self._handler(request)
        await response(scope, receive, send)


class RoutedApp(FastAPI):
    """The application as routes behind one door."""

    door: ASGIApp
    """What stands before the routes."""

    def __init__(self, lifespan: Lifespan) -> None:
        super().__init__(
            title="Huiyin 回音",
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            lifespan=lifespan,
        )
        self.door = self.routed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI calls an application."""
        scope["app"] = self
        await self.door(scope, receive, send)

    async def routed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The routes themselves. A 405 names every method of its path, also when several routes share it."""
        try:
            await self.router.app(scope, receive, send)
        except HTTPException as refused:
            if refused.status_code != 405:
                raise
            routes = (route for route in self.router.routes if isinstance(route, Route))
            methods = {method for route in routes if _is_at(route, scope["path"]) for method in route.methods or ()}
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(methods))}) from None


def _is_at(route: Route, path: str) -> bool:
    found = route.path_regex.match(path)
    command = found.groupdict().get("command") if found else None
    return found is not None and (command is None or command in ISSUE_COMMANDS)
