"""What a phone fetches to become without a line what it is with one: files by their hash, worker, manifest, icons."""

import re
import struct
import zlib
from pathlib import Path

import httpx
import orjson
import pytest

from domain.values import Role
from services.web.assets import Assets
from services.web.icons import icon_png
from services.web.kept import KEPT_PAGES, kept_pages_of
from tests.services.api.conftest import Api
from tests.support.browsing import Somebody


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A script that imports one of ours, which imports a fetched one."""
    (tmp_path / "static").mkdir()
    (tmp_path / "vendor").mkdir()
    (tmp_path / "static" / "first.js").write_text('import { b } from "./second.js";\n')
    (tmp_path / "static" / "second.js").write_text('import { c } from "./third.js";\n')
    (tmp_path / "vendor" / "third.js").write_text("export const c = 1;\n")
    return tmp_path


def test_given_scripts_that_import_others_then_each_names_the_others_by_their_hash(folder: Path) -> None:
    first, second = (Assets(folder).address_of(name) for name in ("first.js", "second.js"))
    (folder / "vendor" / "third.js").write_text("export const c = 2;\n")
    again = Assets(folder)
    assert again.address_of("second.js") != second
    assert again.address_of("first.js") != first
    assert set(again.needed) >= {again.address_of("first.js"), again.address_of("third.js")}


def test_given_a_script_was_not_fetched_then_none_that_needs_it_is_offered(folder: Path) -> None:
    (folder / "vendor" / "third.js").unlink()
    assets = Assets(folder)
    assert (assets.address_of("first.js"), assets.address_of("second.js")) == (None, None)
    assert not any(address.endswith(".js") for address in assets.needed)


def test_the_worker_names_every_file_needed_and_just_the_pages_that_may_be_kept(api: Api) -> None:
    answer = api.send("GET", "/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == "default-src 'none'; connect-src 'self'"
    known = orjson.loads(answer.text.removeprefix("const HUIYIN = ").partition(";\n")[0])
    assert known["pages"] == list(KEPT_PAGES)
    assert all(api.send("GET", address).status_code == 200 for address in known["assets"])


@pytest.mark.parametrize(("language", "name"), [("zh", "回音"), ("en", "Huiyin")])
def test_the_manifest_makes_a_program_of_the_pages(api: Api, language: str, name: str) -> None:
    answer = api.send("GET", f"/huiyin.{language}.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["name"], manifest["id"], manifest["scope"], manifest["display"]) == (name, "/", "/", "standalone")
    sizes = [drawn(api.send("GET", icon["src"])) for icon in manifest["icons"] if icon["type"] == "image/png"]
    assert sizes == [192, 512]
    assert api.send("GET", "/huiyin.fr.webmanifest").status_code == 404


def drawn(answer: httpx.Response) -> int:
    """The width of a PNG."""
    assert answer.headers["content-type"] == "image/png"
    return int(struct.unpack(">I", answer.content[16:20])[0])


@pytest.mark.parametrize("size", [1, 7, 48, 192])
def test_an_icon_of_any_size_is_a_whole_picture(size: int) -> None:
    data = re.search(rb"IDAT(.*)....\0\0\0\0IEND", icon_png(size), re.DOTALL)
    assert data is not None
    lines = zlib.decompress(data[1])
    assert len(lines) == size * (1 + -(-size // 8))


def test_only_who_enters_something_keeps_forms() -> None:
    keeps = {role for role in Role if len(kept_pages_of(role)) > 1}
    assert {Role.CASE_HANDLER, Role.STATION_LEAD} <= keeps
    assert keeps.isdisjoint({Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR})
    assert kept_pages_of(None) == ["/offline"]


@pytest.mark.slow
def test_the_first_page_of_a_handler_s_day_comes_in_sixty_kilobytes(phone: Somebody) -> None:
    phone.log_in("handler")
    wire = phone.context.new_cdp_session(phone.page)
    came: list[float] = []
    wire.on("Network.loadingFinished", lambda it: came.append(it["encodedDataLength"]))
    wire.send("Network.enable")
    phone.page.goto("/", wait_until="networkidle")
    assert phone.page.url.endswith("/today")
    assert len(came) > 5
    assert sum(came) <= 60_000, f"{sum(came)} bytes in {len(came)} answers"
