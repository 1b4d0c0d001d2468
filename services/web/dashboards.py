"""The dashboard: rates, ages, stages, parts, months, money, now or on any day before; numbers open to their rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.appraisal.readers import EVERY_ACCOUNT, OWN_ACCOUNT
from domain.errors import RoleNotAllowed
from services.web import charts
from services.web.charts import Line, line_chart
from services.web.inside import Inside
from services.web.language import Pair, language_of
from services.web.person import person_of
from services.web.rendering import Rendering

BY: Final[Mapping[str, Pair]] = {
    "village": Pair("村（社区）", "Village"),
    "category": Pair("问题类别", "Category"),
    "department": Pair("归口部门", "Department"),
    "channel": Pair("来源渠道", "Channel"),
    "tier": Pair("层级", "Tier"),
}
EXCLUDED: Final[Mapping[str, Pair]] = {
    "cannot_say": Pair("无法评价", "could not say"),
    "declined": Pair("拒访", "declined"),
    "silent": Pair("到期未表态", "silent to the end"),
    "not_called_back": Pair("尚未回访", "not called back yet"),
    "not_asked": Pair("无对象可回访", "nobody to ask"),
}
NOT_COUNTED: Final[Mapping[str, Pair]] = {
    "not_due_yet": Pair("未到期", "not due yet"),
    "ended_without_answer": Pair("未答复即撤回、并案或分案", "withdrawn, merged or split before an answer"),
    "imported_without_due_date": Pair("导入时无期限", "imported without a due date"),
}
_PART_OF_RATE: Final = {"response": "contacted", "resolution": "solved", "satisfaction": "satisfied"}
RATES: Final[Mapping[str, Pair]] = {
    "response": Pair("响应率", "Response"),
    "resolution": Pair("解决率", "Resolution"),
    "satisfaction": Pair("满意率", "Satisfaction"),
}
_CALLED: Final = {
    "all_by": BY, "excluded": EXCLUDED, "not_counted": NOT_COUNTED, "rates": RATES, "part_of": _PART_OF_RATE
}  # fmt: skip
_ORDER: Final = (
    "logged", "escalated", "handling", "submission", "committee", "with_county", "funding", "works", "inspection",
    "reply", "feedback", "answered", "review", "recheck", "closed", "settled",
)  # fmt: skip
"""Of an issue's life; what ended otherwise comes after."""
_END_OF_DAY: Final = "T23:59:59+08:00"
_MONTHS: Final = 12


class DashboardPages:
    """The handler of /dashboard."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def show(self, request: Request) -> Response:
        """`GET /dashboard?village=&as_of=2026-03-01&by=`."""
        person, given = await person_of(self._inside, request), request.query_params
        day, by = given.get("as_of") or "", given.get("by") if given.get("by") in BY else "village"
        asked = {"village": given.get("village"), "as_of": day + _END_OF_DAY if day else None}
        ask, path = self._inside.get, "/api/v1/dashboard"
        whole = await ask(request, path, **asked)
        months = (await ask(request, f"{path}/months", months=_MONTHS, **asked))["months"]
        parts = (await ask(request, f"{path}/table", rows=by, **asked))["parts"]
        crossed = (await ask(request, f"{path}/table", rows="village", columns="category", **asked))["parts"]
        choices = await ask(request, "/api/v1/me/choices")
        shown: dict[str, Any] = {"whole": whole, "months": months, "parts": parts, "choices": choices, "by": by}
        shown |= {"day": day, "village": given.get("village") or "", "matrix": _matrix(crossed)}
        shown |= {"names": _names(choices), "funds": await self._funds(request), "stages": _stages(whole["by_stage"])}
        shown["reads_accounts"] = person.role in OWN_ACCOUNT | EVERY_ACCOUNT
        shown |= {"hot": await self._hot(request, day, given.get("village")), **_CALLED}
        shown["duties"] = await self._duties(request, asked)
        return self._rendering.page(
            request, "dashboard.html", person=person, charts=charts, opened=opened,
            lines=_lines(months, chinese=language_of(request) == "zh-CN"), **shown,
        )  # fmt: skip

    async def _hot(self, request: Request, day: str, village: str | None) -> Any:
        """What is reported more often in that month; None for whoever does not read what cases are about."""
        try:
            return await self._inside.get(request, "/api/v1/hot-topics", period=day[:7], place=village)
        except RoleNotAllowed:
            return None

    async def _duties(self, request: Request, asked: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """What was asked of visits and presence, and who is short; none for whoever may not read them."""
        found = await self._inside.ask(request, "/api/v1/dashboard/coverage", **asked)
        return [] if found.problem else found.document["duties"]

    async def _funds(self, request: Request) -> Sequence[Mapping[str, Any]]:
        """Those that are open; none for whoever may not read them."""
        try:
            found = await self._inside.get(request, "/api/v1/funds")
        except RoleNotAllowed:
            return []
        return [fund for fund in found["items"] if fund["opened"]]


def opened(address: str | None) -> str | None:
    """The page of a list of the API; None where the reader may not see its rows."""
    return address.replace("/api/v1/issues", "/issues", 1) if address else None


def _names(choices: Mapping[str, Any]) -> Mapping[str, Mapping[str, Pair]]:
    """How villages, categories and departments are called."""
    return {
        "village": {each["code"]: Pair(each["name"], each["name"]) for each in choices["villages"]},
        "category": {each["key"]: Pair(each["zh"], each["en"]) for each in choices["categories"]},
        "department": {each["key"]: Pair(each["zh"], each["en"]) for each in choices["departments"]},
    }


def _stages(by_stage: Mapping[str, int]) -> list[str]:
    """Those where something stands, in the order of an issue's life."""
    order = [*_ORDER, *(stage for stage in by_stage if stage not in _ORDER)]
    return [stage for stage in order if by_stage.get(stage)]


def _matrix(parts: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Villages against categories; `most`: the largest count of open ones, for the shades."""
    return {
        "rows": sorted({part["row"] for part in parts}),
        "columns": sorted({part["column"] for part in parts}),
        "cells": {(part["row"], part["column"]): part for part in parts},
        "most": max((part["open"] for part in parts), default=0),
    }


def _lines(months: Sequence[Mapping[str, Any]], *, chinese: bool) -> Mapping[str, Any]:
    """The two charts of what happened month by month: counts, and the three rates."""
    places = [month["month"][5:].lstrip("0") for month in months]
    counts = {"logged": Pair("登记", "Logged"), "answered": Pair("答复", "Answered"), "closed": Pair("销号", "Closed")}
    counted = [Line(_in(said, chinese), [month[name] for month in months]) for name, said in counts.items()]
    rated = [Line(_in(said, chinese), [month[name]["value"] for month in months]) for name, said in RATES.items()]
    label = Pair("每月登记、答复、销号件数", "Logged, answered and closed month by month")
    label_of_rates = Pair("每月首次答复事项的三率", "The three rates of what was first answered in each month")
    return {
        "counts": line_chart(_in(label, chinese), places, counted),
        "rates": line_chart(_in(label_of_rates, chinese), places, rated, percent=True),
        "called": [line.called for line in counted],
        "rates_called": [line.called for line in rated],
    }


def _in(said: Pair, chinese: bool) -> str:
    return said.zh if chinese else said.en
