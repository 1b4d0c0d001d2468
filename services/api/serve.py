"""The API's process: `run_api(settings)`, called by `huiyin api`. Told to stop, it answers what it has, and ends.

One process; more are started beside it behind a balancer when one no longer suffices.
"""

import signal
from typing import Final

import structlog
import uvicorn
from fastapi import FastAPI

from services.api.door.protocol import BoundedProtocol
from services.bootstrap import open_api
from services.collecting import look_for_cycles_seldom
from services.logs import log_as_json
from services.settings import Settings

KEEP_ALIVE_SECONDS: Final = 15
GRACE_SECONDS: Final = 4  # the supervisor ends what still runs after 5


def run_api(settings: Settings) -> None:
    """Serves until told to stop. Raises MachineProblem when the settings name no database."""
    log_as_json()
    log = structlog.get_logger("huiyin.api")
    with open_api(settings) as app:
        server = server_of(app, settings.host, settings.port)
        _end_in_good_order(server)
        log.info("api_starts", host=settings.host, port=settings.port)
        look_for_cycles_seldom()
        server.run()
        log.info("api_ended")


def _end_in_good_order(server: uvicorn.Server) -> None:
    """uvicorn raises a signal again once it has ended: by then it must find this handler, not the one that kills."""

    def stop(*_: object) -> None:
        server.should_exit = True

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)


def server_of(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    """The server with our bounds; no access log, no server header, no forwarded addresses believed."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            loop="uvloop",
            http=BoundedProtocol,
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            backlog=512,
        )
    )
