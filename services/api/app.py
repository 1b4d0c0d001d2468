"""The application: `create_app(parts)` joins routes, pages and the door. Nothing is global; bootstrap.py calls it.

The routes are plain Starlette ones with raw handlers; what they take and give is described in openapi/.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from fastapi import FastAPI
from starlette.routing import Route

from domain.household.commands import RegisterHousehold
from services.api.accounts.offline_key import OfflineKeyDoor
from services.api.accounts.oidc_door import CALLBACK, OidcDoor, oidc_threads
from services.api.accounts.people import People
from services.api.accounts.signing_in import SigningIn, log_in_threads
from services.api.door.metrics import Metrics
from services.api.door.middleware import Door
from services.api.door.threads import Threads
from services.api.office.actions import ActionReads
from services.api.office.appraisal import AppraisalReads
from services.api.office.audit_routes import audit_routes, replay_routes
from services.api.office.bulletins import BulletinReads
from services.api.office.choices import ChoiceReads
from services.api.office.clocks import ClockReads
from services.api.office.commands import OTHER_COMMANDS
from services.api.office.coverage import CoverageReads
from services.api.office.dashboards import DashboardReads
from services.api.office.export_jobs import ExportJobs
from services.api.office.exports import ExportDoor, copy_threads
from services.api.office.files import FilesDoor
from services.api.office.fund_lists import FundLists
from services.api.office.holidays import HolidayReads
from services.api.office.hot_topics import HotTopicReads
from services.api.office.households import COMMANDS as HOUSEHOLD_COMMANDS
from services.api.office.households import HouseholdDoor
from services.api.office.inbox import InboxDoor
from services.api.office.log_tiles import LogTiles
from services.api.office.meeting_lists import MeetingLists
from services.api.office.notices import NoticesDoor
from services.api.office.organisation import OrganisationReads
from services.api.office.plans import PlanReads
from services.api.office.proofs import ProofReads
from services.api.office.reading import Reads
from services.api.office.spot_checks import SpotCheckReads
from services.api.office.suggestions import SuggestionDoor
from services.api.office.team import TeamReads
from services.api.office.today import TodayReads
from services.api.office.views import ViewsDoor
from services.api.office.writing import Writes
from services.api.openapi.document import description
from services.api.pages.docs import Pages
from services.api.parts import ApiParts
from services.api.public.notice_board import Board
from services.api.public.receipt_rights import RIGHTS
from services.api.public.receipts import ACTS, ReceiptDoor
from services.api.public.site import SiteFacts
from services.api.serving import Handler, Lifespan, RoutedApp, Serving
from services.api.state import State
from services.files.kept import CONTENT, PREVIEW
from services.web.app import Web

V1: Final = "/api/v1"


def create_app(parts: ApiParts) -> FastAPI:
    """The API on these parts. Its threads end with the application's lifespan; `parts` are the caller's to close."""
    limits, metrics = parts.limits, Metrics()
    writers = Threads("api-write", limits.writers, limits)
    readers = Threads("api-read", limits.readers, limits)
    slow, outward = log_in_threads(limits), oidc_threads(limits)
    uploads, copying = Threads("api-upload", limits.uploads, limits), copy_threads(limits)
    app = RoutedApp(_closing(writers, readers, slow, outward, uploads, copying))
    web = Web(app.routed, parts.clock, parts.site.public_url)
    app.door = Door(app.routed, limits=limits, metrics=metrics, headers=parts.site.headers, refusal=web.refusal)
    people = People(parts.authenticator, readers, parts.site, parts.limiter)
    app.router.routes[:] = [
        *_writes(Writes(parts, people, writers)),
        *_appraisal(AppraisalReads(parts, people, readers)),
        *_reads(Reads(parts, people, readers)),
        *replay_routes(parts, people, readers),
        *_meetings_and_funds(MeetingLists(parts, people, readers), FundLists(parts, people, readers)),
        *_exports(ExportDoor(parts, people, copying), ExportJobs(parts, people, readers)),
        *_files(FilesDoor(parts, people, uploads, readers)),
        *_households(HouseholdDoor(parts, people, writers, readers)),
        *_of_the_office(parts, people, readers),
        *_sessions(SigningIn(parts, people, readers, slow), OidcDoor(parts, outward)),
        *_for_everybody(ReceiptDoor(parts, readers, writers), Board(parts, readers), SiteFacts(parts, readers)),
        *_open_to_all(State(parts, metrics, readers), Pages()),
        *web.routes(),
    ]
    app.openapi = description  # type: ignore[method-assign]
    return app


def _closing(*pools: Threads) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        for pool in pools:
            pool.close()

    return lifespan


def _of_the_office(parts: ApiParts, people: People, readers: Threads) -> list[Route]:
    """What officers look up beside issues and ledgers, and what is their own."""
    return [
        *_organisation(OrganisationReads(parts, people, readers)),
        _route(f"{V1}/hot-topics", HotTopicReads(parts, people, readers).hot),
        *_beside_cases(ClockReads(parts, people, readers), SuggestionDoor(parts, people, readers)),
        _route(f"{V1}/team", TeamReads(parts, people, readers).loads),
        _route(f"{V1}/issues/{{number}}/actions", ActionReads(parts, people, readers).actions),
        _route(f"{V1}/issues/{{number}}/proof", ProofReads(parts, people, readers).proof),
        *_holidays(HolidayReads(parts, people, readers)),
        *_dashboards(DashboardReads(parts, people, readers)),
        _route(f"{V1}/dashboard/coverage", CoverageReads(parts, people, readers).coverage),
        _route(f"{V1}/today", TodayReads(parts, people, readers).today),
        _route(f"{V1}/plans", PlanReads(parts, people, readers).plans),
        *_choices(ChoiceReads(parts, people, readers)),
        _route(f"{V1}/me/offline-key", OfflineKeyDoor(parts, people).show),
        *_spot_checks(SpotCheckReads(parts, people, readers)),
        *audit_routes(parts, people, readers),
        _route(f"{V1}/bulletins", BulletinReads(parts, people, readers).bulletins),
        *_inbox(InboxDoor(parts, people, readers), NoticesDoor(parts, people, readers)),
        *_views(ViewsDoor(parts, people, readers)),
        *_log(LogTiles(parts, people, readers)),
    ]


def _writes(writes: Writes) -> list[Route]:
    to_issue = Route(f"{V1}/issues/{{number}}/{{command}}", Serving(writes.to_issue), methods=["POST"])
    new = [_route(f"{V1}/{name}", partial(writes.new, kind), "POST") for name, kind in OTHER_COMMANDS.items()]
    return [to_issue, *new]


def _appraisal(reads: AppraisalReads) -> list[Route]:
    """Before the ledgers by their names."""
    path = f"{V1}/ledgers/appraisal"
    return [_route(path, reads.accounts), _route(f"{path}/marks", reads.marks)]


def _reads(reads: Reads) -> list[Route]:
    return [
        _route(f"{V1}/issues", reads.issues),
        _route(f"{V1}/issues/{{number}}", reads.issue),
        _route(f"{V1}/issues/{{number}}/history", reads.history),
        _route(f"{V1}/meetings/{{id}}", reads.meeting),
        _route(f"{V1}/meetings/{{id}}/minutes", reads.minutes),
        _route(f"{V1}/funds/{{id}}", reads.fund),
        _route(f"{V1}/ledgers/{{name}}", reads.ledger),
    ]


def _exports(door: ExportDoor, jobs: ExportJobs) -> list[Route]:
    path = f"{V1}/exports"
    return [
        _route(path, jobs.ask, "POST"),
        _route(path, jobs.listed),
        _route(f"{path}/{{id}}", jobs.one),
        _route(f"{path}/{{id}}", jobs.cancel, "DELETE"),
        _route(f"{path}/{{id}}/file", jobs.file),
        _route(f"{V1}/ledgers/{{name}}/export", door.ledger),
        _route("/print.css", door.style),
    ]


def _meetings_and_funds(meetings: MeetingLists, funds: FundLists) -> list[Route]:
    return [
        _route(f"{V1}/meetings", meetings.meetings),
        _route(f"{V1}/meetings/{{id}}/items", meetings.items),
        _route(f"{V1}/funds", funds.funds),
        _route(f"{V1}/funds/{{id}}/projects", funds.projects),
        _route(f"{V1}/funds/{{id}}/what-if", funds.what_if),
    ]


def _files(door: FilesDoor) -> list[Route]:
    path = f"{V1}/issues/{{number}}/files/{{digest}}"
    of_check = f"{V1}/spot-checks/{{id}}/files/{{digest}}"
    return [
        _route(f"{V1}/files", door.upload, "POST"),
        _route(path, door.content),
        _route(f"{path}/preview", door.preview),
        _route(of_check, partial(door.of_check, CONTENT)),
        _route(f"{of_check}/preview", partial(door.of_check, PREVIEW)),
    ]


def _households(door: HouseholdDoor) -> list[Route]:
    path = f"{V1}/households/{{village}}/{{household}}"
    return [
        _route(f"{V1}/households", partial(door.act, RegisterHousehold), "POST"),
        _route(f"{V1}/households/search", door.search, "POST"),
        *(_route(f"{path}/{name}", partial(door.act, kind), "POST") for name, kind in HOUSEHOLD_COMMANDS.items()),
        _route(path, door.show),
        _route(f"{path}/looks", door.looks),
        _route(f"{path}/copy", door.copy),
    ]


def _organisation(reads: OrganisationReads) -> list[Route]:
    return [
        _route(f"{V1}/organisation", reads.organisation),
        _route(f"{V1}/organisation/history", reads.history),
    ]


def _beside_cases(reads: ClockReads, door: SuggestionDoor) -> list[Route]:
    return [
        _route(f"{V1}/issues/{{number}}/related", door.related),
        _route(f"{V1}/suggestions", door.for_draft, "POST"),
        _route(f"{V1}/issues/{{number}}/deadlines", reads.deadlines),
        _route(f"{V1}/issues/{{number}}/what-next", reads.what_next),
    ]


def _choices(reads: ChoiceReads) -> list[Route]:
    return [_route(f"{V1}/me/choices", reads.choices), _route(f"{V1}/people", reads.people)]


def _holidays(reads: HolidayReads) -> list[Route]:
    return [
        _route(f"{V1}/holidays/{{year}}", reads.year),
        _route(f"{V1}/holidays/{{year}}/affected", reads.affected),
    ]


def _spot_checks(reads: SpotCheckReads) -> list[Route]:
    return [_route(f"{V1}/spot-checks", reads.checks), _route(f"{V1}/spot-checks/{{id}}", reads.check)]


def _inbox(door: InboxDoor, notices: NoticesDoor) -> list[Route]:
    return [
        _route(f"{V1}/inbox", door.page),
        _route(f"{V1}/inbox/read", door.mark, "POST"),
        _route(f"{V1}/me/notices", notices.show),
        _route(f"{V1}/me/notices", notices.replace, "PUT"),
    ]


def _views(views: ViewsDoor) -> list[Route]:
    path = f"{V1}/me/views"
    return [_route(path, views.show), _route(path, views.keep, "PUT"), _route(path, views.drop, "DELETE")]


def _log(tiles: LogTiles) -> list[Route]:
    path = f"{V1}/log"
    return [_route(f"{path}/checkpoint", tiles.checkpoint), _route(f"{path}/tile/{{tile:path}}", tiles.tile)]


def _dashboards(reads: DashboardReads) -> list[Route]:
    path = f"{V1}/dashboard"
    return [_route(path, reads.dashboard), _route(f"{path}/table", reads.table), _route(f"{path}/months", reads.months)]


def _sessions(signing_in: SigningIn, oidc: OidcDoor) -> list[Route]:
    return [
        _route(f"{V1}/session", signing_in.log_in, "POST"),
        _route(f"{V1}/session", signing_in.who),
        _route(f"{V1}/session", signing_in.log_out, "DELETE"),
        _route(f"{V1}/sessions", signing_in.sessions),
        _route(f"{V1}/sessions", signing_in.log_out_everywhere, "DELETE"),
        _route(f"{V1}/password", signing_in.change_password, "POST"),
        _route("/login/oidc", oidc.set_out),
        _route(CALLBACK, oidc.come_back),
    ]


def _for_everybody(door: ReceiptDoor, public: Board, site: SiteFacts) -> list[Route]:
    acts = [_route(f"{V1}/receipts/{{code}}/{act}", partial(door.act, act), "POST") for act in ACTS]
    rights = [_route(f"{V1}/receipts/{{code}}/{right}", partial(door.claim, right), "POST") for right in RIGHTS]
    return [
        _route(f"{V1}/notice-board", public.board),
        _route(f"{V1}/site", site.site),
        _route(f"{V1}/receipts/{{code}}", door.show),
        _route(f"{V1}/receipts/{{code}}/details", door.details, "POST"),
        _route(f"{V1}/receipts/{{code}}/file", door.file, "POST"),
        *acts,
        *rights,
    ]


def _open_to_all(state: State, pages: Pages) -> list[Route]:
    return [
        _route("/api/docs", pages.docs),
        _route("/api/docs.css", pages.style),
        _route("/api/openapi.json", pages.openapi),
        _route("/healthz", state.alive),
        _route("/readyz", state.ready),
        _route("/metrics", state.metrics),
    ]


def _route(path: str, handler: Handler, method: str = "GET") -> Route:
    """A route that bears its own path in metrics and logs."""
    return Route(path, Serving(handler, f"{method} {path}"), methods=[method])
