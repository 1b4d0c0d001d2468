"""The pages of committee, finance, departments and supervision: their routes. Joined by app.py."""

from starlette.routing import Route

from services.web.copies import CopyPages
from services.web.funds import FundPages
from services.web.inside import Inside
from services.web.ledgers import LedgerPages
from services.web.meeting_items import MeetingItemPages
from services.web.meetings import MeetingPages
from services.web.office import OfficePages
from services.web.paying import PayingPages
from services.web.rendering import Rendering
from services.web.routing import page
from services.web.supervision import SupervisionPages


def office_pages(inside: Inside, rendering: Rendering) -> list[Route]:
    """Their routes; those that name something come before those that take any name."""
    parts = inside, rendering
    return [
        *_meetings(MeetingPages(*parts), MeetingItemPages(*parts)),
        *_funds(FundPages(*parts), PayingPages(*parts)),
        *_supervision(SupervisionPages(*parts)),
        *_ledgers(LedgerPages(*parts), OfficePages(*parts)),
        *_copies(CopyPages(*parts)),
    ]


def _supervision(pages: SupervisionPages) -> list[Route]:
    checks = "/office/spot-checks"
    return [
        page(f"{checks}/new", pages.begin),
        page(f"{checks}/new", pages.begun, "POST"),
        page(f"{checks}/{{id}}/{{act}}", pages.ask),
        page(f"{checks}/{{id}}/{{act}}", pages.act, "POST"),
        page("/office/bulletins/issue", pages.issue, "POST"),
    ]


def _copies(copies: CopyPages) -> list[Route]:
    return [
        page("/ledgers/{name}/copy", copies.take, "POST"),
        page("/exports", copies.listed),
        page("/exports/{id}/cancel", copies.cancel, "POST"),
    ]


def _ledgers(ledgers: LedgerPages, office: OfficePages) -> list[Route]:
    return [
        page("/ledgers", ledgers.listed),
        page("/ledgers/{name}", ledgers.shown),
        page("/department", office.department),
        page("/office", office.start),
        page("/office/spot-checks", office.spot_checks),
        page("/office/spot-checks/{id}", office.spot_check),
        page("/office/bulletins", office.bulletins),
        page("/office/plans", office.plans),
        page("/office/organisation", office.organisation),
        page("/office/holidays/{year}", office.holidays),
    ]


def _funds(funds: FundPages, paying: PayingPages) -> list[Route]:
    return [
        page("/funds", funds.listed),
        page("/funds", funds.set_budget, "POST"),
        page("/funds/to-pay", paying.shown),
        page("/funds/to-pay/{number}/{act}", paying.act, "POST"),
        page("/funds/{id}", funds.shown),
        page("/funds/{id}/{act}", funds.act, "POST"),
    ]


def _meetings(meetings: MeetingPages, items: MeetingItemPages) -> list[Route]:
    one = "/meetings/{id}"
    return [
        page("/meetings", meetings.listed),
        page("/meetings", meetings.convene, "POST"),
        page(one, meetings.shown),
        page(f"{one}/papers", meetings.papers),
        page(f"{one}/minutes", meetings.minutes),
        page(f"{one}/items/{{number}}", items.shown),
        page(f"{one}/items/{{number}}/{{act}}", items.act, "POST"),
        page(f"{one}/{{act}}", meetings.act, "POST"),
    ]
