"""What all pages share: templates that escape everything, a policy without scripts, and the reader's language."""

import re
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

PAGE_POLICY: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_LANGUAGE: Final = re.compile(r"\s*(zh|en)\b", re.IGNORECASE)
TEMPLATES: Final = Environment(
    loader=PackageLoader("services.api.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def preferred_language(accepted: str) -> str:
    """`en` if it is asked for before Chinese, else `zh-CN`; weights are not weighed."""
    found = (_LANGUAGE.match(part) for part in accepted.split(","))
    first = next((match[1].lower() for match in found if match), "zh")
    return "en" if first == "en" else "zh-CN"
