"""Pages that need no log-in are fit for everybody: on both screens, in both languages, by axe-core's rules."""

import pytest

from tests.support.browsing import Somebody

pytestmark = pytest.mark.slow


def test_the_first_page_is_fit_for_everybody(anybody: Somebody) -> None:
    anybody.go("/")
    anybody.look("first")


def test_the_description_of_the_api_is_fit_for_everybody(phone: Somebody) -> None:
    phone.go("/api/docs")
    phone.look("docs")
