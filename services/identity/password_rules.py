"""Is this password good enough? Length counts, and what is left of it when everything easily guessed is taken out.

Asked before a password is stored. No rules of composition: they make people write passwords down.
"""

import unicodedata
from itertools import pairwise
from typing import Final

from domain.errors import Refusal

SHORTEST: Final = 12
LONGEST: Final = 256
_LEAST_UNGUESSABLE: Final = 8
_SHORTEST_RUN: Final = 3

# Words that stand in for a password everywhere, as they would be typed here.
_WORDS: Final = (
    "password", "passwort", "admin", "administrator", "welcome", "letmein", "secret", "default", "changeme",
    "huiyin", "mima", "woaini", "zhengfu", "xiangzhen", "回音", "密码", "欢迎", "你好", "政府", "管理员",
)  # fmt: skip
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "!@#$%^&*()")


class PasswordTooShort(Refusal):
    code = "password-too-short"
    zh = "密码过短，至少 12 个字符。几个不相干的词连在一起最好记。"
    en = "The password is too short: at least 12 characters. A few unrelated words are easy to remember."


class PasswordTooLong(Refusal):
    code = "password-too-long"
    zh = "密码过长，最多 256 个字符。"
    en = "The password is too long: at most 256 characters."


class PasswordGuessable(Refusal):
    code = "password-guessable"
    zh = "密码容易被猜到：主要由账号名、常用词、连续或重复的字符组成。请换一个。"
    en = "The password is easily guessed: mostly the account's name, usual words, sequences or repeats. Choose another."


class PasswordUnchanged(Refusal):
    code = "password-unchanged"
    zh = "新密码与原密码相同。请换一个。"
    en = "The new password is the old one. Choose another."


def normal_form(password: str) -> str:
    """As passwords are compared: the same whatever keyboard wrote it."""
    return unicodedata.normalize("NFKC", password)


def require_good(account: str, password: str) -> None:
    """Raises PasswordTooShort, PasswordTooLong, PasswordGuessable."""
    password = normal_form(password)
    if len(password) < SHORTEST:
        raise PasswordTooShort
    if len(password) > LONGEST:
        raise PasswordTooLong
    if len(_hard_to_guess(account, password.casefold())) < _LEAST_UNGUESSABLE:
        raise PasswordGuessable


def _hard_to_guess(account: str, password: str) -> str:
    """What is left without the words anybody would try first, without runs, and of repeated pieces only one."""
    words = (*_WORDS, account) if len(account) >= _SHORTEST_RUN else _WORDS
    for word in sorted(words, key=len, reverse=True):
        password = password.replace(word, "")
    return _without_repeats(_without_runs(password))


def _without_repeats(text: str) -> str:
    """`abcdabcdab` -> `abcd`: the shortest piece of which the whole is made."""
    for size in range(1, len(text) // 2 + 1):
        if (text[:size] * (len(text) // size + 1))[: len(text)] == text:
            return text[:size]
    return text


def _without_runs(text: str) -> str:
    """Without three and more characters that are equal, count up or down, or lie side by side on the keyboard."""
    kept, run = [], text[:1]
    for before, after in pairwise(text):
        if _step(before, after) and (len(run) == 1 or _step(run[-2], run[-1]) == _step(before, after)):
            run += after
            continue
        kept.append(_of_run(run))
        run = after
    return "".join([*kept, _of_run(run)])


def _of_run(run: str) -> str:
    return run if len(run) < _SHORTEST_RUN else ""


def _step(before: str, after: str) -> str:
    """How one leads to the other: `same`, `up`, `down`, or nothing that goes on."""
    if before == after:
        return "same"
    for row in (*_ROWS, None):
        if row is None:
            distance = ord(after) - ord(before)
        elif before in row and after in row:
            distance = row.index(after) - row.index(before)
        else:
            continue
        if abs(distance) == 1:
            return "up" if distance == 1 else "down"
    return ""
