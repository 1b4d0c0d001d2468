"""What stopped a command that is nobody's refusal: an argument, a setting, or a database that does not answer?

Called by app.py, which says it in words. Imports inside: nothing is loaded for a command that goes well.
"""

from collections.abc import Sequence

from services.embedded.problems import MachineProblem


def unreadable(arguments: Sequence[str]) -> MachineProblem | None:
    """What is wrong with arguments of bytes that are no text; such bytes would stop whatever prints or stores them."""
    if all(map(_is_text, arguments)):
        return None
    return MachineProblem(
        "argument-unreadable",
        zh="有一个参数不是 UTF-8 文字，未作任何处理。请核对终端的编码后重新输入。",
        en="An argument is not text in UTF-8; nothing was done. Check the terminal's encoding and type it again.",
    )


def in_words(error: Exception) -> MachineProblem | None:
    """The problem that this error means for whoever called the command; None if it is a fault of ours.

    What was set is never repeated: it may be a password.
    """
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        return _bad_settings(error.errors(include_url=False, include_input=False)) if _of_settings(error) else None
    return _of_database(error)


def _is_text(argument: str) -> bool:
    try:
        argument.encode()
    except UnicodeEncodeError:
        return False
    return True


def _of_settings(error: Exception) -> bool:
    from services.settings import Settings

    return getattr(error, "title", None) == Settings.__name__


def _bad_settings(faults: Sequence[object]) -> MachineProblem:
    names = (str(fault["loc"][0]) for fault in faults if isinstance(fault, dict) and fault["loc"])
    variables = ", ".join(sorted({name if name.isupper() else f"HUIYIN_{name.upper()}" for name in names}))
    return MachineProblem(
        "setting-invalid",
        zh=f"环境变量 {variables} 的内容不合要求。请改正或取消设置；各项说明见 services/settings.py。",
        en=f"What {variables} is set to does not fit. Correct it or unset it; services/settings.py explains each.",
    )


def _of_database(error: Exception) -> MachineProblem | None:
    import psycopg
    from eventsourcing import persistence

    if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
        return MachineProblem(
            "database-address-invalid",
            zh="数据库地址不合格式。请核对 HUIYIN_DATABASE_URL 等环境变量，如 postgresql://huiyin_app@host/huiyin。",
            en="A database address is malformed. Check HUIYIN_DATABASE_URL and the like: postgresql://user@host/name.",
        )
    away = isinstance(error, psycopg.OperationalError) and error.sqlstate is None
    if away or isinstance(error, persistence.OperationalError | persistence.InterfaceError):
        return MachineProblem(
            "database-away",
            zh="数据库无应答，未能完成。请执行 huiyin doctor 查看原因，恢复后重新执行本命令。",
            en="The database does not answer; the command was not completed. See huiyin doctor, then repeat it.",
        )
    return None
