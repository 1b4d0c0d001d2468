"""What somebody writes never runs in another's browser: scripts in every text, and in addresses, in a real browser.

The texts of a whole life are replaced by a corpus; then every page there is gets opened. A listener waits for anything
that gets out, and a page without protection shows that the listener and the browser's log would tell.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from domain.commands import Command
from domain.issue.commands import LogIssue
from tests.services.api.conftest import Api
from tests.support.browser import look_at
from tests.support.casework import case

CORPUS = (
    "<script>document.title='RAN';fetch('{trap}/script')</script>",
    "<img src=x onerror=\"document.title='RAN';this.src='{trap}/error'\">",
    "<img src={trap}/image>",
    "<svg onload=fetch('{trap}/svg')><a xlink:href=javascript:alert(1)>x</a></svg>",
    "\"'></title></style></textarea></script><script>alert('RAN')</script>",
    "<iframe srcdoc=\"<script>parent.document.title='RAN'</script>\"></iframe>",
    "<meta http-equiv=refresh content=0;url={trap}/refresh><base href={trap}/>",
    "<link rel=stylesheet href={trap}/style><style>@import '{trap}/import'</style>",
    "<details open ontoggle=fetch('{trap}/toggle')><form action={trap}/form><input autofocus onfocus=alert(1)>",
    "javascript:fetch('{trap}/address')//{{{{7*7}}}}{{% include 'x' %}}${{7*7}}<%= 7*7 %>",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#60;img src=x onerror=alert(1)&#62;",
    "＜script＞alert(1)＜/script＞ 路灯不亮",
)
LIVES = ("rechecked", "feedback_after_works", "county_resolved", "extension_asked")


@dataclass
class Trap:
    """A listener on this machine. `page`: what it shows to whoever opens it."""

    address: str = ""
    page: bytes = b""
    policy: str = ""
    asked: list[str] = field(default_factory=list)

    def corpus(self) -> tuple[str, ...]:
        return tuple(text.format(trap=self.address) for text in CORPUS)


@pytest.fixture
def trap() -> Iterator[Trap]:
    caught = Trap()

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/page":
                caught.asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if caught.policy:
                self.send_header("Content-Security-Policy", caught.policy)
            self.end_headers()
            self.wfile.write(caught.page if self.path == "/page" else b"")

        def log_message(self, *_: Any) -> None:
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    caught.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield caught
    server.shutdown()
    thread.join()
    server.server_close()


def is_free_text(schema: dict[str, Any]) -> bool:
    kinds = schema.get("anyOf", [schema])
    return any(each.get("type") == "string" and "maxLength" in each and "pattern" not in each for each in kinds)


def poisoned(command: Command, text: str) -> Command:
    """The command with every text that people may choose freely replaced."""
    properties = type(command).model_json_schema()["properties"]
    names = [name for name, schema in properties.items() if is_free_text(schema)]
    kept = [name for name in names if name != "township"]  # the name of a place, which the rules look up
    return type(command).model_validate({**command.model_dump(), **dict.fromkeys(kept, text[:200])})


def receipts_of_poisoned_lives(api: Api, corpus: tuple[str, ...]) -> list[str]:
    """Lives whose every word is an attack; their receipts' codes."""
    codes = []
    for number, text in enumerate(corpus):
        life = case(LIVES[number % len(LIVES)], key=uuid4().hex)
        commands = tuple(poisoned(sent, text) for sent in life.commands)
        api.live(replace(life, commands=commands))
        (logged,) = (sent for sent in commands[:1] if isinstance(sent, LogIssue))
        codes.append(api.parts.receipts.code_for(logged.command_id))
    api.follow()
    return codes


def test_given_no_protection_then_the_listener_and_the_log_tell(trap: Trap, tmp_path: Path) -> None:
    trap.page = f"<!doctype html><meta charset=utf-8><body>{trap.corpus()[0]}{trap.corpus()[2]}".encode()
    seen = look_at(f"{trap.address}/page", tmp_path)
    assert "<title>RAN</title>" in seen.page
    assert {"/script", "/image"} <= set(trap.asked)
    trap.asked.clear()
    trap.policy = "default-src 'none'"
    seen = look_at(f"{trap.address}/page", tmp_path)
    assert seen.complained, seen.log
    assert not trap.asked


def test_given_scripts_in_every_text_when_pages_are_opened_then_nothing_runs_and_no_policy_has_to_stop_it(
    api: Api, trap: Trap, tmp_path: Path
) -> None:
    code, *_ = receipts_of_poisoned_lives(api, trap.corpus()[:1])
    in_the_address = quote("<img src=x onerror=\"document.title='RAN'\">", safe="")
    paths = ["/", "/api/docs", f"/r/{code}", f"/r/{in_the_address}"]
    for path in paths:
        seen = look_at(api.address + path, tmp_path)
        assert seen.page, path
        assert "RAN" not in seen.page, path
        assert not seen.complained, (path, seen.log)
    assert not trap.asked


def test_given_scripts_in_every_text_then_no_page_of_a_receipt_repeats_any(api: Api, trap: Trap) -> None:
    for code in receipts_of_poisoned_lives(api, trap.corpus()):
        for path in (f"/r/{code}", f"/api/v1/receipts/{code}"):
            shown = api.send("GET", path)
            assert shown.status_code == 200
            assert "script>" not in shown.text.replace("></script>", "")
            assert trap.address not in shown.text
            assert shown.headers["x-content-type-options"] == "nosniff"
