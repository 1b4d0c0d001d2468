"""Which sentences does a verification say? What is wrong, what it means and what to do next, in Chinese and English."""

from typing import Final, NamedTuple


class Words(NamedTuple):
    """One kind of fault. What is wrong; what it means; both languages."""

    zh: str
    en: str
    means_zh: str
    means_en: str


QUESTIONS: Final = {
    "signatures": ("检查点是否都由日志密钥签署？", "Did the log's key sign every checkpoint?"),
    "roots": ("记录、存证树与每个检查点是否相符？", "Do records, tree and every checkpoint agree?"),
    "saved": ("日志是否以您保存的检查点为开头？", "Does the log begin with what you saved?"),
    "order": ("位置、版本是否连续，记录是否都可读？", "Are positions and versions dense, and every record readable?"),
    "times": ("记录时间是否可信？", "Are the times plausible, and not after their proof?"),
    "four_eyes": ("提出与审定是否都为不同的人？", "Was every approval given by another person?"),
    "numbers": ("编号是否连续，且与记录相符？", "Are numbers without gaps, and those of the records?"),
    "commands": ("每条记录是否都有其请求？", "Does every record have its command?"),
    "read_models": ("台账是否与按日志重建的一致？", "Are the ledgers what the log makes of them?"),
    "files": ("照片与文件是否齐全、未被改动？", "Are photos and papers there, unaltered?"),
    "workflows": ("流程是否与日志所载一致？", "Do the workflows stand where the log says?"),
}
"""Each check's question, in the order in which they are told."""

_CHANGED = ("日志在记录之后被改动过。", "The log was changed after it was written.")
_DATABASE = ("有人绕过系统直接改动了数据库。", "Somebody changed the database, past the system.")
_FORGED = ("记录不是由系统写入的，或已被改动。", "The record was not written by the system, or was changed.")
_COPY = ("日志本身不受影响；台账可由日志重建。", "The log is not touched by this; ledgers are made again from it.")

