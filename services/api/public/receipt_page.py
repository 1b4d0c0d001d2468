"""The page a household sees behind its receipt code: large, plain, without script. Called by receipts.py."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Final

from starlette.responses import Response

from domain.values import LOCAL_ZONE
from projections.household_view import KEPT, HouseholdView
from projections.labels import Label, label
from services.api.pages.templating import PAGE_POLICY, TEMPLATES, preferred_language


def page_of(views: Sequence[HouseholdView], accepted: str) -> Response:
    """The page of these issues; with none, the one page for every code that is no receipt's."""
    language = preferred_language(accepted)
    zh = language == "zh-CN"

    def said(text: Label) -> str:
        return text.zh if zh else text.en

    def day(moment: datetime) -> str:
        return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d")

    page = TEMPLATES.get_template("receipt.html").render(
        language=language, zh=zh, views=views, said=said, day=day, label=label, kept=KEPT
    )
    headers = {"Content-Security-Policy": PAGE_POLICY, "Content-Language": language, "Vary": "Accept-Language"}
    return Response(page, 200 if views else 404, headers, "text/html")


def receipt_style() -> Response:
    """The page's stylesheet."""
    return Response(_style(), 200, _KEPT_FOR_AN_HOUR, "text/css")


_KEPT_FOR_AN_HOUR: Final = {"Cache-Control": "max-age=3600"}


@cache
def _style() -> str:
    return TEMPLATES.get_template("receipt.css").render()
