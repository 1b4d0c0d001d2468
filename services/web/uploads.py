"""How do the photos of a form reach the API? Each is uploaded inside first; the command then names their digests.

Called by page handlers before `inside.post` of the command. What a refused form had uploaded already comes back to it
as hidden fields, so that nobody has to choose their photos twice.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request

from domain.files import FILE_FIELDS
from services.web.inside import Inside, Problem
from services.web.reading import Posted

_PATH: Final = "/api/v1/files"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TYPE: Final = (b"content-type", b"application/octet-stream")


@dataclass(frozen=True, slots=True)
class Attached:
    """The digests by field, for the command and for the form if it comes back; `problem`: why one was refused."""

    digests: Mapping[str, Sequence[str]]
    problem: Problem | None = None


async def attached(
    inside: Inside,
    request: Request,
    posted: Posted,
    *,
    issue: str | None = None,
    village: str | None = None,
    household: str | None = None,
) -> Attached:
    """Uploads the files of a form: for the `issue` of this number or, before it is logged, a village (and household).

    The form's `key` tells a repeat: sent twice, each file is one. The first that is refused ends it; what came before
    it stays uploaded, and is among the digests.
    """
    found: dict[str, list[str]] = {}
    about = {"issue": issue, "village": village, "household": household}
    for name in FILE_FIELDS:
        found[name] = [text for text in posted.all(name) if _DIGEST.fullmatch(text)]
        for number, file in enumerate(posted.files.get(name, ())):
            headers = [_TYPE, (b"idempotency-key", _key(posted.get("key"), name, number, file.content))]
            answer = await inside.send(request, _PATH, file.content, headers, **about, **_position(posted))
            if answer.problem:
                return Attached(_some(found), answer.problem)
            if answer.document["digest"] not in found[name]:
                found[name].append(answer.document["digest"])
    return Attached(_some(found))


def _some(found: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {name: digests for name, digests in found.items() if digests}


def _position(posted: Posted) -> dict[str, Any]:
    return {"keep_position": "true"} if posted.get("keep_position") == "true" else {}


def _key(key: str | None, name: str, number: int, content: bytes) -> bytes:
    """The same for the same file of the same form."""
    said = f"{key}|{name}|{number}|".encode() + content
    return str(UUID(bytes=hashlib.sha256(said).digest()[:16], version=4)).encode("ascii")
