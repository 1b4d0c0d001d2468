"""Does this bulletin say what the log says? Its figures beside the same ones drawn up again at the same position.

Called by `huiyin bulletin verify`; a correction is compared like the bulletin itself.
"""

from collections.abc import Callable

from domain.bulletin.decide import asked_of
from domain.bulletin.figures import Asked, Drawn
from domain.bulletin.state import Bulletin
from services.spot_checks import Compared


def drawn_up_again(bulletin: Bulletin, again: Callable[[Asked, int], Drawn | None]) -> list[Compared]:
    """Head and every line of figures, of the bulletin and of each correction. Raises OperationalError."""
    asked, compared = asked_of(bulletin), list[Compared]()
    for made in (bulletin.drawn, *bulletin.corrections):
        if made is None:
            continue
        found = again(asked, made.head.position)
        lines = {line.place: line for line in found.figures.places} if found else {}
        compared.append(Compared("head", made.head, found and found.head))
        compared += (Compared(line.place, line, lines.get(line.place)) for line in made.figures.places)
        compared.append(Compared("late", made.figures.late, found and found.figures.late))
    return compared
