"""How does a page come out? Template, language, security headers; the same frame around all of them."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.values import LOCAL_ZONE
from projections import labels
from services.web import words
from services.web.assets import Assets
from services.web.dates import time_left
from services.web.inside import POST_COOKIE, Problem
from services.web.kept import kept_pages_of
from services.web.language import Pair, language_of
from services.web.person import Person

PAGE_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_UNITS: Final = ((3600, "小时", "hour"), (60, "分钟", "minute"), (1, "秒", "second"))
_HEADERS: Final = {
    "Content-Security-Policy": PAGE_POLICY,
    "Referrer-Policy": "same-origin",  # under no-referrer browsers call a form's origin null, and no form gets in
    "Vary": "Accept-Language, Cookie",
}


class Rendering:
    """Renders every page. One per application."""

    def __init__(self, assets: Assets, clock: Callable[[], datetime], public_url: str | None = None) -> None:
        self._public_url = public_url
        self._templates = Environment(
            loader=PackageLoader("services.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(day=day, minute=minute, money=money, patience=patience, begun=begun)
        self._templates.globals.update(
            asset=assets.address_of, assets_version=assets.version, kept_pages_of=kept_pages_of
        )
        self._templates.globals.update(time_left=lambda at: time_left(_moment(at), clock()))
        self._templates.globals.update(today=lambda: clock().astimezone(LOCAL_ZONE).date())

    def page(
        self,
        request: Request,
        template: str,
        *,
        person: Person | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> Response:
        """The page of this template. `person`: who is logged in, if somebody has to be."""
        language = language_of(request)
        zh = language == "zh-CN"
        frame = {"language": language, "zh": zh, "here": request.url.path, "person": person, "navigation": ()}
        frame["way_back"] = address_of(request)
        if person is not None:
            frame["navigation"] = words.navigation_of(person.role)
        sayings = _sayings(zh, person.names if person else {})
        text = self._templates.get_template(template).render(**frame, **sayings, **context)
        own = {**_HEADERS, "Content-Language": language, **(headers or {})}
        return Response(text, status, own, "text/html")

    def on_paper(self, request: Request, path: str) -> str:
        """The whole address of a page, to be written down: by the settings, not by what a browser's host says."""
        return f"{self._public_url or str(request.base_url).rstrip('/')}{path}"

    def problem(self, request: Request, problem: Problem, headers: Mapping[str, str]) -> Response:
        """The page of a refusal. Whoever has to log in or choose a password first is shown where; a post that
        somebody no longer holds is forgotten, lest it stand before every page."""
        is_look, address = request.method == "GET", address_of(request)
        if problem.status == 401 and is_look:
            return to(f"/login?next={quote(address, safe='/')}" if address != "/" else "/login")
        if problem.code == "password-must-change" and is_look:
            return to("/account/password")
        if problem.code != "post-not-held" or POST_COOKIE not in request.cookies:
            return self.page(request, "problem.html", status=problem.status, headers=headers, problem=problem)
        again = to(address if is_look else "/account?post=gone")
        again.delete_cookie(POST_COOKIE)
        return again


def _sayings(zh: bool, names: Mapping[str, Pair]) -> dict[str, Any]:
    """The functions by which templates speak one of the two languages."""

    def t(chinese: str, english: str) -> str:
        return chinese if zh else english

    def said(pair: Pair | labels.Label | Mapping[str, str]) -> str:
        if isinstance(pair, Mapping):
            return pair["zh"] if zh else pair["en"]
        return pair.zh if zh else pair.en

    def label(value: StrEnum | str, kind: str = "") -> str:
        """`kind`: the name of the list, where words of several lists are spelled alike."""
        return said(words.label_of(value, kind))

    def who(account: str | None) -> str:
        """How an officer is called; the account itself where it is not known."""
        known = names.get(account) if account else None
        return said(known) if known else account or ""

    return {"t": t, "said": said, "label": label, "who": who}


def address_of(request: Request) -> str:
    """Where somebody is, with the query: to come back to."""
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


def to(address: str) -> Response:
    """Go and look there, after a form was taken in."""
    return RedirectResponse(address, 303)


def begun(text: str) -> str:
    """As the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _moment(value: str | datetime) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(LOCAL_ZONE)


def day(value: str | datetime | date | None) -> str:
    """`2026-03-01`, by the office's calendar; nothing for nothing."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return "" if value is None else value.isoformat()
    return _moment(value).strftime("%Y-%m-%d")


def minute(value: str | datetime | None) -> str:
    """`2026-03-01 09:30`, by the office's clock."""
    return "" if value is None else _moment(value).strftime("%Y-%m-%d %H:%M")


def patience(seconds: int) -> Pair:
    """How long to wait, as people say it."""
    size, zh, en = next(unit for unit in _UNITS if max(seconds, 1) >= unit[0])
    count = math.ceil(seconds / size)
    return Pair(f"{count} {zh}", f"{count} {en}{'' if count == 1 else 's'}")


def money(value: float | str | None) -> str:
    """`12,500.00`; nothing for nothing."""
    return "" if value is None else f"{float(value):,.2f}"
