"""The household's door: what does the holder of a receipt code see, and what may they do? No account, no cookie.

Wrong, malformed and absent codes are one answer after one and the same work: counted, hashed, looked up, refused.
"""

from collections.abc import Sequence
from functools import partial
from operator import itemgetter
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from domain.issue.commands import IssueCommand, RateAnswer, RequestRecheck, RequestReview
from domain.issue.state import Issue
from domain.issue.words import Rating
from domain.values import Digest, Text
from projections.household_view import Act, HouseholdView, allowed, household_view
from projections.receipt import issues_of
from services.api.door.answers import answer
from services.api.door.bodies import Body, body_of
from services.api.door.limits import Kind
from services.api.door.problems import FieldProblem, Malformed
from services.api.door.queries import Query, query_of
from services.api.door.requests import idempotency_key
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.api.public.receipt_files import own_file
from services.api.public.receipt_proofs import proof_of_logging
from services.api.public.receipt_rights import RIGHTS, THE_HOUSEHOLD, Claim, Export, Proof, Right, claim, copy_of
from services.api.public.receipt_words import prove, words_of
from services.clocks import Tables
from services.persistence.scope import Scope

_SAY_WHICH: Final = FieldProblem(
    "body.number", "number-missing", "这张回执有几件，请写明是哪一件。", "This receipt stands for several: say which."
)

Number = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}-[0-9]{4}-[0-9]{4,9}$")]


class Said(Body):
    """What the household says. `number`: of which issue, if the receipt stands for several."""

    number: Number | None = None


class Rate(Said):
    """群众评价 Say whether the answer satisfies."""

    rating: Literal["satisfied", "mostly_satisfied", "dissatisfied"]
    words: Text | None = None

    def command(self, **envelope: Any) -> IssueCommand:
        """As the domain takes it."""
        return RateAnswer(**envelope, rating=Rating(self.rating), remark=self.words)


class AskForReview(Said):
    """申请复查 Ask for a formal review."""

    grounds: Text

    def command(self, **envelope: Any) -> IssueCommand:
        """As the domain takes it."""
        return RequestReview(**envelope, grounds=self.grounds)


class AskForRecheck(Said):
    """申请复核 Ask for the re-check after a review."""

    grounds: Text

    def command(self, **envelope: Any) -> IssueCommand:
        """As the domain takes it."""
        return RequestRecheck(**envelope, grounds=self.grounds)


class Details(Proof):
    """反映内容与答复 The words of the case, the written answer and who looked, for the household itself."""


class OwnFile(Proof):
    """查看照片 A photo or paper of the case, for the household itself."""

    digest: Digest


Saying = Rate | AskForReview | AskForRecheck
ACTS: Final[dict[Act, type[Saying]]] = {
    Act.RATE: Rate,
    Act.ASK_FOR_REVIEW: AskForReview,
    Act.ASK_FOR_RECHECK: AskForRecheck,
}
"""`POST /api/v1/receipts/{code}/<key>`."""


