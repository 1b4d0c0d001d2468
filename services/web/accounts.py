"""One's own account: name, posts, where one is logged in, language, where notices go, the password."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.web.inside import POST_COOKIE, Inside, Problem
from services.web.language import Pair
from services.web.person import Person, person_of
from services.web.reading import Posted, posted
from services.web.rendering import Rendering, to
from services.web.signing_in import PASSED_BACK, bearing, spare_what_waits

_DONE = {
    "password": Pair(
        "密码已改。其他地方的登录都已退出。", "The password was changed. You are logged out everywhere else."
    ),
    "notices": Pair("通知地址已更新。", "The addresses for notices were replaced."),
}
_UNLIKE = Problem(422, "unlike", Pair("两次输入的新密码不一样。", "The new password was not typed the same twice."), {})


class AccountPages:
    """The handlers of /account and what is below it."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def show(self, request: Request) -> Response:
        """`GET /account`."""
        person = await person_of(self._inside, request)
        if person.must_change_password:
            return to("/account/password")
        return await self._page(request, person)

    async def set_notices(self, request: Request) -> Response:
        """`POST /account/notices`: these addresses, one a line, and no others."""
        form = await posted(request)
        lines = (form.get("targets") or "").splitlines()
        body = {"targets": [line.strip() for line in lines if line.strip()]}
        answer = await self._inside.post(request, "/api/v1/me/notices", body, method="PUT")
        if answer.problem:
            person = await person_of(self._inside, request)
            return await self._page(request, person, answer.problem, form)
        return to("/account?done=notices")

    async def log_out_everywhere(self, request: Request) -> Response:
        """`POST /account/sessions`."""
        path = "/api/v1/sessions"
        form = await posted(request)
        tokens = {"tokens": True} if form.get("tokens") else {}
        answer = await self._inside.post(request, path, method="DELETE", query=tokens)
        if answer.problem:
            return self._rendering.problem(request, answer.problem, {})
        response = bearing(to("/"), answer.kept(*PASSED_BACK))
        spare_what_waits(response, form)
        response.delete_cookie(POST_COOKIE)
        return response

    async def ask_password(self, request: Request) -> Response:
        """`GET /account/password`."""
        person = await person_of(self._inside, request)
        return self._rendering.page(request, "password.html", person=person, problem=None)

    async def change_password(self, request: Request) -> Response:
        """`POST /account/password`."""
        form, person = await posted(request), await person_of(self._inside, request)
        if form.get("new") != form.get("again"):
            return self._rendering.page(request, "password.html", status=422, person=person, problem=_UNLIKE)
        body = {name: form.get(name) for name in ("old", "new")}
        answer = await self._inside.post(request, "/api/v1/password", body)
        if answer.problem:
            return self._rendering.page(
                request, "password.html", status=answer.status, person=person, problem=answer.problem
            )
        ahead = to("/" if person.must_change_password else "/account?done=password")
        return bearing(ahead, answer.kept(*PASSED_BACK))

    async def _page(
        self, request: Request, person: Person, problem: Problem | None = None, form: Posted | None = None
    ) -> Response:
        query = request.query_params
        shown: dict[str, Any] = {
            "done": _DONE.get(query.get("done", "")),
            "post_gone": query.get("post") == "gone",
            "problem": problem,
            "typed": form.values if form else {},
            "sessions": await self._sessions(request),
            "targets": await self._targets(request, person),
            "told": await self._inside.get(request, "/api/v1/session"),
        }
        status = problem.status if problem else 200
        return self._rendering.page(request, "account.html", status=status, person=person, **shown)

    async def _sessions(self, request: Request) -> Any:
        """Where somebody is logged in; a program that reads pages by its token is nowhere."""
        if "authorization" in request.headers:
            return []
        return (await self._inside.get(request, "/api/v1/sessions"))["items"]

    async def _targets(self, request: Request, person: Person) -> Any:
        """Where notices go; None for somebody without a post, who gets none."""
        if person.role is None:
            return None
        return (await self._inside.get(request, "/api/v1/me/notices"))["targets"]
