"""What a plan asks of appraisal 考核: `[appraisal]` of a plan file. None: this plan asks for none, and nobody is named.

The figures are there under every plan (projections/appraisal.py). A plan sets no weights: satisfaction goes before
punctuality, and both are shown with what they were made of.
"""

from typing import Annotated

from pydantic import Field

from domain.periods import Cycle
from domain.values import Line, Value


class Appraisal(Value):
    """考核 Who did well is named, and what was left undone is put to whoever left it."""

    basis: Line = Field(description="依据（要求的条目，如 LL11） the row of the requirements that asks for it")
    per: Cycle = Field(description="考核周期 how long a period is")
    least_ratings: Annotated[int, Field(strict=True, ge=1, le=1_000)] = Field(
        description="有效评价至少多少件才排名 ratings that say something, without which nobody is ranked"
    )