class ReceiptDoor:
    """The handlers of /api/v1/receipts/{code}; its page is services/web/household.py."""

    def __init__(self, parts: ApiParts, readers: Threads, writers: Threads) -> None:
        self._parts = parts
        self._readers = readers
        self._writers = writers
        self._tables = Tables(parts.casework)  # what a version says never changes

    async def show(self, request: Request) -> Response:
        """`GET /api/v1/receipts/{code}`."""
        receipt_hash = self._counted(request)
        query_of(request, Query)
        return answer({"items": await self._readers.run(partial(self._shown, receipt_hash))})

    async def act(self, what: Act, request: Request) -> Response:
        """`POST /api/v1/receipts/{code}/<act>`."""
        receipt_hash = self._counted(request)
        key = idempotency_key(request)
        said = await body_of(request, ACTS[what], self._parts.limits)
        return await self._writers.run(partial(self._act, what, receipt_hash, key, said))

    async def details(self, request: Request) -> Response:
        """`POST /api/v1/receipts/{code}/details`; a POST, lest the proof stand in an address."""
        receipt_hash = self._counted(request)
        said = await body_of(request, Details, self._parts.limits)
        self._parts.limiter.hit(Kind.RECEIPT_PROOF, receipt_hash)
        return await self._readers.run(partial(self._details, receipt_hash, said))

    async def file(self, request: Request) -> Response:
        """`POST /api/v1/receipts/{code}/file`."""
        receipt_hash = self._counted(request)
        said = await body_of(request, OwnFile, self._parts.limits)
        self._parts.limiter.hit(Kind.RECEIPT_PROOF, receipt_hash)
        return await self._readers.run(partial(self._file, receipt_hash, said))

    async def claim(self, right: Right, request: Request) -> Response:
        """`POST /api/v1/receipts/{code}/<right>`."""
        receipt_hash = self._counted(request)
        key = idempotency_key(request)
        said = await body_of(request, RIGHTS[right], self._parts.limits)
        self._parts.limiter.hit(Kind.RECEIPT_PROOF, receipt_hash)
        return await self._writers.run(partial(self._claim, receipt_hash, key, said))

    def _counted(self, request: Request) -> str:
        """The hash of the code, counted for the address and for the code. Raises TooManyRequests."""
        self._parts.limiter.hit(Kind.RECEIPT_ADDRESS, self._parts.address_of(request))
        receipt_hash = self._parts.receipts.hash_of(request.path_params["code"])
        self._parts.limiter.hit(Kind.RECEIPT_ISSUE, receipt_hash)
        return receipt_hash

    # -- in a thread --------------------------------------------------------------------------------------------

    def _issue_ids(self, receipt_hash: str) -> list[UUID]:
        with self._parts.reading(Scope.whole()) as connection:
            found = issues_of(connection, receipt_hash)
        if not found:
            raise NotFound
        return found

    def _shown(self, receipt_hash: str) -> list[dict[str, Any]]:
        book, now, found = self._parts.plans(), self._parts.clock(), self._issue_ids(receipt_hash)
        histories = (list(self._parts.casework.history(issue_id)) for issue_id in found)
        views = [household_view(events, book, now, self._tables.of) for events in histories]
        with self._parts.connect() as connection:
            proofs = [proof_of_logging(connection, issue_id) for issue_id in found]
        shown = [_document(view, proof) for view, proof in zip(views, proofs, strict=True)]
        return sorted(shown, key=itemgetter("number"))

    def _issues(self, receipt_hash: str) -> list[Issue]:
        found = (self._parts.casework.issue(issue_id) for issue_id in self._issue_ids(receipt_hash))
        return [issue for issue in found if issue]

    def _details(self, receipt_hash: str, said: Details) -> Response:
        issues = self._issues(receipt_hash)
        proven = prove(self._parts, issues, said.last_four)
        with self._parts.reading(Scope.whole()) as connection:
            shown = words_of(self._parts, connection, proven, issues)
        return answer(shown)

    def _file(self, receipt_hash: str, said: OwnFile) -> Response:
        issues = self._issues(receipt_hash)
        return own_file(self._parts, prove(self._parts, issues, said.last_four), issues, said.digest)

    def _claim(self, receipt_hash: str, key: UUID, said: Claim) -> Response:
        issues = self._issues(receipt_hash)
        proven = prove(self._parts, issues, said.last_four)
        repeated = claim(self._parts, proven, key, said, self._parts.clock())
        if not isinstance(said, Export):
            return answer({"repeated": repeated})
        with self._parts.reading(Scope.whole()) as connection:
            copied = copy_of(self._parts, connection, proven, issues)
        return answer(copied)

    def _act(self, what: Act, receipt_hash: str, key: UUID, said: Saying) -> Response:
        now = self._parts.clock()
        issue = self._meant(self._issues(receipt_hash), what, said)
        envelope = {"command_id": key, "actor": THE_HOUSEHOLD, "occurred_at": now, "issue_id": issue.issue_id}
        outcome = self._parts.casework.handle(said.command(**envelope))
        done = {"number": outcome.number, "repeated": outcome.repeated}
        return answer(done)

    def _meant(self, issues: Sequence[Issue], what: Act, said: Saying) -> Issue:
        """The issue named; with none named, the only one, or the only one that awaits this."""
        if said.number is not None:
            issues = [issue for issue in issues if issue.number == said.number]
            if not issues:
                raise NotFound
        if len(issues) > 1:
            issues = [issue for issue in issues if what in allowed(issue, self._parts.clock())]
        if len(issues) != 1:
            raise Malformed(_SAY_WHICH)
        return issues[0]


def _document(view: HouseholdView, proof: str | None) -> dict[str, Any]:
    return {
        "number": view.number,
        "category": view.category._asdict(),
        "stage": view.stage,
        "logged_at": view.logged_at,
        "steps": [{"at": step.at, **step.said._asdict()} for step in view.steps],
        "promises": [
            {
                "what": promise.what._asdict(),
                "due_at": promise.due_at,
                "why": promise.why._asdict(),
                "kept": promise.kept,
                "count": [line._asdict() for line in promise.count],
            }
            for promise in view.promises
        ],
        "answered_at": view.answered_at,
        "review_until": view.review_until,
        "rating": view.rating._asdict() if view.rating else None,
        "proof": proof,
        "may": view.may,
    }
