"""Why the log cannot prove anything yet."""

from domain.errors import NotFound


class NothingSigned(NotFound):
    code = "nothing-signed"
    zh = "还没有签署过检查点。请确认 huiyin follow seal 在运行，且日志已有记录。"
    en = "No checkpoint was signed yet. Check that `huiyin follow seal` runs and that the log holds something."


class NotSealedYet(NotFound):
    """No signed checkpoint covers the event."""

    code = "not-sealed-yet"
    zh = "这一条还没有存证，请过一分钟再来。"
    en = "This is not sealed yet. Come again in a minute."
