"""Which parts of a text may be a telephone number? Masked for those who check the work but call nobody."""

import re
from typing import Final

# Seven digits or more, also full-width or Chinese ones, with at most three spaces, marks or brackets between two.
# Dates, issue numbers and amounts in thousands are left: the year, or groups of three, give them away.
_DIGIT: Final = r"[0-9\uff10-\uff19〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两]"
_YEAR: Final = r"(?<![0-9])(?:19|20)[0-9]{2}"
_BETWEEN: Final = r"[ .\-/,，、()（）\u2010-\u2015\u3000]{0,3}"
_LEFT: Final = (
    rf"{_YEAR}[-/.][01]?[0-9][-/.][0-3]?[0-9](?![0-9])|[A-Z][A-Z0-9]{{0,15}}-{_YEAR}-[0-9]{{4,5}}(?![0-9])"
    r"|(?<![0-9])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9,])"
)
_NUMBER: Final = re.compile(rf"(?P<left>{_LEFT})|{_DIGIT}(?:{_BETWEEN}{_DIGIT}){{6,}}")
MASKED: Final = "＊＊＊＊"


def masked(text: str) -> str:
    """The text without anything like a telephone number."""
    return _NUMBER.sub(lambda found: found["left"] or MASKED, text)
