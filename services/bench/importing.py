"""`bench import`: how many issues a second a file of an earlier system becomes, first run and repeated run.

The file has the shape of the zh-messages map and invented text; every row is answered, so that each makes four events.
"""

import csv
import random
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from services.bench.harness import BenchOffice, Result, measured, table
from services.bootstrap import open_casework, open_directory, open_office
from services.importing.checking import WithVillages
from services.importing.map_file import load_map
from services.importing.progress import Quiet
from services.importing.run import Importer

_HEADER: Final = ("message_id", "user_id", "subject", "created_at", "body", "reply", "replied_at", "reply_hours")
_SYLLABLES: Final = "道路灯水渠村口小区停车噪音施工排医保学校公交垃圾清运尽快处理答复居民夜间影响出行安全维修"
_FIRST_DAY: Final = datetime(2015, 1, 1)  # noqa: DTZ001  the file's times carry no zone
_SPAN_SECONDS: Final = 5 * 365 * 86_400
_NOTES: Final = (
    "One transaction holds up to 50 answered issues (200 events). Both passes count: each row is judged before any is"
    " written. The repeated run finds everything done.",
)


def run(rows: int = 10_000) -> Result:
    """Imports a file of `rows` invented messages twice into a database made for it."""
    with BenchOffice(()) as office:
        path = office.settings.home / "messages.csv"
        write_messages(path, rows)
        measurements = [_imported(office, path, what) for what in ("first run", "repeated")]
    return {"bench": "import", "rows": measurements, "table": table("bench import", measurements, _NOTES)}


def write_messages(path: Path, rows: int, seed: int = 7) -> None:
    """A CSV file of invented, answered messages, the same for the same seed; about 1 KB a row."""
    drawn = random.Random(seed)  # noqa: S311  no secret: a reproducible file
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        writer.writerows(_message(number, drawn) for number in range(rows))


def _message(number: int, drawn: random.Random) -> tuple[object, ...]:
    created = _FIRST_DAY + timedelta(seconds=drawn.randrange(_SPAN_SECONDS))
    hours = round(drawn.uniform(1, 1_000), 2)
    replied = created + timedelta(hours=hours)
    body, reply = _sentences(drawn, drawn.randint(3, 25)), _sentences(drawn, drawn.randint(5, 35))
    times = created.isoformat(timespec="seconds"), replied.isoformat(timespec="seconds")
    return f"B-{number}", f"U{number % 500}", _sentences(drawn, 1), times[0], body, reply, times[1], hours


def _sentences(drawn: random.Random, clauses: int) -> str:
    return "，".join("".join(drawn.choices(_SYLLABLES, k=12)) for _ in range(clauses)) + "。"


def _imported(office: BenchOffice, path: Path, what: str) -> dict[str, Any]:
    map_, settings = load_map("zh-messages"), office.settings
    joined = open_office(settings, directory=WithVillages(open_directory(settings.database_url), map_.villages))

    with closing(open_casework(settings.database_url, joined)) as casework:
        importer = Importer(map_, casework, joined, Quiet())
        began = time.process_time()
        with measured(office) as piece:
            report = importer.run(path)
        own = time.process_time() - began
    per_row = 1_000 / report.rows
    return {
        "run": what,
        "rows": report.rows,
        "logged": report.written.logged,
        "rows/s": report.rows / piece.seconds,
        "CPU ms/row: import": own * per_row,
        "PostgreSQL": piece.cpu["PostgreSQL"] * per_row,
        "others' cores": piece.others,
    }
