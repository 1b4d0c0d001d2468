"""A folder and a store that speaks S3 keep contents alike; the S3 one here is a small server that remembers."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from services.files.problems import StoreAway
from services.files.store import Store, name_of, open_store
from services.settings import Settings
from tests.support.casework import FUND_ID


class Bucket(BaseHTTPRequestHandler):
    """PUT, GET and DELETE of objects, as S3 answers them."""

    kept: dict[str, bytes]

    def do_PUT(self) -> None:
        self.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, {"ETag": '"1"'})

    def do_GET(self) -> None:
        content = self.kept.get(self.path)
        if content is None:
            self._answer(404)
        else:
            self._answer(200, {"ETag": '"1"', "Last-Modified": "Mon, 02 Mar 2026 02:00:00 GMT"}, content)

    def do_DELETE(self) -> None:
        self.kept.pop(self.path, None)
        self._answer(204)

    def do_POST(self) -> None:
        """DeleteObjects, by which the library removes."""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        key = asked.partition("<Key>")[2].partition("</Key>")[0]
        self.kept.pop(f"/bucket/{key}", None)
        told = f"<DeleteResult><Deleted><Key>{key}</Key></Deleted></DeleteResult>".encode()
        self._answer(200, {"Content-Type": "application/xml"}, told)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def _answer(self, status: int, headers: dict[str, str] | None = None, content: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    kept: dict[str, bytes] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OneBucket", (Bucket,), {"kept": kept}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_REGION", "here")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def keeps(store: Store) -> None:
    """What every store does."""
    name = name_of(FUND_ID)
    assert store.get(name) is None
    store.remove(name)
    store.put(name, b"one")
    store.put(name, b"another")
    assert store.get(name) == b"another"
    store.remove(name)
    assert store.get(name) is None


def test_given_a_folder_then_it_keeps_what_is_put_for_us_alone(tmp_path: Path) -> None:
    store = open_store(None, tmp_path)
    keeps(store)
    assert (tmp_path / "files").stat().st_mode & 0o077 == 0
    store.put("ab/cd", b"x")
    assert (tmp_path / "files" / "ab" / "cd").read_bytes() == b"x"
    keeps(open_store(f"file://{tmp_path}/elsewhere", tmp_path))


def test_given_an_s3_bucket_then_it_keeps_things_under_its_prefix(bucket: dict[str, bytes], tmp_path: Path) -> None:
    store = open_store("s3://bucket/huiyin", tmp_path)
    keeps(store)
    store.put("ab/cd", b"x")
    assert bucket == {"/bucket/huiyin/ab/cd": b"x"}


def test_given_nobody_at_the_address_then_the_store_is_away(tmp_path: Path) -> None:
    blocked = tmp_path / "files"
    store = open_store(None, tmp_path)
    blocked.rmdir()
    blocked.write_text("in the way")
    with pytest.raises(StoreAway):
        store.put("ab/cd", b"x")


@pytest.mark.parametrize("url", ["http://x.example", "file://relative", "s3://", "/srv/files"])
def test_given_an_address_of_no_store_then_the_settings_refuse_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_FILES_URL", url)
    with pytest.raises(ValueError, match="file:///srv/huiyin"):
        Settings()
