"""The canary's way through the doors of households and of the machine itself; used by test_canary.py."""

import subprocess
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from pydantic import BaseModel

from projections.household_view import Act
from projections.registry import NAMES
from services.api.public.receipt_rights import RIGHTS, Right
from services.api.public.receipts import ACTS, Details
from services.cli.records import Format
from tests.support.door import LOGGED, Door, HeldIssue
from tests.support.files import paper, photo
from tests.support.free_text import free_fields
from tests.support.system import HUIYIN, System
from tests.support.waiting import eventually

CANARY = "13940917352"
"""Digits, as every encoding writes them; a telephone number, so that it fits every field."""
KEPT, ERASED_ONE = "QS-400", "QS-401"
"""Two households of the register."""


def as_the_household(system: System) -> None:
    """All that a household may do with its receipt: seen with and without proof, said, claimed."""
    door = Door(system)
    with closing(door), httpx.Client(base_url=system.address) as http:
        words = dict.fromkeys(("title", "description", "place"), CANARY)
        logged = door.client("handler").post("issues", {**LOGGED, **words, "household": KEPT})
        issue = HeldIssue(door, logged.body["number"], UUID(logged.body["issue_id"]), logged.version)
        issue.act("handler", "fix-on-site", measures=CANARY, evidence=photographed(door, issue.number))
        issue.act("handler", "give-reply", findings=CANARY, opinion=CANARY, basis=CANARY)
        code, asked = logged.body["receipt_code"], count(1)

        def send(method: str, path: str, body: dict[str, str] | None = None) -> httpx.Response:
            nth = next(asked)
            origin = {"X-Forwarded-For": f"203.0.113.{nth}", "Idempotency-Key": str(UUID(int=nth))}
            return http.request(method, path, json=body, headers=origin)

        api = f"/api/v1/receipts/{code}"
        eventually(lambda: followed(system), within=60)
        assert [CANARY in send("GET", path).text for path in (f"/r/{code}", api)] == [False, False]
        for act, kind in ACTS.items():
            if act is Act.ASK_FOR_RECHECK:
                issue.version = issue.ledger()["version"]
                issue.act("lead2", "decide-review", upheld=True, opinion=CANARY)
            assert free_fields(kind)
            said = send("POST", f"{api}/{act}", filled(kind))
            assert said.status_code == 200, (act, said.text)
        evidence = issue.ledger()["files"]
        own = [send("POST", f"{api}/file", {"last_four": CANARY[-4:], "digest": it["digest"]}) for it in evidence]
        assert [CANARY.encode() in shown.content for shown in own] == [True, False]
        for claimed, kind in {**RIGHTS, "details": Details}.items():
            shown = send("POST", f"{api}/{claimed}", filled(kind))
            assert shown.status_code == 200, (claimed, shown.text)
            assert (CANARY in shown.text) is (claimed in (Right.EXPORT, "details")), claimed
        assert send("POST", f"{api}/details", {"last_four": "0000", CANARY: CANARY}).status_code == 422
        assert send("GET", f"/r/{CANARY}").status_code == 404


def photographed(door: Door, number: str) -> list[str]:
    """A paper that shows the canary and a photo that says it beside its pixels; the paper is shown with it again."""
    http, path = door.client("handler")._http, "/api/v1/files"
    digests = []
    for name, content in {"paper": paper(text=CANARY), "photo": photo(comment=CANARY.encode())}.items():
        assert CANARY.encode() in content
        headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/octet-stream"}
        taken = http.post(path, params={"issue": number}, content=content, headers=headers)
        assert taken.status_code == 201, (name, taken.text)
        digests.append(taken.json()["digest"])
    return digests


def filled(kind: type[BaseModel]) -> dict[str, str]:
    """A body of this kind with the canary wherever somebody writes freely."""
    known = {"last_four": CANARY[-4:], "rating": "satisfied", "field": "address"}
    given = {name: value for name, value in known.items() if name in kind.model_fields}
    return {**dict.fromkeys(free_fields(kind), CANARY), **given}


def at_the_machine(system: System, number: str, folder: Path) -> None:
    """Every command that shows or exports what is held, in every form that it has."""
    for name, arguments in {
        "show": ("issue", "show", number),
        "show as JSON": ("issue", "show", number, "--json"),
        "history": ("issue", "history", number),
        "history as JSON": ("issue", "history", number, "--json"),
        "as of now": ("ledger", "issues", "--format", "csv", "--as-of", datetime.now(UTC).isoformat()),
        "household": ("household", "show", "QS", ERASED_ONE),
        "copy": ("household", "export", "QS", ERASED_ONE, "--by", "handler", "--as", "case_handler"),
        **{form: ("ledger", "issues", "--format", form) for form in Format},
    }.items():
        told = command_line(system, *arguments)
        assert (CANARY.encode() in told) is (name not in (Format.XLSX, Format.PDF)), name  # packed
    for form in Format:
        command_line(system, "ledger", "issues", "--format", form, "-o", str(folder / form))
    for arguments in (("dashboard",), ("dashboard", "--json"), ("household", "looks", "QS", ERASED_ONE), ("doctor",)):
        assert CANARY.encode() not in command_line(system, *arguments)


def command_line(system: System, *arguments: str) -> bytes:
    """What a command writes; whatever it leaves in a folder for temporary files is looked through with the rest."""
    temporary = system.home / "temporary"
    temporary.mkdir(exist_ok=True)
    environment = {**system.environment, "TMPDIR": str(temporary)}
    done = subprocess.run([str(HUIYIN), *arguments], env=environment, capture_output=True, timeout=120)
    assert done.returncode == 0 or arguments[0] == "doctor", (arguments, done.stderr.decode())
    return done.stdout + done.stderr


def followed(system: System) -> bool:
    """Whether the read models took in everything that happened."""
    ((behind,),) = system.rows(
        "select count(*) from ledger_events left join seal using (notification_id)"
        " where position is null or position > (select min(position) from follower_position where name = any(%s))",
        (list(NAMES),),
    )
    return bool(behind == 0)
