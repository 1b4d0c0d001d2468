#!/usr/bin/env python3
"""Verifies a bundle of `huiyin audit bundle` anywhere, without a server. It needs Python 3.11 and `cryptography`.

    python verify_bundle.py BUNDLE.zip --trust log.pub [--since saved.checkpoint ...] [--witness witness.pub ...]

Status 0: nothing wrong; 1: a fault; 2: mistyped. This file shares nothing with the program whose log it checks; the
formats are C2SP tlog-checkpoint, signed-note, tlog-cosignature and the tree of RFC 6962.

离线核验 `huiyin audit bundle` 导出的文件，不需要服务器。本脚本与被核验的程序没有共用代码。
"""

import argparse
import base64
import hashlib
import json
import struct
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STRAY = timedelta(minutes=10)  # a transaction may last so long; clocks may differ by a little
# Approval -> what it approves or judges. "latest": the last of these before it; "every": each one before it.
APPROVALS = {
    "issue.accepted": ("latest", ["issue.escalated"]),
    "issue.submission_signed": ("latest", ["issue.submission_prepared"]),
    "issue.submission_sent_back": ("latest", ["issue.submission_prepared"]),
    "issue.submission_approved": ("latest", ["issue.submission_prepared"]),
    "issue.submission_declined": ("latest", ["issue.submission_prepared"]),
    "issue.submission_deferred": ("latest", ["issue.submission_prepared"]),
    "issue.submission_returned": ("latest", ["issue.submission_prepared"]),
    "issue.funding_granted": ("latest", ["issue.submission_prepared"]),
    "issue.tranche_paid": ("latest", ["issue.submission_prepared", "issue.funding_granted"]),
    "issue.extension_granted": ("latest", ["issue.extension_requested"]),
    "issue.extension_refused": ("latest", ["issue.extension_requested"]),
    "issue.works_accepted": ("every", ["issue.works_completed", "issue.progress_reported"]),
    "issue.rework_ordered": ("every", ["issue.works_completed", "issue.progress_reported"]),
    "issue.review_decided": ("every", ["issue.logged", "issue.resolved", "issue.fixed_on_site", "issue.reply_given"]),
    "issue.recheck_decided": ("every", ["issue.logged", "issue.resolved", "issue.reply_given", "issue.review_decided"]),
    "issue.look_back_passed": ("every", ["issue.logged", "issue.resolved", "issue.fixed_on_site", "issue.closed"]),
    "issue.look_back_failed": ("every", ["issue.logged", "issue.resolved", "issue.fixed_on_site", "issue.closed"]),
    "issue.filed_as_final": ("latest", ["issue.final_filing_proposed"]),
    "issue.final_filing_refused": ("latest", ["issue.final_filing_proposed"]),
    "meeting.minutes_confirmed": ("latest", ["meeting.closed"]),
    "household.erasure_confirmed": ("latest", ["household.erasure_proposed"]),
}


Event = dict[str, Any]
Bounds = list[tuple[int, datetime]]


class Fault(Exception):
    """Something is wrong; the text says what, in both languages."""


class Key(NamedTuple):
    """A public key of the log, or of a witness."""

    name: str
    key_id: bytes
    public: Ed25519PublicKey


class Root(NamedTuple):
    """A root that the events have to make, and whose word it is."""

    size: int
    root: bytes
    whose: str


# -- signatures -----------------------------------------------------------------------------------------------------


def read_key(path: str) -> Key:
    """name+id+base64 of kind and key."""
    with open(path, encoding="utf-8") as file:
        name, key_id, encoded = file.read().strip().split("+", 2)
    material = base64.b64decode(encoded, validate=True)
    if hashlib.sha256(name.encode() + b"\n" + material).digest()[:4].hex() != key_id or len(material) != 33:
        raise Fault(f"公钥文件有误 this is no public key: {path}")
    return Key(name, bytes.fromhex(key_id), Ed25519PublicKey.from_public_bytes(material[1:]))


def signatures(note: str, key: Key) -> tuple[str, list[bytes]]:
    """The text, and what this key put under it."""
    text, _, lines = note.rpartition("\n\n")
    found = []
    for line in lines.splitlines():
        _, name, encoded = line.split(" ")
        material = base64.b64decode(encoded, validate=True)
        if (name, material[:4]) == (key.name, key.key_id):
            found.append(material[4:])
    return text + "\n", found


