"""The household's pages, behind its receipt's code: where it stands, what was promised, what it may say. No account.

Whatever a page asks of the API counts against the receipt's rates, so a page asks once, and a refusal shows its form
alone. The end of the telephone number travels in bodies only.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from domain.proof.inclusion import SUFFIX
from projections.household_view import KEPT
from services.web.inside import Inside, Problem
from services.web.language import Pair
from services.web.qr import qr_of, qr_of_text
from services.web.reading import Posted, posted
from services.web.rendering import Rendering, to

_CONFUSED: Final = str.maketrans("OIL", "011")


class Saying(NamedTuple):
    """Something a household may say: how it is called, which fields go along, and what it reads afterwards."""

    called: Pair
    fields: tuple[str, ...]
    done: Pair


SAYINGS: Final[Mapping[str, Saying]] = {
    "rate": Saying(
        Pair("您满意吗", "Are you satisfied?"),
        ("number", "rating", "words"),
        Pair("您的评价已记下，谢谢。", "What you said was recorded. Thank you."),
    ),
    "ask-for-review": Saying(
        Pair("申请复查", "Ask for a review"),
        ("number", "grounds"),
        Pair(
            "复查申请已收到，会书面答复您。",
            "Your request for a review was received; the answer comes in writing.",
        ),
    ),
    "ask-for-recheck": Saying(
        Pair("申请复核", "Ask for the re-check"),
        ("number", "grounds"),
        Pair(
            "复核申请已收到，会书面答复您。",
            "Your request for the re-check was received; the answer comes in writing.",
        ),
    ),
    "correction": Saying(
        Pair("更正我的资料", "Correct my data"),
        ("last_four", "field", "value"),
        Pair("资料已更正。", "Your data were corrected."),
    ),
    "objection": Saying(
        Pair("对使用我的资料有异议，或要求删除", "Object to the use of my data, or ask for erasure"),
        ("last_four", "request"),
        Pair("您的要求已收到，会有人处理。", "Your request was received; somebody will deal with it."),
    ),
}
"""`POST /r/{code}/<key>`, as `POST /api/v1/receipts/{code}/<key>`."""


class ReceiptPages:
    """The handlers of /r/{code} and what is below it."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def show(self, request: Request) -> Response:
        """`GET /r/{code}`."""
        done = SAYINGS.get(request.query_params.get("done", ""))
        return await self._of_receipt(request, "receipt.html", done=done.done if done else None)

    async def slip(self, request: Request) -> Response:
        """`GET /r/{code}/slip`: the receipt to be printed and kept."""
        address = self._rendering.on_paper(request, f"/r/{_own(request)['code']}")
        shown = {"address": address, "drawn": qr_of(address), "proof_drawn": qr_of_text}
        return await self._of_receipt(request, "receipt_slip.html", **shown)

    async def proof(self, request: Request) -> Response:
        """`GET /r/{code}/proof`: that it is in the log, as a file to keep; of one number where there are several."""
        number = request.query_params.get("number")
        try:
            found = await self._inside.get(request, f"/api/v1/receipts/{_code(request)}")
        except NotFound:
            return self._rendering.page(request, "receipt_missing.html", status=404)
        item = next((it for it in found["items"] if it["proof"] and number in (None, it["number"])), None)
        if item is None:
            return self._rendering.page(request, "receipt_unproved.html", status=404, **_own(request))
        kept = {"Content-Disposition": f'attachment; filename="{item["number"]}{SUFFIX}"'}
        return Response(item["proof"], 200, kept, "text/plain; charset=utf-8")

    async def say(self, what: str, request: Request) -> Response:
        """`POST /r/{code}/<what>`."""
        form, code = await posted(request), _code(request)
        body = {name: value for name in SAYINGS[what].fields if (value := form.get(name))}
        answer = await self._inside.post(request, f"/api/v1/receipts/{code}/{what}", body, key=form.get("key"))
        if answer.problem:
            return self._again(request, what, form, answer.problem)
        return to(f"/r/{code}?done={what}")

    async def words(self, request: Request) -> Response:
        """`POST /r/{code}/details`: the household's own words and its answer, for whoever knows the number's end."""
        form = await posted(request)
        body = {"last_four": form.get("last_four")}
        answer = await self._inside.post(request, f"/api/v1/receipts/{_code(request)}/details", body)
        if answer.problem:
            return self._again(request, "details", form, answer.problem)
        return self._rendering.page(request, "receipt_words.html", shown=answer.document, **_own(request))

    async def file(self, request: Request) -> Response:
        """`POST /r/{code}/file`: a photo or paper of the household's own case, as it was taken in."""
        form = await posted(request)
        body = {name: form.get(name) for name in ("last_four", "digest")}
        answer = await self._inside.post(request, f"/api/v1/receipts/{_code(request)}/file", body)
        if answer.problem:
            return self._again(request, "file", form, answer.problem)
        response = Response(answer.content, 200)
        response.raw_headers.extend(answer.kept(b"content-type", b"content-disposition", b"content-security-policy"))
        return response

    async def copy(self, request: Request) -> Response:
        """`POST /r/{code}/export`: everything kept of the household, to read or as a file."""
        form = await posted(request)
        path, body = f"/api/v1/receipts/{_code(request)}/export", {"last_four": form.get("last_four")}
        answer = await self._inside.post(request, path, body, key=form.get("key"))
        if answer.problem:
            return self._again(request, "export", form, answer.problem)
        if form.get("as") == "file":
            kept = {"Content-Disposition": 'attachment; filename="huiyin-copy.json"'}
            return Response(answer.content, 200, kept, "application/json")
        return self._rendering.page(request, "receipt_copy.html", shown=answer.document, **_own(request))

    async def _of_receipt(self, request: Request, template: str, **shown: Any) -> Response:
        try:
            found = await self._inside.get(request, f"/api/v1/receipts/{_code(request)}")
        except NotFound:
            return self._rendering.page(request, "receipt_missing.html", status=404)
        return self._rendering.page(request, template, items=found["items"], kept=KEPT, **_own(request), **shown)

    def _again(self, request: Request, what: str, form: Posted, problem: Problem) -> Response:
        """The form alone, with what was written and why it was refused."""
        if problem.status == 404:
            return self._rendering.page(request, "receipt_missing.html", status=404)
        shown = {"what": what, "problem": problem, "given": form.values, **_own(request)}
        shown["key"] = form.get("key") or _new_key()
        return self._rendering.page(request, "receipt_again.html", status=problem.status, **shown)


def _code(request: Request) -> str:
    return str(request.path_params["code"])


def _new_key() -> str:
    return str(uuid4())


def _own(request: Request) -> dict[str, Any]:
    """What each of these pages needs: the code for its forms' addresses, fresh keys, and how things are called."""
    plain = "".join(letter for letter in _code(request).upper() if letter.isalnum()).translate(_CONFUSED)
    code = "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))
    return {"code": code, "new_key": _new_key, "sayings": SAYINGS}
