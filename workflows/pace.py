"""How does a workflow that runs by the calendar wait, and how does it take a step? Shared by all of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy

from workflows.messages import Message

_STEP_MAY_TAKE: Final = timedelta(minutes=2)
_LOOKS_EVERY: Final = timedelta(days=1)
_NOT_MORE_OFTEN_THAN: Final = timedelta(minutes=1)  # a machine whose clock is behind would be asked without a pause
_TRY_AGAIN: Final = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=2))

Asked = TypeVar("Asked", bound=Message)
Answer = TypeVar("Answer", bound=Message)


async def taken(step: Callable[[Any, Asked], Answer], asked: Asked, name: str | None = None) -> Answer:
    """What came of a step, a method that is an activity, tried until it works; Temporal shows it under `name`."""
    return await workflow.execute_activity_method(
        step, asked, activity_id=name, start_to_close_timeout=_STEP_MAY_TAKE, retry_policy=_TRY_AGAIN
    )


async def until(moment: datetime) -> None:
    """Returns at `moment`, or at once if that is over."""
    left = moment - workflow.now()
    if left > timedelta(0):
        await workflow.sleep(left)


async def until_next(moment: datetime) -> None:
    """Returns at `moment`, of which a step said that it is to come; if it is over, in a minute."""
    await workflow.sleep(max(moment - workflow.now(), _NOT_MORE_OFTEN_THAN))


async def until_or_a_day(moment: datetime | None) -> None:
    """Returns at `moment`, but no later than in a day: people may have set another one by then."""
    in_a_day = workflow.now() + _LOOKS_EVERY
    await until_next(min(moment, in_a_day) if moment else in_a_day)
