"""Who looks at a page? As the API tells it: name, posts, and the one they act in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.requests import Request

from domain.values import Role
from services.api.door.site import SECURE_COOKIE, SESSION
from services.web.inside import POST_COOKIE, Inside
from services.web.language import Pair


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody logged in. `role` None: they hold no post at present. `posts`: as `case_handler@QS`."""

    name: str
    called: Pair
    role: Role | None
    post: str | None
    posts: tuple[str, ...]
    must_change_password: bool
    names: Mapping[str, Pair] = field(default_factory=dict, repr=False)
    """How officers are called, by account."""


def has_session(request: Request) -> bool:
    """Whether the browser brought a session along, good or not."""
    return SESSION.name in request.cookies or SECURE_COOKIE in request.cookies


async def person_of(inside: Inside, request: Request) -> Person:
    """Who looks. Raises NotAuthenticated, of which the door makes the way to the log-in page."""
    person = _person(await inside.get(request, "/api/v1/session"), request.cookies.get(POST_COOKIE))
    if person.role is None or person.must_change_password:
        return person
    return replace(person, names=await inside.names.known_to(request))


def _person(told: Mapping[str, Any], wanted: str | None) -> Person:
    posts = tuple(each["post"] for each in told["posts"])
    post = wanted if wanted in posts else next(iter(posts), None)
    return Person(
        name=told["name"],
        called=Pair(told["display_zh"], told["display_en"]),
        role=Role(post.partition("@")[0]) if post else None,
        post=post,
        posts=posts,
        must_change_password=told["must_change_password"],
    )
