"""`huiyin bench actions`: how many actions of people does one API process take a second, and what does one cost?

Each of 8 and 32 clients logs an issue and takes five more actions on it, again and again, over HTTP. In between, as
many connections insert plain rows: the ratio tells what the rules, the log and HTTP cost on top of the bare database.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

import psycopg

from services.bench.clients import Action, Clients
from services.bench.harness import VILLAGE, BenchOffice, Result, Slice, measured, median, quantile, table

_SLICES: Final = 6
_HTTP_SECONDS: Final = 4.0
_RAW_SECONDS: Final = 2.0
_WARM_UP_SECONDS: Final = 3.0
_PARTS: Final = ("api", "PostgreSQL", "seal")
_RAW_TABLE: Final = """
create table raw_insert (id uuid, version bigint, topic text not null, state bytea not null, primary key (id, version));
grant insert on raw_insert to huiyin_app
"""
_RAW_STATE: Final = b"x" * 320  # as long as a stored event of these lives
_NOTES: Final = (
    "rate: answered with 200 or 201 per second, median of the slices; raw: one-row INSERTs of the same size,",
    "autocommit, prepared, one psycopg connection a thread, in slices in between.",
    "ms CPU: user + system time of the process trees, per action.",
    "Running: PostgreSQL (fsync on), one API process, the sealer. Not running: followers, relay, worker, Temporal.",
)


@dataclass
class _Sums:
    """What one number of clients came to."""

    latencies: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    raw_rates: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)
    refused: int = 0

    def add(self, latencies: Sequence[float], refused: int, piece: Slice) -> None:
        """One slice over HTTP."""
        self.latencies += latencies
        self.refused += refused
        self.rates.append((len(latencies) - refused) / piece.seconds)
        self.others.append(piece.others)
        for part in _PARTS:
            self.cpu[part] = self.cpu.get(part, 0.0) + piece.cpu[part]

    def row(self, clients: int) -> dict[str, float | int]:
        """As a line of the table."""
        per_action = {part: self.cpu[part] / len(self.latencies) * 1000 for part in _PARTS}
        rate, raw = median(self.rates), median(self.raw_rates)
        return {
            "clients": clients,
            "actions/s": rate,
            "raw inserts/s": raw,
            "% of raw": rate / raw * 100,
            "p50 ms": quantile(self.latencies, 0.5),
            "p95 ms": quantile(self.latencies, 0.95),
            "ms CPU/action": sum(per_action.values()),
            "api": per_action["api"],
            "PostgreSQL": per_action["PostgreSQL"],
            "sealer": per_action["seal"],
            "others (cores)": median(self.others),
            "actions": len(self.latencies),
            "refused": self.refused,
        }


def run(
    clients: Sequence[int] = (8, 32),
    *,
    slices: int = _SLICES,
    http_seconds: float = _HTTP_SECONDS,
    raw_seconds: float = _RAW_SECONDS,
    warm_up_seconds: float = _WARM_UP_SECONDS,
) -> Result:
    """Measures; takes about a minute and a half."""
    with BenchOffice(("seal", "api")) as office:
        with psycopg.connect(office.postgres.owner_dsn, autocommit=True) as connection:
            connection.execute(_RAW_TABLE)
        rows = []
        for count in clients:
            callers = Clients(office.settings.port, count, life(office))
            callers.run(warm_up_seconds)
            sums = _Sums()
            for _ in range(slices):
                sums.raw_rates.append(_raw_inserts(office.postgres.app_dsn, count, raw_seconds))
                with measured(office) as piece:
                    tally = callers.run(http_seconds)
                sums.add(tally.latencies, tally.refused, piece)
            callers.close()
            rows.append(sums.row(count))
    return {"bench": "actions", "rows": rows, "table": table("bench actions", rows, _NOTES)}


def life(office: BenchOffice) -> list[Action]:
    """Logging an issue and five more actions on it, by two people."""
    handler, lead = office.tokens["handler"], office.tokens["lead"]
    logged = {
        "channel": "visit",
        "village": VILLAGE,
        "category": "construction",
        "title": "村口路灯不亮",
        "description": "村口到小学一段三盏路灯不亮，孩子晚自习回家看不清路。",
        "household": "CS-012",
    }
    return [
        Action(handler, "", dict(logged)),
        Action(handler, "escalate-issue", {"reason": "需升降车，村里没有。"}),
        Action(lead, "accept-issue", {"person": "lead"}),
        Action(lead, "resolve-issue", {"measures": "镇里派车更换灯具三套，加装防水盒。"}),
        Action(lead, "give-reply", {"findings": "经现场查看，反映情况属实。", "opinion": "路灯已修好，欢迎继续监督。"}),
        Action(handler, "rate-answer", {"rating": "satisfied"}),
    ]


def _raw_inserts(dsn: str, connections: int, seconds: float) -> float:
    """Rows per second: each thread inserts one row after another on a connection of its own."""
    start, counts = threading.Barrier(connections + 1), [0] * connections

    def insert(mine: int) -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            cursor = psycopg.RawCursor(connection)
            start.wait()
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                cursor.execute(_RAW_INSERT, (uuid4(), 1, "issue.logged", _RAW_STATE), prepare=True, binary=True)
                counts[mine] += 1

    threads = [threading.Thread(target=insert, args=(mine,)) for mine in range(connections)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


_RAW_INSERT: Final = "insert into raw_insert (id, version, topic, state) values ($1, $2::bigint, $3::text, $4::bytea)"
