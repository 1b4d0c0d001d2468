"""A form for visits as pages make it, for tests of what scripts do with it; and a way out."""

from collections.abc import Sequence
from typing import Any, Final

import pytest
from jinja2 import ChoiceLoader, DictLoader
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.web.app import Web
from services.web.forms import Choice, fields_of
from services.web.language import Pair
from services.web.person import person_of
from services.web.rendering import Rendering
from services.web.routing import page

VISIT: Final = """
{% extends "base.html" %}
{% import "_form.html" as forms with context %}
{% block main %}
<h1>{{ t("走访记录", "Visit") }}</h1>
<form method="post" action="/visits/new" data-offline-form="visit">
{{ forms.keys("11111111-1111-4111-8111-111111111111") }}
{% for each in fields %}{{ forms.field(each) }}{% endfor %}
<button class="main">{{ t("保存", "Save") }}</button>
</form>
<form method="post" action="/logout"><button>{{ t("退出", "Log out") }}</button></form>
{% endblock %}
"""
VILLAGES: Final = (Choice("QS", Pair("青石村", "Qingshi")),)
OF_VISIT: Final = ("village", "kind", "household", "place", "companions", "said", "next_visit")


def serve_entry_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every application made from now on serves it."""
    routes, begin = Web.routes, Rendering.__init__

    def with_template(rendering: Rendering, *given: Any) -> None:
        begin(rendering, *given)
        rendering._templates.loader = ChoiceLoader([DictLoader({"visit-form": VISIT}), rendering._templates.loader])

    monkeypatch.setattr(Rendering, "__init__", with_template)
    monkeypatch.setattr(Web, "routes", lambda web: [*_pages(web), *routes(web)])


def _pages(web: Web) -> Sequence[Route]:
    async def visit(request: Request) -> Response:
        person = await person_of(web._inside, request)
        fields = fields_of("RecordVisit", only=OF_VISIT, choices={"village": VILLAGES})
        return web._rendering.page(request, "visit-form", person=person, fields=fields)

    return [page("/visits/new", visit)]
