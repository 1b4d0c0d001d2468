"""The pages of everybody and of one's own account: their routes. Joined by app.py."""

from collections.abc import Sequence
from functools import partial

from starlette.routing import Route

from services.web.accounts import AccountPages
from services.web.board import BoardPages
from services.web.front import FrontPage
from services.web.household import SAYINGS, ReceiptPages
from services.web.inside import Inside
from services.web.rendering import Rendering
from services.web.routing import page
from services.web.signing_in import SigningInPages
from services.web.starting import StartingPage


def public_pages(inside: Inside, rendering: Rendering) -> Sequence[Route]:
    """The front page, receipts, the notice board; coming in and going; one's own account."""
    front, board = FrontPage(inside, rendering), BoardPages(inside, rendering)
    return [
        page("/", StartingPage(inside, front.front).start),
        page("/receipt", front.find, "POST"),
        page("/board", board.board),
        page("/board/{village}", board.board),
        *_of_receipts(ReceiptPages(inside, rendering)),
        *_of_signing_in(SigningInPages(inside, rendering)),
        *_of_accounts(AccountPages(inside, rendering)),
    ]


def _of_receipts(pages: ReceiptPages) -> list[Route]:
    acts = [page(f"/r/{{code}}/{act}", partial(pages.say, act), "POST") for act in SAYINGS]
    return [
        page("/r/{code}", pages.show),
        page("/r/{code}/slip", pages.slip),
        page("/r/{code}/proof", pages.proof),
        page("/r/{code}/details", pages.words, "POST"),
        page("/r/{code}/file", pages.file, "POST"),
        page("/r/{code}/export", pages.copy, "POST"),
        *acts,
    ]


def _of_signing_in(pages: SigningInPages) -> list[Route]:
    return [
        page("/login", pages.ask),
        page("/login", pages.log_in, "POST"),
        page("/logout", pages.log_out, "POST"),
        page("/language", pages.choose_language, "POST"),
        page("/post", pages.choose_post, "POST"),
    ]


def _of_accounts(pages: AccountPages) -> list[Route]:
    return [
        page("/account", pages.show),
        page("/account/password", pages.ask_password),
        page("/account/password", pages.change_password, "POST"),
        page("/account/notices", pages.set_notices, "POST"),
        page("/account/sessions", pages.log_out_everywhere, "POST"),
    ]
