"""The household's door: what a receipt shows and lets one do; no wrong code can be told from another."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

import httpx
import psycopg
import pytest

from domain.casework import Outcome
from domain.issue.commands import LogIssue
from domain.receipts import Receipts
from services.api.app import create_app
from services.api.door.limits import Kind, Limiter
from services.api.parts import ApiParts
from tests.services.api.conftest import CANARY, Api, an_api, assert_problem
from tests.support.casework import case
from tests.support.postgres import DatabaseServer

ABSENT: Final = "0000-0000-0000-0000"
NO_RECEIPTS: Final = (
    ABSENT,
    "7K3M9QPA02XVR8TD",
    "x",
    "7K3M-9QPA-02XV-R8T",
    "回执",
    "'; drop table receipt; --",
    "a" * 9000,
)


@pytest.fixture(scope="module")
def api(database_server: DatabaseServer) -> Iterator[Api]:
    """An API of their own: its clock goes from answer to review."""
    with an_api(database_server) as opened:
        yield opened


def receipt_of(api: Api, state: str, **fields: Any) -> tuple[Outcome, str]:
    """An issue brought to a state, and its receipt's code; followed by the read models."""
    life = case(state, key=uuid4().hex, **fields)
    (logged,) = (sent for sent in life.commands[:1] if isinstance(sent, LogIssue))
    outcome = api.live(life)
    api.follow()
    return outcome, api.parts.receipts.code_for(logged.command_id)


def say(api: Api, code: str, act: str, body: Any, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return api.send("POST", f"/api/v1/receipts/{code}/{act}", json=body, headers=headers)


# -- shown -----------------------------------------------------------------------------------------------------------


def test_given_a_receipt_when_looked_up_then_stages_promises_and_answers_without_names(api: Api) -> None:
    outcome, code = receipt_of(api, "feedback", description=f"{CANARY} 路灯不亮")
    shown = api.send("GET", f"/api/v1/receipts/{code}")
    (item,) = shown.json()["items"]
    assert (item["number"], item["stage"]) == (outcome.number, "feedback")
    assert item["may"] == ["rate", "ask-for-review"]
    assert [promise["kept"] for promise in item["promises"]] == ["in_time", "in_time", "running"]
    for inner in (CANARY, "handler", "灯泡", "路灯已修好"):
        assert inner not in shown.text


@pytest.mark.parametrize("form", ["lower", "spaces", "plain"])
def test_given_a_code_typed_as_people_do_then_it_is_recognised(api: Api, form: str) -> None:
    _, code = receipt_of(api, "logged")
    typed = {"lower": code.lower(), "spaces": code.replace("-", "%20"), "plain": code.replace("-", "")}[form]
    assert api.send("GET", f"/api/v1/receipts/{typed}").status_code == 200


@pytest.mark.parametrize(
    ("accepted", "language", "word", "count"),
    [
        ("", "zh-CN", "答应您的时间", "起算日，不计入"),
        ("en", "en", "What was promised", "the day it begins is not counted"),
    ],
)
def test_given_a_receipt_when_its_page_is_opened_then_it_is_plain_strict_and_in_the_readers_language(
    api: Api, accepted: str, language: str, word: str, count: str
) -> None:
    outcome, code = receipt_of(api, "feedback", description=f"{CANARY} 路灯不亮")
    page = api.send("GET", f"/r/{code}", headers={"Accept-Language": accepted})
    assert (page.status_code, page.headers["content-language"]) == (200, language)
    assert word in page.text
    assert count in page.text
    assert str(outcome.number) in page.text
    assert CANARY not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script[^>]*>[^<]|\son\w+=|style=|<style|<img|<iframe|https?://", page.text)
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "same-origin")


def test_given_a_split_issue_then_its_receipt_shows_all_parts(api: Api) -> None:
    _, code = receipt_of(api, "split")
    assert len(api.send("GET", f"/api/v1/receipts/{code}").json()["items"]) == 3


# -- not found: one answer, one work -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_given_codes_that_are_no_receipts_then_every_answer_is_the_same_to_the_byte(api: Api, language: str) -> None:
    def told(path: str) -> tuple[int, bytes, dict[str, str]]:
        answer = api.send("GET", path, headers={"Accept-Language": language})
        return answer.status_code, answer.content, {k: v for k, v in answer.headers.items() if k != "date"}

    pages = [told(f"/r/{code}") for code in NO_RECEIPTS]
    assert pages[0][0] == 404
    assert all(page == pages[0] for page in pages)
    documents = [told(f"/api/v1/receipts/{code}") for code in NO_RECEIPTS]
    assert all(document == documents[0] for document in documents)
    assert_problem(api.send("GET", f"/api/v1/receipts/{ABSENT}"), 404, "not-found")
    acts = [say(api, code, "rate", {"rating": "satisfied"}).content for code in NO_RECEIPTS]
    assert all(act == documents[0][1] for act in acts)


class Work:
    """Counts what is done: hashes made, connections used, statements sent."""

    def __init__(self, parts: ApiParts) -> None:
        self.done: list[str] = []
        self._parts = parts

    def counted(self) -> ApiParts:
        return replace(self._parts, receipts=_CountingReceipts(self), connect=self._connect)

    @contextmanager
    def _connect(self) -> Iterator[psycopg.Connection]:
        self.done.append("connect")
        with self._parts.connect() as connection:
            yield _Counting(connection, self)  # type: ignore[misc]


class _CountingReceipts(Receipts):
    def __init__(self, work: Work) -> None:
        super().__init__(b"a secret of the tests, 32 bytes!")
        self._work = work

    def hash_of(self, code: str) -> str:
        self._work.done.append("hash")
        return super().hash_of(code)


