"""How does a workflow that runs by the calendar wait, and how long may a step of it take? Shared by all of them."""

from datetime import datetime, timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy

STEP_MAY_TAKE: Final = timedelta(minutes=2)
TRY_AGAIN: Final = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=2))


async def until(moment: datetime) -> None:
    """Returns at `moment`, or at once if that is over."""
    left = moment - workflow.now()
    if left > timedelta(0):
        await workflow.sleep(left)
