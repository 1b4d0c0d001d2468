"""What does a notice say? Counts, numbers, due times and where to look; no word of a household, nobody's name."""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from domain.values import LOCAL_ZONE
from projections.inbox import Notice
from projections.inbox_sentences import SENTENCES

_NAMESPACE: Final = UUID("0d6f7c1e-2a54-4a53-9a0e-6f1f7c0b8a55")
LISTED: Final = 20
"""So many are told one by one; of the others how many there are."""


class Digest(NamedTuple):
    """One message. `id` stays the same until it was delivered, so that a receiver can tell a repeat."""

    id: UUID
    title: str
    body: str


def digest_of(target: int, since: int, notices: Sequence[Notice], count: int, link: str) -> Digest:
    """`notices`: the newest of `count` that were told after the position `since`."""
    title = f"回音：{count} 条新消息 Huiyin: {count} new"
    kinds = Counter(notice.kind for notice in notices)
    totals = "；".join(f"{SENTENCES[kind].zh} {number}" for kind, number in kinds.most_common())
    lines = [_line(notice) for notice in notices[:LISTED]]
    more = [f"…… 另有 {count - LISTED} 条 and {count - LISTED} more"] if count > LISTED else []
    named = uuid5(_NAMESPACE, f"{target}/{since}")
    body = "\n".join([totals, *lines, *more, f"请登录查看 Look here: {link}", f"消息编号 id: {named}"])
    return Digest(named, title, body)


def _line(notice: Notice) -> str:
    due = "" if notice.due_at is None else f"，{notice.due_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M} 到期 due"
    return f"· {notice.number or ''} {notice.zh} {notice.en}{due}".replace("·  ", "· ")
