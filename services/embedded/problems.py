"""What this machine cannot do for us, in words for the person who started Huiyin.

Raised by `services.embedded`, `services.keys`, `services.supervisor` and `services.up`; the command line prints it and
leaves with status 1.
"""


class MachineProblem(Exception):
    """A start was refused or failed for a reason that the person at this machine can remove.

    `code` is stable and meant for programs; `zh` and `en` say what was refused, why, and what to do next.
    """

    def __init__(self, code: str, *, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.code = code
        self.zh = zh
        self.en = en
