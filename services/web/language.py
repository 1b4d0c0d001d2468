"""In which language does somebody read? Chinese or English: the texts of both stand side by side in the templates."""

from typing import Final, NamedTuple

from starlette.requests import Request

from services.api.pages.templating import preferred_language

LANGUAGE_COOKIE: Final = "huiyin-language"
LANGUAGES: Final = {"zh": "zh-CN", "en": "en"}


class Pair(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


def language_of(request: Request) -> str:
    """`zh-CN` or `en`: as chosen on the page, else as the browser prefers."""
    chosen = LANGUAGES.get(request.cookies.get(LANGUAGE_COOKIE, ""))
    return chosen or preferred_language(request.headers.get("accept-language", ""))
