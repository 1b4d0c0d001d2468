"""A number written into every field of a household's cases is found nowhere in the files of a whole installation.

Not in PostgreSQL's data folder or its write-ahead log, not in Temporal's, not in a log, not in the metrics: before the
household is erased and after, whether an officer wrote it, the household behind its receipt or the machine's own user.
What is said about no household is found there, and one field left unmarked: so the search does see.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest

from domain.casework import Casework
from domain.events import DomainEvent
from domain.fund.commands import SetBudget
from domain.household import commands as h
from domain.household.commands import HOUSEHOLD_COMMANDS
from domain.issue import commands as c
from domain.issue import sealing
from domain.issue.decide import DECISIONS
from domain.issue.events import IssueLogged
from domain.issue.words import EntryField
from domain.meeting.commands import RecordMeeting
from domain.privacy import ERASED, personal_fields
from projections.rebuild import compare, rebuild
from projections.registry import NAMES
from services.bootstrap import open_casework, open_households, open_keys, open_office
from services.persistence.file_book import FileBook
from services.privacy.erasing import Erasing
from services.privacy.register import Register
from tests.domain.test_household import ask
from tests.domain.test_sealing import with_canary
from tests.e2e.canary_doors import CANARY, ERASED_ONE, KEPT, as_the_household, at_the_machine, followed
from tests.e2e.canary_visits import every_word_of_visits
from tests.support.casework import case, command
from tests.support.examples import UNDER_ANOTHER_OFFICE, example
from tests.support.free_text import written
from tests.support.system import System, running_system
from tests.support.waiting import eventually

PLAIN = "13827183940"
"""The same, about no household: this one is found."""
UNMARKED = "13790552146"
"""The same, in a field that is not sealed."""
LATER = timedelta(days=31)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """An installation that has seen no other digits. It believes us where a request comes from."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HUIYIN_TRUSTED_PROXIES", "127.0.0.1")
        with running_system(tmp_path_factory.mktemp("canary") / "home") as started:
            yield started


@contextmanager
def standing_still(system: System, part: str) -> Iterator[None]:
    """The part does nothing meanwhile, so that it does not act between two steps of a case."""
    pid = system.pid(part)
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def every_command(casework: Casework) -> None:
    """One accepted command of every kind, with all that led to it, about the household that is kept."""
    casework.handle(command(SetBudget, budget=90_000_000))
    for kind in DECISIONS.keys() - UNDER_ANOTHER_OFFICE:  # those are without words
        made = example(kind, household=KEPT, key=f"canary {kind.__name__}")
        for sent in (*made.case.commands, made.asked):
            if isinstance(sent, RecordMeeting):
                casework.handle(sent)
            elif not isinstance(sent, SetBudget):
                casework.handle(with_canary(sent, CANARY))
    for field in (EntryField.TITLE, EntryField.DESCRIPTION, EntryField.PLACE):
        life = case("logged", household=KEPT, key=f"canary {field}")
        for sent in (*life.commands, life.command(c.CorrectEntry)):
            asked = with_canary(sent, CANARY)
            corrects = isinstance(asked, c.CorrectEntry)
            casework.handle(asked.model_copy(update={"field": field}) if corrects else asked)


def a_settled_case(casework: Casework) -> str:
    """The number of a settled case of the household that will be erased."""
    life = case("settled", household=ERASED_ONE, key="canary to be erased")
    outcomes = [casework.handle(with_canary(sent, CANARY)) for sent in life.commands]
    assert outcomes[-1].number is not None
    return outcomes[-1].number


def every_word_to_the_register(register: Register) -> None:
    """Everything that is asked about a household, but its erasure: an erasure that is proposed and confirmed is called
    off."""
    for kind in HOUSEHOLD_COMMANDS:
        if kind is not h.EraseHousehold:
            register.handle(about(ERASED_ONE, ask(kind)))
    for kind in (h.RegisterHousehold, h.RecordPriorityConsent):
        register.handle(about(KEPT, ask(kind)))


def about(household: str, asked: h.HouseholdCommand) -> h.HouseholdCommand:
    said = {"household": household, "occurred_at": datetime.now(UTC), "command_id": uuid4()}
    return written(asked, CANARY).model_copy(update=said)


