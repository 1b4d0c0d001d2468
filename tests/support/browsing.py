"""Somebody with a browser, on a phone or at a desk, in Chinese or English. For tests of pages, which say `slow`.

A test in tests/services/web or tests/e2e asks for `anybody` (it runs for both screens in both languages), or for
`phone` (in Chinese) or `desk` (in English), and needs nothing else:

    pytestmark = pytest.mark.slow

    def test_given_work_when_somebody_looks_then_it_is_there(anybody: Somebody) -> None:
        anybody.log_in("handler")
        anybody.go("/today")
        expect(anybody.page.get_by_role("heading", level=1)).to_have_text(anybody.t("今日", "Today"))
        anybody.look("today")

`look` leaves a picture in tests/artefacts/, asks axe-core, and sees that nothing hangs over the screen's edge; the last
page of each test is looked at in any case. In the end nothing may have gone wrong on the way: no violated policy, no
error in the console, no failed request, no status from 400 on but those of `expects(409)`.

`expect` is playwright.sync_api's; `page.wait_for_function` does not work under the pages' policy.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest

from services.api.door.site import SESSION
from services.identity.sessions import CameBy, open_session
from tests.support.browser import browser_there

if TYPE_CHECKING:  # half a second, for who needs it
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

ARTEFACTS: Final = Path(__file__).parent.parent / "artefacts"
ELSEWHERE: Final = "huiyin.test"
"""A host name for this machine that no browser takes for local."""
_OF_NO_MATTER: Final = ("net::ERR_ABORTED", "net::ERR_INTERNET_DISCONNECTED")
_TALLEST: Final = 6_000  # pixels of a picture
_PATIENCE: Final = 20_000  # ms, on a busy machine
_ACCESSIBILITY: Final = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
_NOT_OURS: Final = (
    "Failed to load resource",
    "Service Worker registration blocked by Playwright",
    "The Cross-Origin-Opener-Policy header has been ignored",
)
"""The first is known by the answer itself; the last is said of every plain http address that is not this machine."""


@dataclass(frozen=True)
class House:
    """What somebody with a browser comes to. `now`: what its clock says, if it does not go; theirs says the same."""

    address: str
    dsn: str
    now: Callable[[], datetime] | None = None


@dataclass(frozen=True)
class Screen:
    """What somebody holds in their hand, or sits before."""

    name: str
    width: int
    height: int
    touch: bool


PHONE: Final = Screen("phone", 390, 844, touch=True)
DESK: Final = Screen("desk", 1280, 800, touch=False)


class Somebody:
    """One person's browser. `page` is what they see."""

    def __init__(self, house: House, browser: "Browser", screen: Screen, language: str, name: str, **own: Any) -> None:
        self.house, self.screen, self.language = house, screen, language
        self._pictures = ARTEFACTS / name
        self._expected: set[int] = set()
        self._is_offline = False
        self._looked_at = ""
        self.complaints: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=house.address,
            viewport={"width": screen.width, "height": screen.height},
            is_mobile=screen.touch,
            has_touch=screen.touch,
            locale="zh-CN" if language == "zh" else "en-GB",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **{"service_workers": "block", **own},
        )
        self.context.set_default_timeout(_PATIENCE)
        if house.now is not None:
            self.context.clock.set_fixed_time(house.now())
        self._listen()
        self.page: Page = self.context.new_page()

    def t(self, chinese: str, english: str) -> str:
        """The text in their language, as templates say it."""
        return chinese if self.language == "zh" else english

    def log_in(self, user: str) -> None:
        """As this account from now on, by a session of its own."""
        with psycopg.connect(self.house.dsn, autocommit=True) as connection:
            secret = open_session(connection, user, CameBy.PASSWORD)
        assert secret is not None, f"no account {user}"
        kept = {"name": SESSION.name, "value": secret, "url": self.house.address}
        self.context.add_cookies([{**kept, "httpOnly": True, "sameSite": "Lax"}])

    def go(self, path: str) -> "Response | None":
        """Opens the page at this path."""
        return self.page.goto(path)

    def expects(self, *statuses: int) -> None:
        """Answers of these statuses are part of the story."""
        self._expected.update(statuses)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Inside, there is no line."""
        self.context.set_offline(True)
        self._is_offline = True
        yield
        self._is_offline = False
        self.context.set_offline(False)

    def loses_its_line(self) -> None:
        """From now on requests may fail: the test makes them."""
        self._is_offline = True

    def look(self, name: str) -> None:
        """A picture of the page as it stands; it is accessible, and fits the screen."""
        from axe_playwright_python.sync_playwright import Axe

        self._pictures.mkdir(parents=True, exist_ok=True)
        picture = self._pictures / f"{name}-{self.screen.name}-{self.language}.png"
        height = min(self.page.evaluate("document.documentElement.scrollHeight"), _TALLEST)
        clip: Any = {"x": 0, "y": 0, "width": self.screen.width, "height": height}
        self.page.screenshot(path=picture, full_page=True, clip=clip)
        self._looked_at = self.page.content()
        found = Axe().run(self.page, options=_ACCESSIBILITY)
        assert found.violations_count == 0, f"{self.page.url}: {found.generate_report()}"
        over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{self.page.url} is {over} pixels too wide for a {self.screen.name}"

    def leave(self) -> None:
        """The end of the visit; nothing may have gone wrong."""
        if self.page.url.startswith("http") and self.page.content() != self._looked_at:
            self.look("last")
        assert self.complaints == []

    def _listen(self) -> None:
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        self.context.on("requestfailed", self._failed)
        self.context.on("response", self._answered)

    def _heard(self, message: "ConsoleMessage") -> None:
        if message.type in ("error", "warning") and not any(known in message.text for known in _NOT_OURS):
            self.complaints.append(f"console: {message.text}")

    def _failed(self, request: "Request") -> None:
        """Not those for which no page waits any more, nor those without a line: that, the test takes away."""
        if not self._is_offline and request.failure not in _OF_NO_MATTER:
            self.complaints.append(f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: "Response") -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.complaints.append(f"{response.request.method} {response.url}: {response.status}")


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """The machine's browser, for one file's tests."""
    program = browser_there()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        arguments = [*root, "--disable-gpu", "--disable-quic", f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


Coming = Callable[..., Somebody]


@pytest.fixture
def comes(chromium: "Browser", house: House, request: pytest.FixtureRequest) -> Iterator[Coming]:
    """Lets another person come: `comes(PHONE, "zh")`; further words are those of a Playwright context."""
    here: list[Somebody] = []
    failed_before = request.session.testsfailed
    name = f"{request.path.stem}/{request.node.originalname}"

    def come(screen: Screen, language: str, **own: Any) -> Somebody:
        here.append(Somebody(house, chromium, screen, language, name, **own))
        return here[-1]

    yield come
    try:
        for each in here if request.session.testsfailed == failed_before else ():
            each.leave()
    finally:
        for each in here:
            each.context.close()


@pytest.fixture(params=["phone-zh", "phone-en", "desk-zh", "desk-en"])
def anybody(comes: Coming, request: pytest.FixtureRequest) -> Somebody:
    """Somebody on either screen, in either language."""
    screen, _, language = request.param.partition("-")
    return comes(PHONE if screen == "phone" else DESK, language)


@pytest.fixture
def phone(comes: Coming) -> Somebody:
    """Somebody in a village, who reads Chinese."""
    return comes(PHONE, "zh")


@pytest.fixture
def desk(comes: Coming) -> Somebody:
    """Somebody in an office, who reads English."""
    return comes(DESK, "en")
