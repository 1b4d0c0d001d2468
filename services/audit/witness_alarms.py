"""Does a witness refuse, or say nothing? In words for `huiyin doctor`, and as numbers for /metrics."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import psycopg
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from projections.cosignatures import WitnessState, states
from services.audit.witness_list import WitnessAt
from services.persistence.server_check import Finding

_WHY: Final = {
    "ahead": (
        "它见过比本日志更长的日志：本日志可能被回退或以旧备份恢复",
        "it has seen more of the log than there is here: the log may have been put back to an older state",
    ),
    "other-root": (
        "它见过同样长度、内容不同的日志：日志可能有两个版本",
        "it has seen another log of the same length: there may be two versions of it",
    ),
    "inconsistent": (
        "本日志不是它见过的日志的延续：此前的记录可能被改动",
        "the log does not go on from what it has seen: something recorded before may have been changed",
    ),
    "not-signed": (
        "它不认可本日志的签名密钥：请核对对方登记的公钥",
        "it does not trust the log's key: compare the key that it was given",
    ),
    "unknown-log": (
        "它没有登记本日志：请对方执行 huiyin witness trust",
        "it does not know the log: its office has to run `huiyin witness trust`",
    ),
}
_MISBEHAVED: Final = ("ahead", "other-root", "inconsistent")


def findings_of_witnesses(
    connection: psycopg.Connection, witnesses: Sequence[WitnessAt], silent_after: timedelta, now: datetime
) -> list[Finding]:
    """One for each witness that refuses or is silent."""
    known = states(connection) if witnesses else {}
    found = (_finding(it.key.name, known.get(it.id), silent_after, now) for it in witnesses)
    return [it for it in found if it]


def _finding(name: str, state: WitnessState | None, silent_after: timedelta, now: datetime) -> Finding | None:
    if state and state.refusal:
        return _refuses(name, state.refusal)
    if state and state.cosigned_at and now - state.cosigned_at <= silent_after:
        return None
    minutes = int(silent_after.total_seconds()) // 60
    return Finding(
        "witness-silent",
        zh=f"见证 {name} 已超过 {minutes} 分钟没有见证本日志。办理不受影响；请确认网络，并联系对方单位。",
        en=f"The witness {name} cosigned nothing in {minutes} minutes. Work goes on; check the line, ask its office.",
    )


def _refuses(name: str, refusal: str) -> Finding:
    zh, en = _WHY[refusal]
    if refusal in _MISBEHAVED:
        zh, en = f"{zh}。请立即报告督查部门，不要改动任何数据", f"{en}. Tell the auditors at once, and change nothing"
    return Finding("witness-refuses", zh=f"见证 {name} 拒绝见证：{zh}。", en=f"The witness {name} refuses: {en}.")


def witness_metrics(connection: psycopg.Connection, witnesses: Sequence[WitnessAt], now: datetime) -> bytes:
    """In Prometheus's text format: the age of the last cosignature (seconds; none before the first), and refusals."""
    registry, known = CollectorRegistry(), states(connection)
    age = Gauge("huiyin_witness_cosigned_seconds", "Age of the last cosignature", ("witness",), registry=registry)
    refuses = Gauge("huiyin_witness_refuses", "1 while the witness refuses", ("witness",), registry=registry)
    for it in witnesses:
        state = known.get(it.id)
        refuses.labels(it.key.name).set(1 if state and state.refusal else 0)
        if state and state.cosigned_at:
            age.labels(it.key.name).set((now - state.cosigned_at).total_seconds())
    return generate_latest(registry)
