"""PostgreSQL refuses to run as root: how a root user starts it as `nobody` all the same, without creating a user.

Called by `services.embedded.postgres`. An ordinary user's command line passes through unchanged.
"""

import os
import pwd
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from services.embedded.problems import MachineProblem

_USER = "nobody"
_CAPABILITY_BITS = {"dac_override": 1, "dac_read_search": 2}


def needs_another_user() -> bool:
    """Whether we are root."""
    return os.geteuid() == 0


def give(path: Path) -> None:
    """Hand a file or folder to the user that the server will run as; nothing to do unless we are root."""
    if needs_another_user():
        account = pwd.getpwnam(_USER)
        os.chown(path, account.pw_uid, account.pw_gid)


def command(argv: Sequence[str], *, reads: Sequence[Path], death_signal: signal.Signals) -> list[str]:
    """`argv`, wrapped when we are root so that it runs as `nobody`.

    `reads` are the files and folders that it must reach. Only if one of them lies in a folder closed to others (a
    checkout or a home below /root), the process keeps the one capability that lets it pass; otherwise it keeps none.
    """
    if not needs_another_user():
        return list(argv)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise MachineProblem(
            "root-needs-setpriv",
            zh="PostgreSQL 不能以 root 运行，而本机没有 setpriv（util-linux）。请改用普通用户，或设置 DATABASE_URL。",
            en="PostgreSQL does not run as root, and setpriv (util-linux) is missing here. Run as an ordinary user, "
            "or set DATABASE_URL.",
        )
    account = pwd.getpwnam(_USER)
    wrapper = [setpriv, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    wrapper += [f"--pdeathsig={death_signal.name.removeprefix('SIG')}"]
    capability = _capability_to_reach(reads, executable=Path(argv[0]))
    if capability is not None:
        # Without the secure bit the kernel ignores capabilities in access(2), with which PostgreSQL looks for itself.
        wrapper += [f"--inh-caps=-all,+{capability}", f"--ambient-caps=-all,+{capability}"]
        wrapper += ["--securebits=+no_setuid_fixup"]
    return [*wrapper, "--", *argv]


def _capability_to_reach(reads: Sequence[Path], *, executable: Path) -> str | None:
    if not executable.stat().st_mode & 0o001:
        wanted = ["dac_override"]  # reading alone would not let `nobody` execute it
    elif all(_open_to_others(path) for path in [*reads, executable]):
        return None
    else:
        wanted = ["dac_read_search", "dac_override"]  # containers commonly have only the second
    held = _held_capabilities()
    for capability in wanted:
        if capability in held:
            return capability
    raise MachineProblem(
        "folder-closed-to-server",
        zh=f"PostgreSQL 以 {_USER} 身份运行，进不了 {executable.parent} 或数据目录的上级目录。"
        "请把程序和数据放到其他用户可进入的目录，或改用普通用户运行。",
        en=f"PostgreSQL runs as {_USER} and cannot enter {executable.parent} or a folder above the data. "
        "Put both where others may enter, or run as an ordinary user.",
    )


def _open_to_others(path: Path) -> bool:
    resolved = path.resolve()
    return all(folder.stat().st_mode & 0o001 for folder in resolved.parents) and (
        not resolved.is_file() or bool(resolved.stat().st_mode & 0o004)
    )


def _held_capabilities() -> set[str]:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            mask = int(line.split()[1], 16)
            return {name for name, bit in _CAPABILITY_BITS.items() if mask >> bit & 1}
    return set()
