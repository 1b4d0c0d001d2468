"""What makes the pages a program on a phone: manifest, service worker, and the page shown where there is no line.

The scripts are static/offline.js (where all begins), offline_form.js, queue.js, sending.js, waiting.js and sw.js.
"""

from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.api.door.problems import NoSuchPath
from services.web.assets import Assets
from services.web.inside import Inside
from services.web.kept import KEPT_HOURS, KEPT_PAGES
from services.web.language import LANGUAGES, Pair
from services.web.person import person_of
from services.web.rendering import Rendering

_NAME: Final = Pair("回音", "Huiyin")
_ABOUT: Final = Pair("问题台账：事事有回音、件件有着落", "Issue ledgers: every matter gets an answer")
_SHORTCUT: Final = Pair("登记问题", "Log an issue")
_WORKER_POLICY: Final = "default-src 'none'; connect-src 'self'"


class OfflinePages:
    """The handlers."""

    def __init__(self, inside: Inside, rendering: Rendering, assets: Assets) -> None:
        self._inside = inside
        self._rendering = rendering
        self._assets = assets

    async def worker(self, _: Request) -> Response:
        """`GET /sw.js`: at the root, for what it serves lies below; never kept, so that a new one is seen at once."""
        known = {
            "version": self._assets.version,
            "assets": self._assets.needed,
            "pages": KEPT_PAGES,
            "hours": KEPT_HOURS,
        }
        script = b"const HUIYIN = " + orjson.dumps(known) + b";\n" + self._assets.plain("sw.js")
        return Response(script, 200, {"Content-Security-Policy": _WORKER_POLICY}, "text/javascript")

    async def manifest(self, request: Request) -> Response:
        """`GET /huiyin.{language}.webmanifest`."""
        language = request.path_params["language"]
        if language not in LANGUAGES:
            raise NoSuchPath
        content = orjson.dumps(self._manifest(language))
        return Response(content, 200, {"Cache-Control": "max-age=3600"}, "application/manifest+json")

    async def page(self, request: Request) -> Response:
        """`GET /offline`."""
        person = await person_of(self._inside, request)
        return self._rendering.page(request, "offline.html", person=person)

    def _manifest(self, language: str) -> dict[str, Any]:
        def said(pair: Pair) -> str:
            return pair.zh if language == "zh" else pair.en

        pictures = ((f"icon-{size}.png", f"{size}x{size}", "image/png") for size in (192, 512))
        icons = [
            {"src": self._assets.address_of(name), "sizes": sizes, "type": kind, "purpose": "any maskable"}
            for name, sizes, kind in (*pictures, ("icon.svg", "any", "image/svg+xml"))
        ]
        return {
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "lang": LANGUAGES[language],
            "name": said(_NAME),
            "short_name": said(_NAME),
            "description": said(_ABOUT),
            "background_color": "#ffffff",
            "theme_color": "#a3221a",
            "icons": icons,
            "shortcuts": [{"name": said(_SHORTCUT), "url": KEPT_PAGES[0]}],
        }