class _Counting:
    def __init__(self, connection: psycopg.Connection, work: Work) -> None:
        self._connection, self._work = connection, work

    def execute(self, query: Any, *values: Any) -> Any:
        self._work.done.append(str(query)[:60])
        return self._connection.execute(query, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.mark.parametrize("path", ["/r/{code}", "/api/v1/receipts/{code}"])
def test_given_codes_that_are_no_receipts_then_the_same_work_is_done_for_each(api: Api, path: str) -> None:
    done = []
    for code in NO_RECEIPTS:
        work = Work(api.parts)
        answer = asyncio.run(_ask(work.counted(), path.replace("{code}", code)))
        assert answer.status_code == 404
        done.append(work.done)
    assert done[0].count("hash") == done[0].count("connect") == 1
    assert len([each for each in done[0] if "receipt" in each]) == 1
    assert all(each == done[0] for each in done)


async def _ask(parts: ApiParts, path: str, **options: Any) -> httpx.Response:
    app = httpx.ASGITransport(create_app(parts), client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=app, base_url="http://huiyin") as client:
        return await client.get(path, **options)


# -- acted -------------------------------------------------------------------------------------------------------------


def test_given_an_answer_when_rated_then_recorded_as_the_household_and_once_only(api: Api) -> None:
    outcome, code = receipt_of(api, "feedback")
    key, body = str(uuid4()), {"rating": "mostly_satisfied", "words": "还差一盏。"}
    first, again = (say(api, code, "rate", body, key) for _ in range(2))
    assert first.json() == {"number": outcome.number, "repeated": False}
    assert again.json() == {"number": outcome.number, "repeated": True}
    rated = list(api.casework.history(outcome.stream_id))[-1]
    assert (rated.TOPIC, rated.actor.role, str(rated.command_id)) == ("issue.answer_rated", "household", key)
    assert_problem(say(api, code, "rate", body), 409, "wrong-stage")


def test_given_an_answer_when_a_review_is_asked_for_then_recorded(api: Api) -> None:
    outcome, code = receipt_of(api, "answered")
    assert say(api, code, "ask-for-review", {"grounds": "只修了两盏。"}).status_code == 200
    assert list(api.casework.history(outcome.stream_id))[-1].TOPIC == "issue.review_requested"
    assert_problem(say(api, code, "ask-for-review", {"grounds": "再问一次。"}), 409)


def test_given_a_review_when_a_recheck_is_asked_for_then_recorded(api: Api) -> None:
    outcome, code = receipt_of(api, "reviewed")
    assert say(api, code, "ask-for-recheck", {"grounds": "不认可。"}).status_code == 200
    assert list(api.casework.history(outcome.stream_id))[-1].TOPIC == "issue.recheck_requested"


def test_given_a_stage_that_does_not_await_it_when_said_then_refused_and_nothing_written(api: Api) -> None:
    _, code = receipt_of(api, "logged")
    before = api.written()
    assert_problem(say(api, code, "rate", {"rating": "satisfied"}), 409, "wrong-stage")
    assert_problem(say(api, code, "ask-for-review", {"grounds": "x"}), 409, "wrong-stage")
    assert api.written() == before


@pytest.mark.parametrize(
    "body", [{}, {"rating": "declined"}, {"rating": "satisfied", "actor": CANARY}, {"rating": "satisfied", "words": ""}]
)
def test_given_a_body_that_does_not_fit_then_refused_alike_for_any_code(api: Api, body: dict[str, str]) -> None:
    _, code = receipt_of(api, "feedback")
    there, absent = (say(api, each, "rate", body) for each in (code, ABSENT))
    assert_problem(there, 422, "malformed")
    assert there.content == absent.content


def test_given_no_key_then_refused(api: Api) -> None:
    answer = api.send("POST", f"/api/v1/receipts/{ABSENT}/rate", json={"rating": "satisfied"})
    assert_problem(answer, 428, "header-missing")


def test_given_a_receipt_of_several_when_none_is_meant_then_it_has_to_be_said_which(api: Api) -> None:
    _, code = receipt_of(api, "split")
    assert_problem(say(api, code, "rate", {"rating": "satisfied"}), 422, "malformed")
    number = api.send("GET", f"/api/v1/receipts/{code}").json()["items"][0]["number"]
    assert_problem(say(api, code, "rate", {"rating": "satisfied", "number": number}), 409, "wrong-stage")
    elsewhere = {"rating": "satisfied", "number": "QS-2026-9999"}
    assert_problem(say(api, code, "rate", elsewhere), 404, "not-found")


# -- counted -----------------------------------------------------------------------------------------------------------


def test_given_one_address_then_five_looks_a_minute_whatever_the_codes(api: Api) -> None:
    parts = replace(api.parts, limiter=Limiter())
    asked = [asyncio.run(_ask(parts, f"/r/{uuid4().hex}")).status_code for _ in range(6)]
    assert asked == [404] * 5 + [429]


def test_given_one_receipt_then_twenty_looks_a_day_from_wherever_existing_or_not(api: Api) -> None:
    _, code = receipt_of(api, "logged")
    parts = replace(api.parts, limiter=Limiter({Kind.RECEIPT_ADDRESS: "1000/minute"}))
    for each, found in ((code, 200), (ABSENT, 404)):
        asked = [asyncio.run(_ask(parts, f"/api/v1/receipts/{each}")).status_code for _ in range(21)]
        assert asked == [found] * 20 + [429]
