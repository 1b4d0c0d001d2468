"""The appraisal 考核: what each answered for in a month, from the log alone; figures open to what put them there."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.appraisal.readers import OWN_ACCOUNT
from services.web.inside import Inside
from services.web.language import Pair
from services.web.person import person_of
from services.web.rendering import Rendering

BY: Final[Mapping[str, Pair]] = {
    "officer": Pair("干部", "Officer"),
    "station": Pair("驻点", "Station"),
    "department": Pair("归口部门", "Department"),
}
FIGURES: Final[Mapping[str, Pair]] = {
    "handled": Pair("办结", "Dealt with"),
    "answered": Pair("答复", "Answered"),
    "on_time": Pair("按期答复：全程没有一步超期", "Answered in time: no step of the case had run over"),
    "behind": Pair("逾期答复", "Answered after a step had run over"),
    "behind_by_others": Pair("其中因他人超期", "Of those, only steps of others had"),
    "reopened": Pair("答复后重新办理", "Reopened after the answer"),
    "satisfied": Pair("满意", "Satisfied"),
    "mostly_satisfied": Pair("基本满意，按 0.9 计", "Mostly satisfied, counted as 0.9"),
    "dissatisfied": Pair("不满意", "Dissatisfied"),
    "cannot_say": Pair("无法评价，不计入", "Could not say; left out"),
    "declined": Pair("拒访，不计入", "Declined; left out"),
    "by_own_hand": Pair("其中本人代录的评价", "Ratings written down by whoever is judged by them"),
    "silent": Pair("期满未表态", "Silent to the end"),
    "in_time": Pair("按期完成的环节", "Steps done in time"),
    "late": Pair("超期的环节", "Steps run over"),
    "taken_over": Pair("其中接手时已在计时", "Of those, taken over when time was running"),
    "waited": Pair("等候他人而超期，不计入", "Run over while waiting for others; left out"),
    "promise": Pair("超过向群众承诺的期限", "Promises to a household run over"),
    "visit": Pair("走访（驻点）", "Visits (of the place)"),
    "visited": Pair("走访（本人）", "Visits (of the officer)"),
    "duty": Pair("任务", "Duties"),
    "short": Pair("有缺口的任务", "Duties that fell short"),
    "owed": Pair("应报", "Submissions owed"),
    "missed": Pair("缺报", "Submissions missed"),
    "checked": Pair("被抽查", "Spot-checked"),
    "finding": Pair("抽查发现问题", "Findings of checks"),
    "ledgers_missed": Pair("抽查台账缺报", "Ledgers not handed in for a check"),
    "rectification_missed": Pair("整改超期", "Rectifications run over"),
}
SHARES: Final[Mapping[str, Pair]] = {
    "satisfaction": Pair("满意率", "Satisfaction"),
    "on_time": Pair("按期率", "On time"),
    "clocks_kept": Pair("环节按期率", "Steps in time"),
}
_MARKS: Final = 100


class AppraisalPages:
    """The handlers of /dashboard/appraisal and of the marks behind its figures."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def accounts(self, request: Request) -> Response:
        """`GET /dashboard/appraisal?period=2026-03&by=officer`."""
        person, asked = await person_of(self._inside, request), _asked(request)
        told = await self._inside.get(request, "/api/v1/ledgers/appraisal", **asked)
        is_own = person.role in OWN_ACCOUNT
        shown: dict[str, Any] = {"told": told, "asked": asked, "all_by": BY, "figures": FIGURES, "shares": SHARES}
        return self._rendering.page(request, "appraisal.html", person=person, is_own=is_own, **shown)

    async def marks(self, request: Request) -> Response:
        """`GET /dashboard/appraisal/marks?officer=&place=&what=`: what put a figure there, one by one."""
        person, given = await person_of(self._inside, request), request.query_params
        of = {name: given.get(name) for name in ("officer", "place", "what", "cursor")}
        asked = {**_asked(request), **of}
        told = await self._inside.get(request, "/api/v1/ledgers/appraisal/marks", limit=_MARKS, **asked)
        return self._rendering.page(
            request, "appraisal_marks.html", person=person, told=told, asked=asked, figures=FIGURES
        )


def _asked(request: Request) -> dict[str, str | None]:
    given = request.query_params
    return {"period": given.get("period"), "by": given.get("by") or "officer", "village": given.get("village")}
