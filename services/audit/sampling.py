"""Was this sample drawn as the log says? Every figure of the record beside the same one made again from the sealed log.

Called by `huiyin audit sample --verify` and the API; how it is drawn, to the byte, stands in domain/audit/sampling.py.
"""

from collections.abc import Callable
from dataclasses import asdict

from domain.audit.sampling import Criteria, SampleBasis, sample_from
from domain.audit.state import AuditSample
from services.spot_checks import Compared

_NAMES = ("head", "head_hash", "seed", "counted", "digest", "items")


def drawn_again(sample: AuditSample, sample_basis: Callable[[Criteria], SampleBasis | None]) -> list[Compared]:
    """The figures of a sample's draw; empty where nothing was drawn. Raises OperationalError."""
    drawn = sample.drawn
    if drawn is None:
        return []
    basis = sample_basis(sample.criteria)
    made = {}
    if basis is not None:
        again = sample_from(basis, sample.sample_id, sample.asked.number)
        made = {"head": basis.head, "head_hash": basis.head.hash, **asdict(again)}
    return [Compared(name, getattr(drawn, name), made.get(name)) for name in _NAMES]
