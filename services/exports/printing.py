"""Forms, replies, bulletins, minutes and cards as pages for paper: what a browser prints, and what becomes a PDF.

A page for a file carries its stylesheet; one that the site serves links to it (STYLESHEET), for there the policy allows
no style but the site's own. Everything that people wrote is escaped.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import IO, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from services.exports.paper import Paper

Rows = Iterable[Sequence[str]]

STYLESHEET: Final = "/print.css"
"""Where the site serves it."""
_TEMPLATES: Final = Environment(
    loader=PackageLoader("services.exports"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def form_page(paper: Paper, rows: Rows) -> str:
    """A form as one page that carries its stylesheet."""
    return page("form.html", paper=paper, rows=rows)


def write_page(paper: Paper, rows: Rows, file: IO[bytes], *, stylesheet: str | None = None) -> None:
    """The same into a file, row by row. `stylesheet`: where the site serves it; None: in the page itself."""
    template = _TEMPLATES.get_template("form.html")
    for piece in template.generate(paper=paper, rows=rows, **_styled(stylesheet)):
        file.write(piece.encode())


def page(template: str, *, stylesheet: str | None = None, **shown: Any) -> str:
    """Any of the templates filled in."""
    return _TEMPLATES.get_template(template).render(**shown, **_styled(stylesheet))


@cache
def style() -> str:
    """The stylesheet of all printed pages."""
    return _TEMPLATES.get_template("print.css").render()


def _styled(stylesheet: str | None) -> dict[str, str | None]:
    return {"stylesheet": stylesheet, "style": None if stylesheet else style()}
