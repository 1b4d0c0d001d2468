"""`run_up` with the real servers and one tiny child, as a program of its own: `python -m tests.support.tiny_up`.

Reads the HUIYIN_* variables. Each start adds one row and says how many there are.
"""

import sys
from collections.abc import Sequence

import psycopg

from services.embedded.process import http_status
from services.settings import Settings
from services.supervisor import ChildSpec
from services.up import run_up

MAKES_A_TABLE = "import psycopg, sys; psycopg.connect(sys.argv[1], autocommit=True).execute(sys.argv[2])"
TABLE = "create table if not exists starts (n int); grant select, insert on starts to huiyin_app"


def make_a_table(settings: Settings) -> ChildSpec:
    """In place of the migrations."""
    return ChildSpec("migrate", (sys.executable, "-c", MAKES_A_TABLE, settings.owner_database_url, TABLE))


def tiny_children(settings: Settings) -> Sequence[ChildSpec]:
    """In place of Huiyin's processes."""
    serve = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(settings.home / "logs"))
    return [ChildSpec("api", (*serve, str(settings.port)), ready=lambda: http_status(settings.port, "/") == 200)]


def count_the_start(settings: Settings) -> list[str]:
    """In place of the demonstration township: one row at each start, and a line that says how many there are."""
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("insert into starts values (1)")
        row = connection.execute("select count(*) from starts").fetchone()
    return [f"starts: {row[0] if row else 0}"]


if __name__ == "__main__":
    sys.exit(run_up(Settings(), migration=make_a_table, children=tiny_children, after_ready=[count_the_start]))
