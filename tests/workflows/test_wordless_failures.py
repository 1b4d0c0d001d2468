"""Whichever step fails, a code or a place crosses to Temporal: never a word of what it was about."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import pytest
from temporalio.exceptions import ApplicationError

from domain.errors import HuiyinError, Unavailable
from domain.periods import Cycle
from services.worker import activities_of
from workflows.duty_messages import DutyRequest, DutyStep
from workflows.funding_steps import FundRequest
from workflows.meeting_messages import MeetingRequest, MeetingStep
from workflows.messages import Message, StepKind, StepRequest
from workflows.redating import Redating
from workflows.schedules import Turn
from workflows.submission_steps import SubmissionRequest

WORDS: Final = "张三 13800138000"
TURN: Final = Turn(duty="committee", place="LX", cycle=Cycle.MONTH, first=date(2031, 3, 1))
STEPS: Final[dict[str, Message]] = {
    "take_step": StepRequest(
        issue_id=UUID(int=7), kind=StepKind.MISSED, key="missed/1", at=datetime(2031, 3, 3, 9, tzinfo=UTC)
    ),
    "meeting_step": MeetingRequest(turn=TURN, step=MeetingStep.LOOK),
    "duty_step": DutyRequest(turn=TURN, step=DutyStep.OPEN),
    "submission_step": SubmissionRequest(turn=TURN),
    "fund_step": FundRequest(turn=TURN),
    "spot_check_step": TURN,
    "bulletin_step": TURN,
    "redate_batch": Redating(calendar=1),
}
"""One request for each kind of step."""


class Broken:
    """A casework, and everything else that a step asks, that fails at whatever is asked."""

    def __init__(self, trouble: Exception) -> None:
        self._trouble = trouble

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return self

    def __call__(self, *asked: Any, **named: Any) -> Any:
        raise self._trouble


def steps_of(trouble: Exception) -> dict[str, Callable[[Message], Message]]:
    broken = Broken(trouble)
    return {step.__name__: step for step in activities_of(broken, 0, broken, broken)}  # type: ignore[arg-type]


def test_given_everything_that_workflows_can_do_then_it_is_tried_here() -> None:
    assert steps_of(Unavailable()).keys() == STEPS.keys()


@pytest.mark.parametrize("trouble", [Unavailable(), KeyError(WORDS), ValueError(WORDS)], ids=["away", "key", "value"])
@pytest.mark.parametrize("step", STEPS)
def test_given_trouble_when_any_step_is_taken_then_it_may_be_tried_again_and_no_word_crosses(
    step: str, trouble: Exception
) -> None:
    with pytest.raises(ApplicationError) as failed:
        steps_of(trouble)[step](STEPS[step])

    assert not failed.value.non_retryable
    assert failed.value.__cause__ is None
    assert WORDS not in str(failed.value)
    expected = trouble.code if isinstance(trouble, HuiyinError) else type(trouble).__name__
    assert failed.value.type == expected
