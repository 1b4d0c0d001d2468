"""What time is it in a step, while days are skipped? The workflow's time, which goes along with the step as a header.

A step within the workflow task is timed by the machine's clock, not by the server's that skips. Used by process.py.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final

from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

_HEADER: Final = "workflow-time"
_carried: ContextVar[datetime | None] = ContextVar("workflow-time", default=None)


def time_of_activity() -> datetime:
    """By the workflow that asked for the step, else by the server that handed it out."""
    return _carried.get() or activity.info().started_time


class SkippedTime(ClientInterceptor, Interceptor):
    """Given to the client; its workers have it too."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _ReadsTheTime(next)

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:
        return _SendsTheTimeAlong


class _ReadsTheTime(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        found = input.headers.get(_HEADER)
        token = _carried.set(datetime.fromisoformat(found.data.decode()) if found else None)
        try:
            return await super().execute_activity(input)
        finally:
            _carried.reset(token)


class _SendsTheTimeAlong(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Outbound(outbound))


class _Outbound(WorkflowOutboundInterceptor):
    def start_local_activity(self, input: StartLocalActivityInput) -> workflow.ActivityHandle[Any]:
        now: Mapping[str, Payload] = {_HEADER: Payload(data=workflow.now().isoformat().encode())}
        input.headers = {**input.headers, **now}
        return super().start_local_activity(input)
