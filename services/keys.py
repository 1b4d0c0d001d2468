"""Secret keys of this installation: one file each, 32 random bytes, readable by its owner only.

`services.bootstrap` asks for `receipt` (HMAC of receipt codes), `codec` (payloads in Temporal), `digest` (HMAC of
what commands asked), `township` (wraps the households' keys), `pepper` (their blind index), `notices` (seals where
officers want notices), `offline` (seals what waits on their phones), `suggestions` (hides which wording was learned),
`exports` (seals copies of ledgers for a day), `log` (signs the log's checkpoints) and `pseudonyms` (names households in
exports for other tools); a witness has `witness`. Losing a key file loses what it protects, so back the folder up apart
from the database.
"""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from services.embedded.problems import MachineProblem

KEY_BYTES = 32


def load_or_create(home: Path, name: str) -> bytes:
    """The 32 bytes of `home/keys/<name>.key`; made at the first call, also when several processes call at once."""
    folder = home / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.key"
    if not path.exists():
        _create(path)
    return _read(path)


def _create(path: Path) -> None:
    """Write beside, then link: the file appears whole or not at all, and never replaces another process's key."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> bytes:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise MachineProblem(
            "key-readable-by-others",
            zh=f"密钥文件 {path} 的权限为 {mode:04o}，其他用户可以读取。请执行 chmod 600，并考虑密钥是否已泄露。",
            en=f"The key file {path} has mode {mode:04o}: others can read it. Run chmod 600 and consider it known.",
        )
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise MachineProblem(
            "key-damaged",
            zh=f"密钥文件 {path} 应为 {KEY_BYTES} 字节，实为 {len(key)} 字节。请从备份恢复，不要删除它。",
            en=f"The key file {path} has {len(key)} bytes, not {KEY_BYTES}. Restore it from a backup; do not delete.",
        )
    return key