def through_the_door(system: System) -> None:
    """Over HTTP: a case logged and read, two refusals, and requests that are no requests at all."""
    with httpx.Client(base_url=system.address, headers=_token(system, "handler")) as http:
        words = {"title": CANARY, "description": f"\u7535\u8bdd {CANARY}", "place": CANARY}
        fields = {"channel": "visit", "village": "QS", "category": "construction", "household": KEPT, **words}
        done = http.post("/api/v1/issues", json=fields, headers=_key(1))
        assert done.status_code == 201, done.text
        number = done.json()["number"]
        assert CANARY in http.get(f"/api/v1/issues/{number}").text
        assert CANARY in http.get(f"/api/v1/issues/{number}/history").text
        assert http.post("/api/v1/issues", json={**fields, CANARY: CANARY}, headers=_key(2)).status_code == 422
        assert http.post("/api/v1/issues", json={**fields, "category": CANARY}, headers=_key(3)).status_code == 422
        path, at = f"/api/v1/issues/{number}", {"If-Match": '"1"'}
        refused = http.post(f"{path}/complete-works", json={"summary": CANARY, "spent": "1.00"}, headers=_key(4) | at)
        assert refused.status_code == 409
        assert http.get(f"/api/v1/issues?cursor={CANARY}").status_code == 422
        assert http.get(f"/api/v1/{CANARY}", params={"q": CANARY}).status_code == 404
        assert http.post(path, content=f'{{"{CANARY}": {CANARY}'.encode(), headers=_key(5)).status_code in (405, 422)
        plain = {**fields, "household": None, **dict.fromkeys(words, PLAIN)}
        assert http.post("/api/v1/issues", json=plain, headers=_key(6)).status_code == 201


def _token(system: System, user: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {system.tokens[user]}"}


def _key(nth: int) -> dict[str, str]:
    return {"Idempotency-Key": f"00000000-0000-4000-8000-00000000000{nth}"}


def a_field_that_nobody_marked(casework: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    """One word of a household's case goes to the log as if its field had not been marked."""

    def all_but_the_place(kind: type[DomainEvent]) -> tuple[str, ...]:
        return tuple(name for name in personal_fields(kind) if (kind, name) != (IssueLogged, "place"))

    with monkeypatch.context() as patched:
        patched.setattr(sealing, "personal_fields", all_but_the_place)
        (log,) = case("logged", household=KEPT, key="unmarked").commands
        casework.handle(log.model_copy(update={"place": UNMARKED, "description": CANARY}))


def holding(system: System, digits: str) -> set[Path]:
    """The files of the installation that hold these digits, everything written out first; the metrics as one more."""
    owner = system.running.superuser_database_url
    assert owner is not None
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("checkpoint")
    found = {file for file in _files(system) if digits.encode() in file.read_bytes()}
    metrics = httpx.get(f"{system.address}/metrics").text
    return found | ({Path("/metrics")} if digits in metrics else set())


def _files(system: System) -> Iterator[Path]:
    yield system.output
    for folder, _, names in os.walk(system.home):
        yield from (Path(folder) / name for name in names if (Path(folder) / name).is_file())


def erase(system: System) -> int:
    """What the worker's step does, thirty-one days later."""
    settings = system.settings

    def later() -> datetime:
        return datetime.now(UTC) + LATER

    with (
        closing(open_casework(settings.database_url, open_office(settings, clock=later))) as casework,
        closing(open_keys(settings)) as keys,
        closing(FileBook(settings.database_url)) as files,
    ):
        forget = files.erase_household
        step = Erasing(casework, keys, settings.database_url, later, forget_files=forget, settled_seconds=0)
        return step.step()


@pytest.mark.timeout(900)
def test_given_a_number_in_every_field_then_no_file_holds_it_before_the_household_is_erased_and_after(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = system.settings
    with open_households(settings) as (register, _):
        with closing(open_casework(settings.database_url, open_office(settings))) as casework:
            with standing_still(system, "worker"):
                every_command(casework)
                number = a_settled_case(casework)
            every_word_to_the_register(register)
            every_word_of_visits(casework)
        through_the_door(system)
        as_the_household(system)
        at_the_machine(system, number, tmp_path)
        eventually(lambda: system.rows("select 1 from ledger_events where topic = 'issue.deadline_missed'"), within=60)

        in_the_open = holding(system, PLAIN)
        assert any("postgres" in str(file) for file in in_the_open), "the search sees what is not sealed"
        assert any("pg_wal" in str(file) for file in in_the_open), "also in the write-ahead log"
        assert holding(system, CANARY) == set()

        for kind in (h.ProposeErasure, h.ConfirmErasure):
            eventually(lambda: followed(system), within=60)
            register.handle(about(ERASED_ONE, ask(kind)))
        eventually(lambda: followed(system), within=60)
        assert erase(system) == 1
        with system.client("handler") as handler:
            eventually(lambda: handler.get(f"issues/{number}").body.get("description") == ERASED, within=30)
        assert holding(system, CANARY) == set()

    owner = settings.owner_database_url
    assert {each.name: each.differences for each in compare(owner, NAMES)} == dict.fromkeys(NAMES, ())
    rebuild(owner, NAMES)
    with system.client("handler") as handler:
        assert handler.get(f"issues/{number}").body["description"] == ERASED
    assert holding(system, CANARY) == set()

    with closing(open_casework(settings.database_url, open_office(settings))) as casework:
        a_field_that_nobody_marked(casework, monkeypatch)
    assert any("postgres" in str(file) for file in holding(system, UNMARKED)), "one unmarked field, and it is found"
    assert holding(system, CANARY) == set()
