"""What a check found: `Finding`, in words for people, with a stable code for programs; and the words themselves."""

from typing import Final

from services.persistence.server_check import Finding

__all__ = ["Finding"]

NOTHING_RUNS: Final = Finding(
    "nothing-runs-here",
    zh="本机没有正在运行的回音。请执行 make run（或 huiyin up），或设置数据库与 Temporal 的地址。",
    en="No Huiyin runs here. Start it with make run (or huiyin up), or set the addresses of database and Temporal.",
)
DATABASE_AWAY: Final = Finding(
    "database-away",
    zh="无法连接 PostgreSQL：现在不能登记和办理。请查看 logs/postgres.log；由 huiyin up 启动的会自动重启。",
    en="PostgreSQL cannot be reached: nothing can be recorded now. See logs/postgres.log; huiyin up restarts its own.",
)
MIGRATIONS_PENDING: Final = Finding(
    "migrations-pending",
    zh="数据表不是本版本的。请执行 huiyin migrate。",
    en="The tables are not those of this version. Run huiyin migrate.",
)
SEALER_BEHIND: Final = Finding(
    "sealer-behind",
    zh="日志定序进程没有跟上：台账和工作流暂时看不到新事项，但不会丢失。请确认 huiyin follow seal 在运行。",
    en="The sealer lags: ledgers and workflows do not see new events yet; nothing is lost. Check `huiyin follow seal`.",
)
RELAY_BEHIND: Final = Finding(
    "relay-behind",
    zh="工作流尚未得知最新事项：提醒与督办会推迟，期限不变。请确认 Temporal 与 huiyin follow relay 在运行。",
    en="Workflows have not heard of the latest events: reminders wait, due times stay. Check `huiyin follow relay`.",
)
TEMPORAL_AWAY: Final = Finding(
    "temporal-away",
    zh="无法连接 Temporal：可以继续登记和办理，提醒、督办、列题会推迟，恢复后自动补上。请查看 logs/temporal.log。",
    en="Temporal cannot be reached: people can go on; reminders and tabling wait and catch up. See logs/temporal.log.",
)
NO_WORKER: Final = Finding(
    "no-worker",
    zh="没有工作进程在处理工作流：提醒、督办、列题会推迟。请确认 huiyin worker 在运行。",
    en="No worker takes the workflows' steps: reminders and tabling wait. Check `huiyin worker`.",
)
WORKFLOWS_MISSING: Final = Finding(
    "workflows-missing",
    zh="有未结问题没有工作流。请执行 huiyin rebuild workflows。",
    en="Some open issues have no workflow. Run huiyin rebuild workflows.",
)
API_AWAY: Final = Finding(
    "api-away",
    zh="接口没有应答：网页和接口暂时不能使用。请查看 logs/api.log。",
    en="The API does not answer. See logs/api.log.",
)
DEMONSTRATION_IN_PUBLIC: Final = Finding(
    "demonstration-in-public",
    zh="已设置 HUIYIN_PUBLIC_URL，示范账号却仍可用示范密码登录。请设 HUIYIN_DEMONSTRATION=false，并停用不需要的账号。",
    en="Demonstration passwords work at a public address. Set HUIYIN_DEMONSTRATION=false and close unused accounts.",
)
DISK_NEARLY_FULL: Final = Finding(
    "disk-nearly-full",
    zh="数据所在磁盘剩余不足 1 GB。请清理或扩容，磁盘写满会使数据库停止。",
    en="Less than 1 GB is left on the data disk. Make room: a full disk stops the database.",
)


def notices_undeliverable(targets: int) -> Finding:
    """Addresses to which nothing is sent any more."""
    return Finding(
        "notices-undeliverable",
        zh=f"有 {targets} 个通知地址多次发送失败，已停发。请本人重新设置（huiyin notices target）。",
        en=f"{targets} addresses for notices failed so often that they were given up. Their owners must set them anew.",
    )


def files_faulty(files: int) -> Finding:
    """Photos and papers that are not what was taken in."""
    return Finding(
        "files-faulty",
        zh=f"有 {files} 个照片或文件缺失或被改动。请执行 huiyin files check 查看是哪些，从备份恢复后再核对一次。",
        en=f"{files} photos or papers are missing or altered. See `huiyin files check`, restore them, and check again.",
    )


def follower_behind(name: str) -> Finding:
    """A read model that lags."""
    return Finding(
        "follower-behind",
        zh=f"台账 {name} 没有跟上日志，不是最新情况。请确认 huiyin follow ledgers 在运行，并查看 logs/ledgers.log。",
        en=f"The read model {name} lags behind the log. Check `huiyin follow ledgers`, and see logs/ledgers.log.",
    )


def process_down(name: str) -> Finding:
    """A process of `huiyin up` that died and is being restarted."""
    return Finding(
        "process-down",
        zh=f"进程 {name} 已退出，正在自动重启。若反复出现，请查看 logs/{name}.log。",
        en=f"The process {name} ended and is being restarted. If it keeps ending, see logs/{name}.log.",
    )
