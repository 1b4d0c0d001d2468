"""The public notice board 公开栏: a month that is over, large enough to be read on a wall, for everybody."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from services.web.inside import Inside
from services.web.language import Pair
from services.web.rendering import Rendering

STATUS: Final[Mapping[str, Pair]] = {
    "in_hand": Pair("办理中", "in hand"),
    "answered": Pair("已答复", "answered"),
    "closed": Pair("已销号", "closed"),
    "ended": Pair("撤回或并案", "withdrawn or merged"),
}


class BoardPages:
    """The handler of /board and /board/{village}."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def board(self, request: Request) -> Response:
        """`GET /board?month=2026-02`, of all villages or one."""
        told = await self._inside.get(request, "/api/v1/notice-board", month=request.query_params.get("month"))
        village = request.path_params.get("village")
        line = next((line for line in told["villages"] if line["village"] == village), None)
        if village and line is None:
            raise NotFound
        called = {each["category"]: each for each in told["categories"]}
        items = [item for item in told["items"] if not village or item["number"].startswith(f"{village}-")]
        shown: dict[str, Any] = {
            "lines": [line] if line else told["villages"],
            "only": line,
            "items": items,
            "called": called,
        }
        shown |= _months(told["month"], told["latest"])
        return self._rendering.page(request, "board.html", board=told, status_of=STATUS, **shown)


def _months(month: str, latest: str) -> dict[str, str | None]:
    """The months that can be turned to; after the latest there is none yet."""
    return {"month": month, "before": _moved(month, -1), "after": _moved(month, 1) if month < latest else None}


def _moved(month: str, months: int) -> str:
    place = int(month[:4]) * 12 + int(month[5:]) - 1 + months
    return f"{place // 12}-{place % 12 + 1:02}"
