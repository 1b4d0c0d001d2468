"""Rates: what is within goes, what is beyond waits just as long as told, and memory has an end."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from services.api.app import create_app
from services.api.door.addresses import counted_address, networks
from services.api.door.limits import MOST_KEYS, RATES, BoundedMemory, Kind, Limiter
from services.api.door.problems import TooManyRequests, problem_of
from tests.services.api.conftest import Api, assert_problem
from tests.support.seconds import Seconds


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


def refused(limiter: Limiter, kind: Kind, key: str) -> int:
    """How long it says to wait."""
    with pytest.raises(TooManyRequests) as caught:
        limiter.hit(kind, key)
    return caught.value.retry_after


def test_given_a_rate_when_used_up_then_refused_until_the_oldest_is_out_of_the_window(clock: Seconds) -> None:
    limiter = Limiter(clock=clock)
    for _ in range(5):
        limiter.hit(Kind.RECEIPT_ADDRESS, "a")
        clock.now += 1
    assert refused(limiter, Kind.RECEIPT_ADDRESS, "a") == 55
    clock.now += 54.5
    assert refused(limiter, Kind.RECEIPT_ADDRESS, "a") == 1
    clock.now += 0.5
    limiter.hit(Kind.RECEIPT_ADDRESS, "a")
    assert refused(limiter, Kind.RECEIPT_ADDRESS, "a") == 1


def test_given_refused_requests_then_they_do_not_count(clock: Seconds) -> None:
    limiter = Limiter({Kind.LOG_IN: "1/minute"}, clock=clock)
    limiter.hit(Kind.LOG_IN, "a")
    for _ in range(100):
        refused(limiter, Kind.LOG_IN, "a")
    clock.now += 60
    limiter.hit(Kind.LOG_IN, "a")


def test_given_another_key_or_kind_then_it_counts_by_itself(clock: Seconds) -> None:
    limiter = Limiter({Kind.LOG_IN: "1/minute", Kind.WRITE: "1/minute"}, clock=clock)
    limiter.hit(Kind.LOG_IN, "a")
    limiter.hit(Kind.LOG_IN, "b")
    limiter.hit(Kind.WRITE, "a")
    refused(limiter, Kind.LOG_IN, "a")


def test_given_a_day_then_twenty_looks_at_one_receipt_and_no_more(clock: Seconds) -> None:
    limiter = Limiter(clock=clock)
    for _ in range(20):
        limiter.hit(Kind.RECEIPT_ISSUE, "hash")
        clock.now += 3600
    assert refused(limiter, Kind.RECEIPT_ISSUE, "hash") == 4 * 3600
    assert set(RATES) == set(Kind)


def test_given_ever_new_askers_then_memory_is_bounded_and_the_eager_stay_remembered(clock: Seconds) -> None:
    memory = BoundedMemory(clock, most_keys=100)
    for asker in range(1000):
        assert memory.acquire_entry(f"asker {asker}", 1, 60)
        memory.acquire_entry("eager", 1, 60)
    assert len(memory.keys) == 100
    assert not memory.acquire_entry("eager", 1, 60)
    assert MOST_KEYS == 50_000


def test_given_too_many_then_the_problem_says_when_to_come_back() -> None:
    problem = problem_of(TooManyRequests(17))
    assert (problem.status, dict(problem.headers)) == (429, {"Retry-After": "17"})


def test_given_an_account_beyond_its_rate_then_it_alone_is_told_to_wait_and_nothing_is_written(api: Api) -> None:
    limiter = Limiter({Kind.WRITE: "2/minute", Kind.READ: "2/minute"})
    app = create_app(replace(api.parts, limiter=limiter))

    async def ask(method: str, path: str, by: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://huiyin") as client:
            return await client.request(method, path, headers=api.bearer(by))

    before = api.written()
    for method, path in (("POST", "/api/v1/issues"), ("GET", "/api/v1/issues")):
        statuses = [asyncio.run(ask(method, path, "handler")).status_code for _ in range(3)]
        assert 429 not in statuses[:2]
        answer = asyncio.run(ask(method, path, "handler"))
        assert_problem(answer, 429, "too-many-requests")
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert asyncio.run(ask(method, path, "lead")).status_code != 429
    assert api.written() == before


# -- whose address ---------------------------------------------------------------------------------------------------

PROXIES = networks("10.0.0.0/8, 192.168.1.7, fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),  # no proxy of ours: anybody may write that header
        ("10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),  # the first was sent by the client itself
        ("10.1.2.3", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["198.51.100.1, 192.168.1.7"], "198.51.100.1"),  # through two proxies of ours
        ("10.1.2.3", ["198.51.100.1, nonsense"], "10.1.2.3"),
        ("10.1.2.3", [], "10.1.2.3"),
        ("10.1.2.3", ["10.9.9.9"], "10.9.9.9"),  # a client within the proxies' own network
        ("::ffff:10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("fd00::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", [], "2001:db8:1:2::/64"),  # a line's devices choose the rest as they like
        ("", ["198.51.100.1"], "unknown"),
    ],
)
def test_given_a_request_then_it_counts_for_the_address_that_our_own_proxies_vouch_for(
    peer: str, forwarded: list[str], counted: str
) -> None:
    assert counted_address(peer, forwarded, PROXIES) == counted


def test_given_no_trusted_proxy_then_nobody_is_believed() -> None:
    assert counted_address("10.1.2.3", ["198.51.100.1"], networks("")) == "10.1.2.3"
