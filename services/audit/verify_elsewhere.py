"""What the log alone does not show: ledgers against a rebuild, files against their hashes, workflows against the log.

Each says openly when it could not be made here, and why; that is no fault.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Final
from uuid import UUID

from temporalio.service import RPCError

from projections.rebuild import RebuildRunning, compare
from projections.registry import NAMES
from projections.side_tables import CannotRebuild
from services.audit import verify_workflows
from services.audit.verify_faults import Faults, Found, Where
from services.audit.verify_workflows import Stands, stands
from services.embedded.problems import MachineProblem
from services.files.opening import open_checking
from services.files.problems import StoreAway
from services.settings import Settings

Progress = Callable[[str, int, int], None]
"""Which check, how many done, of how many."""

_PATIENCE: Final = 15.0  # seconds, for Temporal to answer at all
_NO_OWNER: Final = (
    "未核对：重建需要表的所有者。请设置 HUIYIN_OWNER_DATABASE_URL 后执行 --only read_models。",
    "Not checked: a rebuild needs the owner of the tables. Set HUIYIN_OWNER_DATABASE_URL, then --only read_models.",
)
_NO_STORE: Final = ("未核对：无法读取文件库。", "Not checked: the store of files cannot be read.")
_NO_TEMPORAL: Final = (
    "未核对：无法连接 Temporal，或没有工作进程应答。",
    "Not checked: Temporal cannot be reached, or no worker answers.",
)


def read_models(settings: Settings, progress: Progress) -> Found:
    """Every ledger made again from the log beside the live one, and compared row by row."""
    faults, rows = Faults(), 0
    try:
        owner = settings.owner_database_url
    except MachineProblem:
        return Found("read_models", skipped=_NO_OWNER)
    try:
        compared = compare(owner, NAMES)
    except (RebuildRunning, CannotRebuild) as refused:
        return Found("read_models", skipped=(f"未核对：{refused}", f"Not checked: {refused}"))
    for nth, model in enumerate(compared, 1):
        rows += model.rows
        for difference in model.differences:
            detail = f"{difference.table}: +{difference.only_live} -{difference.only_rebuilt}"
            faults.add("rows-differ", detail=f"{detail}: {', '.join(difference.keys)}")
        progress("read_models", nth, len(compared))
    return faults.found("read_models", rows)


def files(settings: Settings, progress: Progress) -> Found:
    """Every photo and paper read, hashed, compared; what one run left the next goes on with."""
    faults, seen = Faults(), 0

    def done(checked: int, total: int) -> None:
        nonlocal seen
        seen = total
        progress("files", checked, total)

    try:
        wrong = open_checking(settings).run(done)
    except StoreAway:
        return Found("files", skipped=_NO_STORE)
    for it in wrong:
        place = Where(number=it.number)
        faults.add(f"file-{'unknown' if it.fault == 'unknown' else it.fault}", place, it.digest[:16])
    return faults.found("files", seen)


def workflows(settings: Settings, expected: Mapping[UUID, Stands]) -> Found:
    """Each open issue's workflow, asked where it stands."""
    from services.bootstrap import following_casework
    from services.temporal_client import connect

    async def compared() -> Faults:
        client = await asyncio.wait_for(connect(settings), _PATIENCE)
        with closing(following_casework(settings)) as casework:
            return await verify_workflows.compare(client, expected, lambda it: stands(casework.issue(it)))

    try:
        faults = asyncio.run(compared())
    except (RuntimeError, RPCError, TimeoutError, MachineProblem):
        return Found("workflows", skipped=_NO_TEMPORAL)
    return faults.found("workflows", len(expected))