KINDS: Final = {
    "signature-bad": Words("检查点不是日志密钥所签", "the checkpoint is not signed by the log's key", *_DATABASE),
    "checkpoint-unreadable": Words("检查点无法读取", "the checkpoint cannot be read", *_DATABASE),
    "checkpoint-missing": Words(
        "密钥记得签署过的检查点，数据库中没有",
        "a checkpoint that the key remembers is not in the database",
        "数据库被退回到较早状态，或检查点被删除。",
        "The database was put back to an earlier state, or checkpoints were removed.",
    ),
    "cosignature-bad": Words("见证签名不成立", "a witness's signature does not verify", *_DATABASE),
    "record-changed": Words("记录不是当初签入存证树的内容", "the record is not what went into the tree", *_CHANGED),
    "record-missing": Words("此位置的记录已不存在", "the record of this position is gone", *_CHANGED),
    "tile-changed": Words("存证树的数据块与记录不符", "a tile of the tree is not what the records make", *_DATABASE),
    "root-differs": Words(
        "自上一相符的检查点起，此段记录与所签的根不符",
        "the records since the last checkpoint that agrees do not make the signed root",
        "此段中有记录被改动、插入、删除或调换，存证树亦被一并改写。",
        "Records of this range were changed, put in, taken out or moved, and the tree was written anew.",
    ),
    "log-shorter": Words(
        "日志比已签检查点短",
        "the log is shorter than a signed checkpoint",
        "末尾的记录被删除，或数据库以旧备份恢复。",
        "The last records were taken out, or the database was restored from an old backup.",
    ),
    "other-history": Words(
        "日志不以您保存的检查点为开头",
        "the log does not begin with what your checkpoint says",
        "出示给您的不是同一部日志：历史被改写，或向不同的人出示不同的日志。",
        "This is not the log that you were shown before: history was written anew, or different people see other logs.",
    ),
    "foreign-checkpoint": Words(
        "您保存的检查点不是此密钥所签",
        "the checkpoint that you saved is not signed by this key",
        "密钥或检查点属于另一部日志，或日志被换成另一部。",
        "Key or checkpoint are of another log, or the log was exchanged for another.",
    ),
    "position-missing": Words("位置不连续", "positions are not dense", *_CHANGED),
    "record-unsealed": Words(
        "已存记录长时间没有位置",
        "a stored record never got a position",
        "记录被直接写入数据库，或编序程序停止。",
        "It was put into the database past the sealer, or the sealer stands still (huiyin doctor).",
    ),
    "version-gap": Words("本件的版本不连续或次序不对", "versions of this stream are not 1, 2, 3 in order", *_CHANGED),
    "record-unreadable": Words("记录无法读取", "the record cannot be read", *_FORGED),
    "history-broken": Words("记录与之前的经过不相承接", "the record does not follow from those before", *_FORGED),
    "recorded-after-proof": Words(
        "记录时间晚于覆盖它的检查点", "it claims to be recorded after the checkpoint that covers it", *_CHANGED
    ),
    "recorded-out-of-order": Words(
        "记录时间远早于前面的记录",
        "it claims to be recorded long before the records in front of it",
        "记录被倒签插入，或服务器时钟被拨动。",
        "It was put in with an earlier time, or the server's clock was moved.",
    ),
    "recorded-in-future": Words("记录时间在将来", "it claims to be recorded in the future", *_FORGED),
    "happened-after-recorded": Words(
        "发生时间晚于记录时间", "it claims to have happened after it was recorded", *_FORGED
    ),
    "happened-too-early": Words(
        "发生时间早于登记或 1949 年 10 月 1 日", "it claims to have happened before the case, or before 1949", *_FORGED
    ),
    "same-person": Words(
        "提出与审定为同一人",
        "whoever proposed or did it approved it",
        "系统不会写入这样的记录；它是直接写入数据库的。",
        "The system never writes this: it was put into the database past it.",
    ),
    "number-gap": Words("村年编号不连续", "numbers of the village and year have a gap", *_DATABASE),
    "number-differs": Words("编号与登记记录不符", "the number is not that of the record that logged it", *_DATABASE),
    "number-missing": Words("登记记录没有编号", "an issue was logged that has no number", *_DATABASE),
    "number-of-nothing": Words(
        "编号没有登记记录",
        "a number belongs to no record",
        "这一件的记录被删除，或编号被直接写入。",
        "The records of this issue were taken out, or the number was put in.",
    ),
    "counter-differs": Words("计数器与最后编号不符", "the counter is not the last number given out", *_DATABASE),
    "command-missing": Words("记录没有对应的请求", "no command is known for the record", *_FORGED),
    "command-elsewhere": Words("记录不是其请求当时写入的", "the record is not among what its command wrote", *_FORGED),
    "command-of-nothing": Words("请求所写的记录不存在", "what a command wrote is not there", *_CHANGED),
    "rows-differ": Words("台账与重建结果不同", "the ledger is not what the log makes", *_COPY),
    "file-missing": Words("文件缺失", "a file is missing", *_DATABASE),
    "file-altered": Words("文件被改动", "a file was altered", *_DATABASE),
    "file-unknown": Words("记录提到的文件从未上传", "a record names a file that was never taken in", *_DATABASE),
    "workflow-missing": Words(
        "未结的问题没有流程",
        "an open issue has no workflow",
        "期限无人跟催；历史不受影响。",
        "Nobody waits for its dates; the history is not touched by this.",
    ),
    "workflow-differs": Words(
        "流程所在环节与日志不同",
        "the workflow stands elsewhere than the log",
        "流程没有得知最近的记录；历史不受影响。",
        "It was not told of the latest records; the history is not touched by this.",
    ),
    "workflow-left": Words(
        "已终结的问题仍有流程", "a workflow runs for what has ended or never was", "流程多余。", "It is one too many."
    ),
}
"""Fault.kind -> its words."""

_SEIZE: Final = (
    "请保留数据库与本次结果，不要修复，立即报告督查部门；用外存的检查点确定改动范围。",
    "Keep the database and this result as they are, mend nothing, and tell the auditors' office at once; checkpoints"
    " kept elsewhere show how far back it goes.",
)
WHAT_TO_DO: Final = {
    "read_models": (
        "请执行 huiyin rebuild 台账名；查明何人直接改了数据库。",
        "Run huiyin rebuild NAME, and find out who wrote to the database.",
    ),
    "files": ("请从备份取回文件；查明何人改动。", "Bring the file back from a backup, and find out who changed it."),
    "workflows": ("请执行 huiyin rebuild workflows。", "Run huiyin rebuild workflows."),
}


def what_to_do(check: str) -> tuple[str, str]:
    """What to do when this check found something: Chinese, English."""
    return WHAT_TO_DO.get(check, _SEIZE)
