"""What may a phone keep of these pages while there is no line? Forms without anything of a case (decision 0035)."""

from typing import Final

KEPT_PAGES: Final = ("/issues/new", "/visits/new", "/offline")
KEPT_HOURS: Final = 12
"""As long as the longest session: then the phone's key is gone as well."""
