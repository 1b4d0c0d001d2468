"""Which plans are in force? The book of adopted plans, made anew only when one was adopted or a township renamed.

Joined to the office by the bootstrap; a command costs no query, for the directory looks once a second at most.
"""

from domain.adoption.book import PlanBook, book_of
from domain.plan import Plan
from services.persistence.directory import OrganisationDirectory


class AdoptedPlans:
    """Gives the `PlanBook` of this moment. Safe to call from several threads."""

    def __init__(self, directory: OrganisationDirectory, fallback: Plan) -> None:
        """`fallback` is in force until something is adopted; the directory knows townships by earlier names too."""
        self._directory = directory
        self._fallback = fallback
        self._made: tuple[tuple[int, int], PlanBook] | None = None

    def __call__(self) -> PlanBook:
        """The book. Raises the library's OperationalError if nothing is known yet."""
        adoptions, organisation = self._directory.adoptions(), self._directory.organisation()
        made_of = (adoptions.version, organisation.version)
        made = self._made
        if made is None or made[0] != made_of:
            made = self._made = (made_of, book_of(adoptions, self._fallback, organisation.names_of_township))
        return made[1]
