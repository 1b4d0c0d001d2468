"""The witness: what it signs is on disk first, nothing rolls back, what may show a fork is kept; its door by HTTP."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from domain.proof.checkpoints import cosigned_at, read_checkpoint
from domain.proof.notes import WITNESS, BadNote
from domain.proof.witnessing import MOST_BYTES, SIZE_TYPE, Cosigned, heard
from services.audit.witness import Witness, WitnessNamed, WitnessUnnamed, witness_folder, witness_key
from services.audit.witness_book import NoLogKey, WitnessBook, WitnessRuns
from services.audit.witness_serving import server_of, witness_app
from tests.domain.proof.test_witnessing import FORK, KEY, OTHER_KEY, W1, asked, head
from tests.services.api.conftest import serving

Reopened = Callable[[], Witness]


@pytest.fixture
def book(tmp_path: Path) -> WitnessBook:
    found = WitnessBook(tmp_path / "witness", W1.public)
    assert found.trust(KEY.public)
    assert not found.trust(KEY.public)
    return found


@pytest.fixture
def reopened(book: WitnessBook) -> Reopened:
    """The witness after a restart."""
    return lambda: Witness(book, W1, lambda: 1_700_000_000.5)


def ask(witness: Witness, old: int, new: int, **more: object) -> tuple[int, str, str]:
    return witness.add_checkpoint(str(asked(old, new, **more)).encode())  # type: ignore[arg-type]


def test_given_a_growing_log_then_each_head_is_cosigned_and_on_disk(book: WitnessBook, reopened: Reopened) -> None:
    for old, new in ((0, 7), (7, 100), (100, 100)):
        reply = reopened().add_checkpoint(str(asked(old, new)).encode())
        assert heard(asked(old, new), W1.public, *_of(reply)) == Cosigned(reply.text, 1_700_000_000)
        assert book.seen(KEY.public.name) == head(new)
    (note,) = book.notes()
    assert cosigned_at(read_checkpoint(note)[1], W1.public) == 1_700_000_000


def test_given_a_refusal_then_the_answer_of_the_specification_and_nothing_is_moved(
    book: WitnessBook, reopened: Reopened
) -> None:
    witness = reopened()
    assert ask(witness, 0, 20)[0] == 200
    assert ask(witness, 0, 30) == (409, "20\n", SIZE_TYPE)
    assert ask(witness, 20, 19)[0] == 400
    assert ask(witness, 20, 30, key=OTHER_KEY)[0] == 403
    assert ask(witness, 0, 7, origin="another")[0] == 404
    assert witness.add_checkpoint(b"nonsense")[0] == 400
    assert not book.evidence()
    assert ask(witness, 20, 20, tree=FORK)[0] == 409
    assert ask(witness, 20, 30, tree=FORK)[0] == 422
    assert ask(witness, 20, 30, tree=FORK)[0] == 422
    assert book.seen(KEY.public.name) == head(20)
    kept = {file.read_text("utf-8") for file in book.evidence()}
    assert kept == {str(asked(20, 20, FORK)), str(asked(20, 30, FORK))}


def test_given_requests_at_once_then_what_was_cosigned_is_never_rolled_back(
    book: WitnessBook, reopened: Reopened
) -> None:
    witness = reopened()
    requests = [str(asked(0, size)).encode() for size in range(1, 41)]
    with ThreadPoolExecutor(8) as threads:
        replies = list(threads.map(witness.add_checkpoint, requests))
    cosigned = [nth + 1 for nth, reply in enumerate(replies) if reply.status == 200]
    assert len(cosigned) == 1
    assert book.seen(KEY.public.name) == head(cosigned[0])
    assert {reply.text for reply in replies if reply.status == 409} == {f"{cosigned[0]}\n"}


def test_given_what_it_saw_was_altered_then_it_vouches_for_nothing(
    book: WitnessBook, reopened: Reopened, tmp_path: Path
) -> None:
    assert ask(reopened(), 0, 7)[0] == 200
    (file,) = (tmp_path / "witness" / "seen").iterdir()
    whole = file.read_text("utf-8")
    for altered in (whole.replace("\n7\n", "\n6\n"), "", whole.rpartition("— witness")[0]):
        file.write_text(altered, "utf-8")
        assert ask(reopened(), 0, 9)[0] == 500
    file.write_text(whole, "utf-8")
    assert ask(reopened(), 7, 9)[0] == 200


def test_given_a_second_process_then_the_folder_is_the_firsts(book: WitnessBook) -> None:
    with book.alone(), pytest.raises(WitnessRuns), book.alone():
        pass
    with pytest.raises(NoLogKey):
        book.trust(W1.public)


def test_given_a_name_then_it_is_the_witnesss_for_good(tmp_path: Path) -> None:
    with pytest.raises(WitnessUnnamed):
        witness_key(tmp_path)
    with pytest.raises(BadNote):
        witness_key(tmp_path, "two words")
    made = witness_key(tmp_path, "office.example/w1").public
    assert made.kind == WITNESS
    assert witness_key(tmp_path).public == witness_key(tmp_path, "office.example/w1").public == made
    assert witness_folder(tmp_path).is_dir()
    with pytest.raises(WitnessNamed):
        witness_key(tmp_path, "office.example/w2")


def test_given_the_door_then_requests_are_bounded_and_answers_plain(reopened: Reopened) -> None:
    running = serving(server_of(witness_app(reopened()), "127.0.0.1", 0))
    with httpx.Client(base_url=next(running), trust_env=False) as client:
        done = client.post("/add-checkpoint", content=str(asked(0, 7)).encode())
        assert (done.status_code, done.text.startswith("— witness.example/w1 ")) == (200, True)
        conflict = client.post("/add-checkpoint", content=str(asked(0, 9)).encode())
        assert (conflict.status_code, conflict.text, conflict.headers["content-type"]) == (409, "7\n", SIZE_TYPE)
        assert client.post("/add-checkpoint", content=b"x" * (MOST_BYTES + 1)).status_code == 413
        assert client.get("/add-checkpoint").status_code == 405
        assert client.get("/healthz").text == "alive\n"
        assert client.get("/").status_code == 404
    assert list(running) == []


def _of(reply: tuple[int, str, str]) -> tuple[int, str, bytes]:
    return reply[0], reply[2], reply[1].encode()
