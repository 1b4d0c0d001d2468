"""What a superuser of the database could try; which check catches it, or why none can. test_tamperings.py does each.

docs/for-auditors.md (section 9) has the same rows.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from tests.services.audit.deeds import (
    ANEW,
    AT,
    NO_TREE,
    Deed,
    appended,
    cut,
    edited,
    forgets,
    goes_on,
    look_back,
    photo_of,
    shifted,
    signed_by_another_key,
    sql,
    then,
)
from tests.support.audited import Township


@dataclass(frozen=True, slots=True)
class Tampering:
    """`caught_by`: exactly the checks that name it; none: it is not caught, and `why`. `saved`: the auditor has one."""

    en: str
    zh: str
    deed: Deed
    caught_by: str = ""
    why: str = ""
    saved: bool = True


def _edits_photo(township: Township) -> None:
    path = photo_of(township)
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def _edits_photo_and_row(township: Township) -> None:
    _edits_photo(township)
    digest = sha256(photo_of(township).read_bytes()).hexdigest()
    township.superuser(f"update file set digest = '{digest}'")


def _shows_two_views(township: Township) -> None:
    """The auditor was shown this; from position 18 on somebody else is shown something else, as long, signed alike."""
    township.saved.write_text(township.latest)
    then(cut(18), forgets, goes_on, *(look_back(person) for person in ("a1", "a2", "a3", "a4")))(township)


_PAID_BY_ANOTHER: Final = edited('"user":"finance"', '"user":"chen"', 12)
_OF_SECOND: Final = " where {} = (select issue_id from issue_number where serial = 2)"
_ELSEWHERE: Final = "'99999999-2222-4333-8444-555555555555'"
_SWAPPED_CONTENTS: Final = (
    "update ledger_events as one set state = other.state from ledger_events as other, seal as a, seal as b"
    " where one.notification_id = a.notification_id and other.notification_id = b.notification_id"
    " and (a.position, b.position) in ((15, 17), (17, 15))"
)
_SWAPPED_IDS: Final = (
    "update ledger_events set notification_id = -notification_id"
    " where notification_id in (select notification_id from seal where position in (8, 12))",
    "update ledger_events set notification_id = notification_id"
    " + (select sum(notification_id) from seal where position in (8, 12)) where notification_id < 0",
)
_REWOUND: Final = (
    "delete from checkpoint where size > 14",
    "update tree_tile set hashes = substr(hashes, 1, 14 * 32)",
    "update follower_position set position = 13 where name like 'tree%'",
)

TAMPERINGS: Final = (
    Tampering(
        "edit a stored event", "改动一条记录", edited('"user":"handler"', '"user":"lead"', 15), "roots four_eyes"
    ),
    Tampering(
        "edit what kind of event it is",
        "改动记录的种类",
        sql("update ledger_events set topic = 'issue.closed'" + AT.format(19)),
        "roots order",
    ),
    Tampering(
        "edit the time at which it was recorded",
        "改动记录时间",
        sql("update ledger_events set recorded_at = recorded_at - interval '1 minute'" + AT.format(16)),
        "roots",
    ),
    Tampering(
        "delete an event in the middle",
        "删除中间一条",
        sql("delete from ledger_events" + AT.format(16)),
        "roots order four_eyes commands",
    ),
    Tampering(
        "delete the last records, of which an auditor holds a checkpoint",
        "删除末尾记录（督查持有其检查点）",
        then(cut(10), forgets, goes_on),
        "saved",
    ),
    Tampering(
        "delete the last records, newer than what any auditor holds",
        "删除末尾记录（晚于督查所持检查点）",
        cut(18),
        "signatures roots",
    ),
    Tampering(
        "the same, and what the key remembers beside it",
        "同上，并清除密钥旁的记忆",
        then(cut(18), forgets, goes_on),
        why="nothing outside knows of them: take checkpoints away often, let a witness cosign; the household's receipt"
        " names its place. 外部无人持有凭据：应常取检查点、由见证方会签；群众回执载有其位置。",
    ),
    Tampering(
        "truncate the log",
        "清空日志",
        sql("delete from ledger_events", "delete from seal"),
        "roots saved numbers commands",
    ),
    Tampering("put an event in between", "在中间插入一条", shifted(15), "roots order commands"),
    Tampering(
        "add an event that claims to be recorded long ago",
        "追加一条倒签的记录",
        then(sql(appended(20, recorded="clock_timestamp() - interval '30 days'")), goes_on),
        "times commands",
    ),
    Tampering(
        "add an event that happened after it was recorded",
        "追加一条发生在记录之后的记录",
        look_back("auditor", ahead=timedelta(days=1)),
        "times",
    ),
    Tampering(
        "exchange two positions",
        "调换两个位置",
        sql(
            "update seal set position = position + 1000 where position in (15, 16)",
            "update seal set position = 1031 - position where position >= 1000",
        ),
        "roots order",
    ),
    Tampering(
        "exchange the inner ids of two events", "调换两条记录的内部编号", sql(*_SWAPPED_IDS), "roots saved order"
    ),
    Tampering(
        "renumber the inner ids of all events",
        "整体改动内部编号",
        sql(*(f"update {it} set notification_id = notification_id + 1000" for it in ("ledger_events", "seal"))),
        why="nothing is changed by it: positions are what is proved, and they stay. 位置未变，所证内容不受影响。",
    ),
    Tampering("swap the contents of two events", "对调两条记录的内容", sql(_SWAPPED_CONTENTS), "roots order"),
    Tampering(
        "move an event to another issue",
        "把一条记录移到另一件",
        sql(
            "update ledger_events set originator_version = 10, originator_id ="
            " (select issue_id from issue_number where serial = 1)" + AT.format(20)
        ),
        "roots commands",
    ),
    Tampering(
        "rename an issue's stream everywhere",
        "把一件整体改换内部身份",
        sql(
            *(
                f"update {table} set originator_id = {_ELSEWHERE}" + _OF_SECOND.format("originator_id")
                for table in ("ledger_events", "command_log")
            ),
            f"update issue_number set issue_id = {_ELSEWHERE} where serial = 2",
        ),
        "roots",
    ),
    Tampering("add an event twice", "重复追加一条", then(sql(appended(20)), goes_on), "commands"),
    Tampering(
        "store an event past the sealer",
        "绕过编序写入一条",
        sql(appended(20, recorded="clock_timestamp() - interval '1 hour'")),
        "order",
    ),
    Tampering(
        "forge an approval by whoever had a hand in the case",
        "以经办人名义伪造审定",
        look_back("handler"),
        "four_eyes",
    ),
    Tampering(
        "forge an approval in another person's name",
        "以他人名义伪造审定",
        look_back("lead2"),
        why="it is a record like any other, proved from then on. Ask those who are named: each sees in the inbox and"
        " history what was done in their name. 与真实记录无异；应请被具名者核对其消息与办理经过。",
    ),
    Tampering(
        "never record what somebody reported",
        "群众反映后不予登记",
        sql(),
        why="nothing is there to be compared. A household without a receipt was not recorded; count paper forms."
        " 无记录可比；未取得回执即未登记，应核对纸质来件。",
    ),
    Tampering(
        "edit an event and make tree and checkpoints anew with another key",
        "改动记录并以另一密钥重建、重签",
        then(_PAID_BY_ANOTHER, NO_TREE, signed_by_another_key),
        "signatures roots saved",
    ),
    Tampering(
        "the same with the stolen key, where an auditor holds a checkpoint",
        "窃得密钥后改动并重签（督查持有检查点）",
        then(_PAID_BY_ANOTHER, ANEW),
        "saved",
    ),
    Tampering(
        "the same with the stolen key, before anybody took a checkpoint away",
        "窃得密钥后改动并重签（外部尚无检查点）",
        then(_PAID_BY_ANOTHER, ANEW),
        why="the log is then another one, signed as well as the first. Take a checkpoint away on the first day, let"
        " another office's witness cosign. 自首日起应外存检查点，并由另一单位见证会签。",
        saved=False,
    ),
    Tampering("show different logs to different people", "向不同的人出示不同日志", _shows_two_views, "saved"),
    Tampering("put tree and checkpoints back in time", "把存证树与检查点退回", sql(*_REWOUND), "signatures"),
    Tampering(
        "edit the tree",
        "改动存证树",
        sql("update tree_tile set hashes = overlay(hashes placing '\\x00' from 33) where level = 0"),
        "roots",
    ),
    Tampering(
        "delete the last checkpoint",
        "删除最新检查点",
        sql("delete from checkpoint where size > 14"),
        "signatures",
    ),
    Tampering(
        "delete an older checkpoint",
        "删除较早检查点",
        sql("delete from checkpoint where size = 14"),
        why="nothing is lost by it: a later one proves the same records, and whoever holds the older one can still use"
        " it. 较新的检查点仍可证明相同记录。",
    ),
    Tampering("edit a counter of numbers", "改动编号计数器", sql("update village_counter set last = 9"), "numbers"),
    Tampering("delete a number", "删除一个编号", sql("delete from issue_number where serial = 2"), "numbers"),
    Tampering(
        "give an issue another number",
        "更换编号",
        sql("update issue_number set serial = 4, number = 'QS-2026-0004' where serial = 2"),
        "numbers",
    ),
    Tampering(
        "delete a command",
        "删除一项请求",
        sql("delete from command_log where version = 3"),
        "commands",
    ),
    Tampering(
        "move a command to another stream",
        "改动请求的去向",
        sql(f"update command_log set originator_id = {_ELSEWHERE} where version = 3"),
        "commands",
    ),
    Tampering(
        "edit what a command is remembered to have asked",
        "改动请求的摘要",
        sql("update command_log set digest = '\\x00'"),
        why="a keyed digest, kept to tell a repeat from another request; no record follows from it."
        " 仅用于辨别重复请求，任何记录均不由其产生。",
    ),
    Tampering("edit a photo", "改动照片", _edits_photo, "files"),
    Tampering("delete a photo", "删除照片", lambda it: photo_of(it).unlink(), "files"),
    Tampering("exchange a photo and its row", "调换照片并改其登记", _edits_photo_and_row, "files"),
    Tampering(
        "edit a ledger",
        "改动台账",
        sql("update issue_ledger set stage = 'closed' where number like '%1'"),
        "read_models",
    ),
    Tampering(
        "delete a ledger's row", "删除台账一行", sql("delete from issue_ledger where number like '%1'"), "read_models"
    ),
)
"""Each is done to the whole township of tests/support/audited.py."""
