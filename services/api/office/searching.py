"""What does somebody look for who types into the search box? A number, whole or only its end, or words.

Words of households' cases are sealed and looked through for nobody (requirements, section 6); the answer says so.
Words of cases without a household are looked for only by those who may read them as they are.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from domain.ledger_views import View, view_of
from domain.values import LOCAL_ZONE, Role
from projections.issue_ledger import SEARCHED, LedgerFilter

_NUMBER: Final = re.compile(r"[A-Z][A-Z0-9]{0,15}-[0-9]{4}-[0-9]{1,9}", re.ASCII)
_SERIAL: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
_YEARS: Final = 3
"""A serial number alone is looked for in this year and those before, so many in all."""
_NOT_SEARCHED: Final = {
    "zh": "有户号的问题，内容已加密，不作检索；只检索不涉及具体户的问题（最新 20000 件）。",
    "en": "Words of cases with a household are sealed and were not searched; only the newest 20,000 without one were.",
}
_NUMBERS_ONLY: Final = {
    "zh": "只按编号检索；您的角色不检索文字内容。",
    "en": "Only numbers were searched: your role does not search words.",
}
_BY_NUMBER: Final = {"zh": "只按编号检索，没有检索文字内容。", "en": "Numbers were searched, and no words."}
Told = dict[str, Any]
"""What was searched, for the answer."""


def sought(
    wanted: LedgerFilter, typed: str, role: Role, villages: Iterable[str], now: datetime
) -> tuple[LedgerFilter, Told]:
    """The filter narrowed to what was typed. `villages`: whose numbers a serial number alone may belong to."""
    text = typed.upper()
    if _NUMBER.fullmatch(text):
        front, _, serial = text.rpartition("-")
        return replace(wanted, numbers=(f"{front}-{serial:0>4}",)), _told(("number",), _BY_NUMBER)
    if _SERIAL.fullmatch(text):
        year = now.astimezone(LOCAL_ZONE).year
        years = range(year, year - _YEARS, -1)
        numbers = tuple(f"{village}-{each}-{text:0>4}" for village in villages for each in years)
        return replace(wanted, numbers=numbers), _told(("number",), _BY_NUMBER)
    if view_of("issues", "description", role) is not View.WORDS:
        return replace(wanted, numbers=()), _told(("number",), _NUMBERS_ONLY)
    return replace(wanted, words=typed), {**_told(("title", "description", "place"), _NOT_SEARCHED), "newest": SEARCHED}


def _told(fields: tuple[str, ...], words: Told) -> Told:
    return {"in": fields, "newest": None, **words}
