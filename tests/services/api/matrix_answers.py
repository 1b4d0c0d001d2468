"""What an answer amounts to, and which of a matrix's cells are not as expected. Called by matrix_office.py."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx

from domain.privacy import WITHHELD
from tests.support.matrix import BY_PROVIDER, BY_RECEIPT, NO_COMMANDS, OPEN, Asker, Operation, Verdict, hidden_columns

ONE: Final = "GET /api/v1/issues/{number}"
VOLATILE: Final = frozenset({"date", "x-request-id"})
Told = tuple[int, bytes, tuple[tuple[str, str], ...]]


def told(answer: httpx.Response) -> Told:
    """Everything that an answer tells, but for what differs each time."""
    headers = ((name, value) for name, value in answer.headers.items() if name not in VOLATILE)
    return answer.status_code, answer.content, tuple(sorted(headers))


def fault(
    operation: Operation, asker: Asker, thing: str, wanted: Verdict, answer: httpx.Response, absent: Told | None
) -> Iterator[str]:
    cell = f"{operation.name} as {asker.name}{' on ' if thing else ''}{thing}"
    found = verdict(operation, answer)
    if found is not wanted:
        yield f"{cell}: should be {wanted!r}, was {found!r} ({answer.status_code} {answer.text[:60]})"
    elif wanted is Verdict.ABSENT and told(answer) != absent:
        yield f"{cell}: tells more than an absent one does"


def opened(asker: Asker, line: Mapping[str, Any]) -> Iterator[str]:
    """Columns of an issue that this asker should not see."""
    shown = {name for name in hidden_columns(asker) if line[name] not in (None, WITHHELD)}
    if shown:
        yield f"{ONE} as {asker.name}: shows {', '.join(sorted(shown))}"


def verdict(operation: Operation, answer: httpx.Response) -> Verdict | None:
    """What an answer amounts to; None: something that no cell expects."""
    if operation.name in OPEN | BY_RECEIPT and answer.status_code == (200 if operation.method == "GET" else 422):
        return Verdict.OPEN
    if operation.name in BY_PROVIDER and answer.status_code == 404 and answer.json()["code"] == "no-such-path":
        return Verdict.OPEN
    if answer.status_code in (200, 201) and (operation.method == "GET" or operation.name in NO_COMMANDS):
        return Verdict.ADMITTED
    if "json" not in answer.headers["content-type"]:
        return None
    return CODES.get((answer.status_code, answer.json().get("code")))


CODES: Final = {
    (401, "not-authenticated"): Verdict.UNKNOWN,
    (403, "role-not-allowed"): Verdict.FORBIDDEN,
    (403, "no-post"): Verdict.NO_POST,
    (403, "post-not-held"): Verdict.NOT_HELD,
    (403, "outside-your-scope"): Verdict.OUTSIDE,
    (403, "scope-too-narrow"): Verdict.NARROW,
    (403, "foreign-origin"): Verdict.FOREIGN_PAGE,
    (404, "not-found"): Verdict.ABSENT,
    (409, "in-the-future"): Verdict.ADMITTED,
    (422, "file-empty"): Verdict.ADMITTED,
}
