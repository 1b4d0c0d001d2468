"""How does a page become a route? Called by everything that lists pages."""

from starlette.routing import Route

from services.api.serving import Handler, Serving


def page(path: str, handler: Handler, method: str = "GET") -> Route:
    """A page's route, which bears its own path in metrics and logs."""
    return Route(path, Serving(handler, f"{method} {path}"), methods=[method])
