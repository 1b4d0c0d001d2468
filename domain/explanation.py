"""A count told day by day, in Chinese or English, so that anybody can check a deadline with a wall calendar.

Called by `huiyin deadline --explain`, and wherever a person asks why a limit ends when it does.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Literal

from domain.deadlines import Count, CountedDay, Why
from domain.workdays import Unit

Language = Literal["zh", "en"]

_WEEKDAYS: Final[Mapping[Language, tuple[str, ...]]] = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_WHY: Final[Mapping[Why, Mapping[Language, str]]] = {
    Why.FIRST_DAY: {
        "zh": "起算日，不计入（民法典第二百零一条）",
        "en": "the day it begins is not counted (Civil Code art. 201)",
    },
    Why.NATURAL_DAY: {"zh": "自然日", "en": "natural day"},
    Why.WORKING_DAY: {"zh": "工作日", "en": "working day"},
    Why.MAKE_UP_DAY: {"zh": "调休上班", "en": "make-up workday"},
    Why.WEEKEND: {"zh": "休息日", "en": "weekend"},
    Why.HOLIDAY: {"zh": "节假日放假", "en": "public holiday"},
    Why.PAUSED: {"zh": "暂停，不计入", "en": "paused: not counted"},
    Why.ROLLED_TO: {
        "zh": "顺延至休假结束的次日（民法典第二百零三条）",
        "en": "the end moves to the day after the rest (Civil Code art. 203)",
    },
}
_NOT_OFFICIAL: Final[Mapping[Language, str]] = {
    "zh": "（放假通知尚未公布，暂按周末推算）",
    "en": " (no holiday notice yet: taken as Monday to Friday)",
}
_HOURS: Final[Mapping[Language, str]] = {
    "zh": "自 {start} 起连续计算 {amount} 小时，不扣除休息日（民法典第二百零一条）",
    "en": "{amount} hours run from {start} without a break, through rest days (Civil Code art. 201)",
}
_DUE: Final[Mapping[Language, str]] = {"zh": "截止 {due}（北京时间）", "en": "due {due} (Beijing time)"}
_PROVISIONAL: Final[Mapping[Language, str]] = {
    "zh": "，暂定：放假通知公布后可能变动",
    "en": ", provisional: the holiday notice may still move it",
}
_MOMENT: Final = "%Y-%m-%d %H:%M:%S"


def explain(counted: Count, language: Language) -> list[str]:
    """One line a day with its place in the count and the reason, then the due time."""
    due = _DUE[language].format(due=counted.due_at.strftime(_MOMENT))
    return [*_body(counted, language), due + (_PROVISIONAL[language] if counted.provisional else "")]


def _body(counted: Count, language: Language) -> Iterator[str]:
    if counted.unit is Unit.HOURS:
        yield _HOURS[language].format(start=counted.started_at.strftime(_MOMENT), amount=counted.amount)
    place = 0
    for day in counted.days:
        place += day.counted
        yield _line(day, place, language)


def _line(day: CountedDay, place: int, language: Language) -> str:
    number = f"{place:>4}" if day.counted else "   -"
    doubt = "" if day.official else _NOT_OFFICIAL[language]
    return f"{day.date.isoformat()} {_weekday(day.date, language)} {number}  {_WHY[day.why][language]}{doubt}"


def _weekday(day: date, language: Language) -> str:
    return _WEEKDAYS[language][day.weekday()]
