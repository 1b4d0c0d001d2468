"""The part of bootstrap.py for the process that makes copies of ledgers: nobody else carries it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

import psycopg

from services.api.parts import ReadConnections
from services.bootstrap import open_directory, open_plans, open_unsealing, system_clock
from services.exports.making import Making
from services.exports.rows import LedgerCopies
from services.exports.sealing import PieceSeal
from services.keys import load_or_create
from services.settings import Settings


@contextmanager
def open_making(settings: Settings) -> Iterator[Making]:
    """What makes them, for as long as the `with` lasts."""
    connect = ReadConnections(settings.database_url)
    with closing(connect), open_unsealing(settings) as unsealing:
        yield Making(
            connect=partial(psycopg.connect, settings.database_url, autocommit=True, connect_timeout=5),
            copies=LedgerCopies(connect, unsealing, open_plans(settings)),
            organisation=open_directory(settings.database_url).organisation,
            seal=PieceSeal(load_or_create(settings.home, "exports")),
            clock=system_clock,
        )