def verifies(key: Key, signature: bytes, message: bytes) -> bool:
    """Whether the key made this signature."""
    try:
        key.public.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def read_checkpoint(note: str, key: Key, whose: str) -> Root:
    """A checkpoint that the log's key signed: the log's name, how many events, the root over them."""
    text, found = signatures(note, key)
    if not found or not all(verifies(key, signature, text.encode()) for signature in found):
        raise Fault(f"检查点不是此密钥所签 not signed by this key: {whose}")
    origin, size, root, *_ = text.split("\n")
    if origin != key.name:
        raise Fault(f"检查点属于另一部日志 of another log: {whose}")
    return Root(int(size), base64.b64decode(root, validate=True), whose)


def cosigned_at(note: str, key: Key) -> datetime | None:
    """When this witness signed it first."""
    text, found = signatures(note, key)
    times = []
    for material in found:
        (seconds,) = struct.unpack(">Q", material[:8])
        if not verifies(key, material[8:], f"cosignature/v1\ntime {seconds}\n{text}".encode()):
            raise Fault(f"见证签名不成立 a witness's signature does not verify: {key.name}")
        times.append(EPOCH + timedelta(seconds=seconds))
    return min(times, default=None)


# -- the tree -------------------------------------------------------------------------------------------------------


def leaf_of(event: Event) -> bytes:
    """The hash of one entry; the stored bytes, where they are there, must have the hash that the entry holds."""
    digest = bytes.fromhex(event["sha256"])
    if "state" in event and hashlib.sha256(base64.b64decode(event["state"])).digest() != digest:
        raise Fault(f"记录内容与其哈希不符 stored bytes are not what their hash says: {named(event)}")
    moment = datetime.fromisoformat(event["recorded_at"])
    micros = (moment - EPOCH) // timedelta(microseconds=1)
    stream = bytes.fromhex(event["stream"].replace("-", ""))
    topic = event["topic"].encode()
    fixed = struct.pack(">16sQqH", stream, event["version"], micros, len(topic))
    return hashlib.sha256(b"\x00huiyin/leaf/1" + fixed + topic + digest).digest()


class Tree:
    """Grows by leaves; holds the roots of its complete subtrees only."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """One leaf more."""
        size = self.size
        while size & 1:
            leaf, size = hashlib.sha256(b"\x01" + self.peaks.pop() + leaf).digest(), size >> 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Over all leaves so far."""
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = hashlib.sha256(b"\x01" + peak + found).digest()
        return found


# -- event by event -------------------------------------------------------------------------------------------------


