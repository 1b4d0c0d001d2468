"""How a workflow is called, and which command id a step of it sends: both follow from the issue alone.

Never from a run id, an attempt or chance: a workflow started anew has to send the very same ids.
"""

from typing import Final
from uuid import UUID, uuid5

_STEP_NAMESPACE: Final = UUID("8f0d2a4e-5c1b-4f7a-9b3e-2d6c1a7e4b90")


def workflow_id(issue_id: UUID) -> str:
    """`issue-<uuid>`: readable by every operator of Temporal, so it names nobody."""
    return f"issue-{issue_id}"


def step_command_id(issue_id: UUID, step: str) -> UUID:
    """The id of the command by which the process takes `step` (a `StepRequest.key`) of this issue."""
    return uuid5(_STEP_NAMESPACE, f"{issue_id}/{step}")
