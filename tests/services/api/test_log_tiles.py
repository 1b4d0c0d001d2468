"""The log as tlog-tiles has it: a client that knows the specification alone walks it, and comes to the signed root."""

from base64 import b64decode
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from domain.proof.checkpoints import cosign, read_checkpoint
from domain.proof.notes import WITNESS, SigningKey
from projections import cosignatures
from projections.follower import connect
from services.audit.log_key import LogKey
from services.audit.witness_list import WitnessAt
from tests.projections.test_seal import append
from tests.services.api.conftest import Api, assert_problem
from tests.services.web.another_app import asked
from tests.support.tree import sign_log

EVENTS = 700
LOG = "/api/v1/log"


@pytest.fixture(scope="module")
def size(api: Api, tmp_path_factory: pytest.TempPathFactory) -> int:
    """A log of more than two full tiles, signed; its size."""
    append(api.inside, EVENTS)
    sign_log(api.database, LogKey(Path(tmp_path_factory.mktemp("log"))))
    return int(fetched(api, "checkpoint").split(b"\n")[1])


def fetched(api: Api, path: str, by: str = "auditor") -> bytes:
    answer = api.get(f"{LOG}/{path}", by=by)
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root_over(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node(root_over(leaves[:split]), root_over(leaves[split:]))


def tiles(size: int) -> list[str]:
    """What tlog-tiles serves of one level of this size, by number."""
    full, rest = divmod(size, 256)
    return [f"{number:03}" for number in range(full)] + ([f"{full:03}.p/{rest}"] if rest else [])


def entries_in(bundle: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        found.append(bundle[at + 2 : at + 2 + length])
        at += 2 + length
    return found


def test_given_the_specification_alone_then_entries_tiles_and_the_signed_root_agree(api: Api, size: int) -> None:
    leaves, hashes = list[bytes](), b""
    for tile in tiles(size):
        leaves += [sha256(b"\x00" + each).digest() for each in entries_in(fetched(api, f"tile/entries/{tile}"))]
        hashes += fetched(api, f"tile/0/{tile}")
    assert size >= EVENTS
    assert hashes == b"".join(leaves)
    _origin, told, root, *_ = fetched(api, "checkpoint").decode().split("\n")
    assert (int(told), b64decode(root)) == (size, root_over(leaves))
    above = b"".join(fetched(api, f"tile/1/{tile}") for tile in tiles(size // 256))
    assert above == b"".join(root_over(leaves[at : at + 256]) for at in range(0, size // 256 * 256, 256))


def test_given_a_smaller_tree_then_its_partial_tiles_begin_the_larger(api: Api, size: int) -> None:
    widths = [1, 2, 100, 255]
    partial = [fetched(api, f"tile/0/000.p/{width}") for width in widths]
    assert [len(each) // 32 for each in partial] == widths
    assert all(longer.startswith(shorter) for shorter, longer in pairwise([*partial, fetched(api, "tile/0/000")]))


def test_given_answers_then_their_types_and_how_long_they_may_be_kept(api: Api, size: int) -> None:
    head = api.get(f"{LOG}/checkpoint", by="admin")
    assert (head.headers["content-type"], head.headers["cache-control"]) == ("text/plain; charset=utf-8", "no-store")
    for path in ("tile/0/000", "tile/entries/000"):
        found = api.get(f"{LOG}/{path}", by="admin").headers
        assert found["content-type"] == "application/octet-stream"
        assert found["cache-control"] == "private, max-age=31536000, immutable"


def test_given_a_cosignature_then_the_checkpoint_bears_it(api: Api, size: int) -> None:
    checkpoint, _ = read_checkpoint(fetched(api, "checkpoint").decode())
    line = str(cosign(checkpoint, SigningKey("w1", WITNESS, b"w" * 32), 5))
    with connect(api.database.follower_dsn, "witnesses") as follower:
        cosignatures.keep_cosignature(follower, "w1", size, line, api.clock())
    assert fetched(api, "checkpoint").decode().endswith(line)


def test_given_witnesses_then_metrics_say_how_they_stand_and_readiness_is_untouched(api: Api) -> None:
    w2 = WitnessAt(SigningKey("w2", WITNESS, b"2" * 32).public, "https://w2.example")
    with connect(api.database.follower_dsn, "witnesses") as follower:
        cosignatures.note_refusal(follower, w2.id, "inconsistent")
    metrics, ready = asked(replace(api.parts, witnesses=(w2,)), "/metrics", "/readyz")
    assert 'huiyin_witness_refuses{witness="w2"} 1.0' in metrics.text
    assert "huiyin_api_requests" in metrics.text
    assert ready.status_code == 200


@pytest.mark.parametrize(
    "tile",
    ["0/003", "0/002.p/255", "1/000", "5/000.p/1", "0/x000/000", "0/000.p/256", "0/000.p/0", "0/000.p/01", "00/000",
     "64/000", "entries/x999/x999/x999/999", "entries/0", "data/000", "0/000/", "../checkpoint"],
)  # fmt: skip
def test_given_a_tile_that_is_none_then_it_is_not_there(api: Api, size: int, tile: str) -> None:
    assert_problem(api.get(f"{LOG}/tile/{tile.replace('..', '%2E%2E')}", by="auditor"), 404)


@pytest.mark.parametrize("by", ["handler", "lead", "finance"])
def test_given_officers_then_the_log_of_every_village_is_not_theirs(api: Api, size: int, by: str) -> None:
    for path in ("checkpoint", "tile/0/000", "tile/entries/000"):
        assert_problem(api.get(f"{LOG}/{path}", by=by), 403, "role-not-allowed")
