"""Temporal keeps nothing that anybody could read: messages, results, failures, on the wire and in its history."""

import asyncio
from datetime import timedelta

import pytest
from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload, WorkflowExecution
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, GetWorkflowExecutionHistoryRequest
from temporalio.client import Client, WorkflowFailureError
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from domain import errors
from domain.casework import Casework
from domain.issue.commands import IssueCommand
from domain.issue.state import Issue
from tests.support.casework import case
from tests.support.temporal import time_skipping
from tests.workflows.process import KEY, MONDAY, ProcessClock, office_at_work
from workflows.codec import EncryptingCodec, WrongCodecKey, data_converter
from workflows.names import workflow_id

# Digits only: Chinese text would hide from this search behind JSON's \uXXXX.
CANARY = "4471955208841"


def encoded(codec: EncryptingCodec, payload: Payload) -> Payload:
    """What goes to Temporal for this payload."""
    return asyncio.run(codec.encode([payload]))[0]


def decoded(codec: EncryptingCodec, payload: Payload) -> Payload:
    """What comes back."""
    return asyncio.run(codec.decode([payload]))[0]


def test_given_a_payload_when_encoded_then_it_reads_back_and_shows_neither_content_nor_type() -> None:
    codec = EncryptingCodec(KEY)
    plain = Payload(metadata={"encoding": b"json/plain"}, data=CANARY.encode())

    secret = encoded(codec, plain)

    assert decoded(codec, secret) == plain
    assert CANARY.encode() not in secret.SerializeToString()
    assert secret.metadata["encoding"] == b"binary/encrypted"
    assert secret.metadata["key-id"] == codec.key_id
    assert KEY not in secret.SerializeToString()


def test_given_the_same_payload_twice_when_encoded_then_nobody_sees_that_it_is_the_same() -> None:
    codec, plain = EncryptingCodec(KEY), Payload(data=b"logged")
    assert encoded(codec, plain).data != encoded(codec, plain).data


def test_given_another_key_when_decoded_then_it_is_refused_and_says_which_key_is_asked_for() -> None:
    other = EncryptingCodec(bytes(32))
    with pytest.raises(WrongCodecKey, match=EncryptingCodec(KEY).key_id.decode()):
        decoded(EncryptingCodec(KEY), encoded(other, Payload(data=b"logged")))


@pytest.mark.parametrize("position", [0, 11, 12, -1])
def test_given_one_changed_bit_when_decoded_then_it_is_refused(position: int) -> None:
    codec = EncryptingCodec(KEY)
    secret = encoded(codec, Payload(data=b"logged"))
    broken = bytearray(secret.data)
    broken[position] ^= 1
    secret.data = bytes(broken)

    with pytest.raises(WrongCodecKey):
        decoded(codec, secret)


def test_given_a_payload_that_was_never_encrypted_when_decoded_then_it_stays_as_it_is() -> None:
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b"{}")
    assert decoded(EncryptingCodec(KEY), plain) == plain


def test_given_an_issue_full_of_personal_data_when_it_lives_and_fails_then_temporal_and_our_logs_hold_none_of_it(
    casework: Casework, clock: ProcessClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    life = case("handling", at=MONDAY, description=CANARY, place=CANARY, household=CANARY, source=CANARY)
    advance = casework.advance
    deadline = life.issue.deadline
    assert deadline is not None

    def breaks_when_missed(issue: Issue, command: IssueCommand) -> Issue:
        if type(command).__name__ == "RecordMissedDeadline":
            raise ValueError(CANARY) from errors.CommandReused(CANARY)
        return advance(issue, command)

    async def half_a_month() -> tuple[bytes, bytes]:
        async with office_at_work(casework, clock) as process:
            await process.live(life)
            monkeypatch.setattr(casework, "advance", breaks_when_missed)
            await process.until(deadline.due_at + timedelta(minutes=5))
            client, name = process.environment.client, workflow_id(life.issue_id)
            return await history_bytes(client, name), await description_bytes(client, name)

    history, description = asyncio.run(half_a_month())

    assert casework.issue(life.issue_id).household == CANARY  # type: ignore[union-attr]
    assert b"take_step" in history
    assert b"binary/encrypted" in description  # the failure of the step that is being tried again
    for held in (history, description):
        assert CANARY.encode() not in held
        assert b"breaks_when_missed" not in held
    assert "ValueError: in breaks_when_missed" in caplog.text
    assert CANARY not in caplog.text


@workflow.defn(sandboxed=False)
class Careless:
    """A workflow as nobody here writes it."""

    @workflow.run
    async def run(self, phone: str) -> str:
        await workflow.execute_activity(
            careless, phone, start_to_close_timeout=timedelta(seconds=5), retry_policy=RetryPolicy(maximum_attempts=1)
        )
        return phone


@activity.defn
async def careless(phone: str) -> None:
    """Tells in its failure what it should not."""
    raise ApplicationError(f"no such phone: {phone}", phone)


def test_given_a_failure_that_tells_too_much_when_it_is_recorded_then_its_words_and_details_are_unreadable() -> None:
    async def fail() -> tuple[bytes, str]:
        async with time_skipping(data_converter(KEY)) as environment:
            client = environment.client
            async with Worker(client, task_queue="careless", workflows=[Careless], activities=[careless]):
                with pytest.raises(WorkflowFailureError) as failed:
                    await client.execute_workflow(Careless.run, CANARY, id="careless", task_queue="careless")
                cause = failed.value.cause.__cause__
                return await history_bytes(client, "careless"), str(cause)

    history, words = asyncio.run(fail())

    assert words == f"no such phone: {CANARY}"
    assert CANARY.encode() not in history
    assert b"Encoded failure" in history


async def history_bytes(client: Client, name: str) -> bytes:
    """A workflow's history as Temporal holds it."""
    request = GetWorkflowExecutionHistoryRequest(namespace="default", execution=WorkflowExecution(workflow_id=name))
    answer = await client.workflow_service.get_workflow_execution_history(request)
    return answer.history.SerializeToString()


async def description_bytes(client: Client, name: str) -> bytes:
    """What Temporal's pages show of it, pending steps included."""
    request = DescribeWorkflowExecutionRequest(namespace="default", execution=WorkflowExecution(workflow_id=name))
    return (await client.workflow_service.describe_workflow_execution(request)).SerializeToString()