class Streams:
    """Versions 1, 2, 3 ... of each stream, and nobody who approves what they proposed."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}
        self.done: dict[str, dict[str, list[set[str]]]] = {}

    def take(self, event: Event) -> None:
        """The next event of the log."""
        stream = event["stream"]
        if event["version"] != self.versions.get(stream, 0) + 1:
            raise Fault(f"版本不连续 versions of the stream are not 1, 2, 3: {named(event)}")
        self.versions[stream] = event["version"]
        if "state" in event:
            self.look(stream, event)

    def look(self, stream: str, event: Event) -> None:
        """Who did it, and whether they might."""
        told = json.loads(base64.b64decode(event["state"]))
        actor = told["actor"]
        persons = {actor["user"], actor.get("on_behalf_of") or actor["user"]}
        done = self.done.setdefault(stream, {})
        how, proposals = APPROVALS.get(event["topic"], ("latest", []))
        for proposal in proposals if actor["user"] not in told.get("abstained", ()) else ():
            before = done.get(proposal, [])
            if any(persons & proposers for proposers in (before if how == "every" else before[-1:])):
                raise Fault(f"提出与审定为同一人 approved by whoever proposed or did it: {named(event)}")
        done.setdefault(event["topic"], []).append(persons)
        if event["topic"] == "issue.reopened":
            done.pop("issue.escalated", None)  # it was sent up by nobody


def named(event: Event) -> str:
    """Which record, in words."""
    where = f"stream {event['stream']}, version {event['version']}, {event['topic']}"
    if event["topic"] == "issue.logged" and "state" in event:
        where = f"{json.loads(base64.b64decode(event['state'])).get('number')}, {where}"
    return f"{where}, 位置 position {event['position']}, 记录于 recorded {event['recorded_at']}"


def check_time(event: Event, latest: datetime, bounds: Bounds) -> datetime:
    """Not long before what stands in front of it, nor after a witness saw it. Returns the latest time so far."""
    moment = datetime.fromisoformat(event["recorded_at"])
    while bounds and bounds[-1][0] <= event["position"]:
        bounds.pop()
    if bounds and moment > bounds[-1][1] + STRAY:
        raise Fault(f"记录时间晚于见证 recorded after a witness had seen it: {named(event)}")
    if moment < latest - STRAY:
        raise Fault(f"记录时间远早于前面的记录 recorded long before those in front of it: {named(event)}")
    return max(latest, moment)


# -- the bundle -----------------------------------------------------------------------------------------------------


def roots_of(notes: Sequence[str], key: Key, saved: Sequence[str]) -> list[Root]:
    """Every root that the events have to make, the smallest last."""
    wanted = [read_checkpoint(note, key, f"checkpoint {nth}") for nth, note in enumerate(notes, 1)]
    for path in saved:
        with open(path, encoding="utf-8") as file:
            wanted.append(read_checkpoint(file.read(), key, f"您保存的 saved by you: {path}"))
    if not wanted:
        raise Fault("没有检查点 there is no checkpoint")
    return sorted(wanted, reverse=True)


def bounds_of(notes: Sequence[str], witnesses: Sequence[Key]) -> Bounds:
    """(size, by when a witness had seen so many), the smallest last; seeing more bounds what is smaller too."""
    seen = [(int(note.split("\n")[1]), at) for note in notes for key in witnesses if (at := cosigned_at(note, key))]
    bounds: Bounds = []
    for size, at in sorted(seen, reverse=True):
        bounds.append((size, min(at, bounds[-1][1]) if bounds else at))
    return bounds


def verify(path: str, key: Key, saved: Sequence[str], witnesses: Sequence[Key]) -> int:
    """Reads the events once. Returns how many they are; raises Fault at the first that is wrong."""
    archive = zipfile.ZipFile(path)
    notes = [json.loads(line)["note"] for line in archive.read("checkpoints.jsonl").splitlines()]
    wanted, bounds = roots_of(notes, key, saved), bounds_of(notes, witnesses)
    tree, streams, latest, agreed = Tree(), Streams(), EPOCH, 0
    with archive.open("events.jsonl") as lines:
        for line in lines:
            event = json.loads(line)
            if event["position"] != tree.size:
                raise Fault(f"位置不连续 positions are not dense: {named(event)}")
            tree.add(leaf_of(event))
            streams.take(event)
            latest = check_time(event, latest, bounds)
            while wanted and wanted[-1].size == tree.size:
                signed = wanted.pop()
                if signed.root != tree.root():
                    between = f"位置 positions {agreed} ... {tree.size - 1}"
                    raise Fault(f"{between} 的记录与检查点不符 do not make the root of: {signed.whose}")
                agreed = tree.size
    if wanted:
        raise Fault(f"日志比检查点短 the log is shorter than: {wanted[-1].whose}, {wanted[-1].size} > {tree.size}")
    return tree.size


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("bundle")
    parser.add_argument("--trust", required=True, help="日志公钥文件 the log's key as you took it down")
    parser.add_argument("--since", action="append", default=[], help="您保存的检查点 a checkpoint that you saved")
    parser.add_argument("--witness", action="append", default=[], help="见证方公钥 the key of a witness you trust")
    asked = parser.parse_args()
    try:
        events = verify(asked.bundle, read_key(asked.trust), asked.since, [read_key(it) for it in asked.witness])
    except (Fault, ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        sys.stdout.write(f"✗ {error}\n")
        return 1
    sys.stdout.write(f"✓ {events} 条记录与全部检查点相符 records agree with every checkpoint\n")
    if not asked.since:
        sys.stdout.write(
            "! 未用您自己保存的检查点 without a checkpoint of your own, a log written anew looks the same\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
