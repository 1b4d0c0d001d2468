"""The closed lists an issue speaks in: stages, tiers, channels, ratings, copies, outcomes, steps."""

from enum import StrEnum


class Stage(StrEnum):
    """Where an issue stands. The state diagram is in domain/README.md."""

    LOGGED = "logged"  # 登记
    ESCALATED = "escalated"  # 上报待受理
    HANDLING = "handling"  # 办理中
    SUBMISSION = "submission"  # 提请待审签
    COMMITTEE = "committee"  # 待党委会研究
    WITH_COUNTY = "with_county"  # 报县待答复
    FUNDING = "funding"  # 待经费
    WORKS = "works"  # 实施
    INSPECTION = "inspection"  # 待验收
    REPLY = "reply"  # 待答复
    FEEDBACK = "feedback"  # 待群众评价
    ANSWERED = "answered"  # 待销号
    REVIEW = "review"  # 复查
    RECHECK = "recheck"  # 复核
    CLOSED = "closed"  # 已销号, 待回头看
    SETTLED = "settled"  # 办结归档
    WITHDRAWN = "withdrawn"  # 撤回
    MERGED = "merged"  # 并案
    SPLIT = "split"  # 分案


FINAL_STAGES = frozenset({Stage.SETTLED, Stage.WITHDRAWN, Stage.MERGED, Stage.SPLIT})
"""Nothing more is owed; no workflow waits."""


class NoticeAbout(StrEnum):
    """Of what the household is told (XF1)."""

    ACCEPTANCE = "acceptance"  # 受理告知: received, by which route and procedure
    EXTENSION = "extension"  # 延期告知: it takes longer, and why


UNANSWERED_STAGES = frozenset(
    {
        Stage.LOGGED, Stage.ESCALATED, Stage.HANDLING, Stage.SUBMISSION, Stage.COMMITTEE, Stage.WITH_COUNTY,
        Stage.FUNDING, Stage.WORKS, Stage.INSPECTION, Stage.REPLY,
    }
)  # fmt: skip
"""The household still waits for its answer."""
UNDONE_STAGES = UNANSWERED_STAGES - {Stage.REPLY}
"""What the household reported is not done yet."""
OPEN_STAGES = UNANSWERED_STAGES | {Stage.FEEDBACK, Stage.ANSWERED, Stage.REVIEW, Stage.RECHECK}
"""Not struck off yet."""


class Tier(StrEnum):
    """村、镇、县 (LL4)."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"


class Channel(StrEnum):
    """How the problem came (L1)."""

    VISIT = "visit"  # 走访
    RECEPTION_DAY = "reception_day"  # 接访
    FEEDBACK_FORM = "feedback_form"  # 意见反馈表
    TALK_DAY = "talk_day"  # 村民说事
    PETITION = "petition"  # 信访
    HOTLINE = "hotline"  # 热线
    ONLINE = "online"  # 网上
    HAZARD_INSPECTION = "hazard_inspection"  # 隐患排查


PETITION_CHANNELS = frozenset({Channel.PETITION, Channel.RECEPTION_DAY, Channel.HOTLINE, Channel.ONLINE})
"""信访形式: people came, wrote or called by themselves (信访工作条例第十七条); the rest the office went for."""


class Rating(StrEnum):
    """What the household says of the answer (L11; the last two leave the rates' denominator)."""

    SATISFIED = "satisfied"  # 满意
    MOSTLY = "mostly_satisfied"  # 基本满意
    DISSATISFIED = "dissatisfied"  # 不满意
    CANNOT_SAY = "cannot_say"  # 无法评价
    DECLINED = "declined"  # 拒访


class CopyFor(StrEnum):
    """The four copies of a written reply 一式四份 (MZ5)."""

    HOUSEHOLD = "household"  # 当事人联
    VILLAGE = "village"  # 村(居)联
    UNIT = "unit"  # 挂点单位联
    OFFICE = "office"  # 活动办联


class Outcome(StrEnum):
    """What a committee may decide (L8)."""

    APPROVED = "approved"
    DEFERRED = "deferred"
    RETURNED = "returned"
    REFERRED_UP = "referred_up"
    DECLINED = "declined"


class CountyOutcome(StrEnum):
    """What the county answered."""

    RESOLVED = "resolved"
    DECLINED = "declined"
    SENT_BACK = "sent_back"


class Urgency(StrEnum):
    """紧急程度."""

    URGENT = "urgent"
    ORDINARY = "ordinary"
    CAN_WAIT = "can_wait"


class EntryField(StrEnum):
    """What a correcting event may correct (L13)."""

    TITLE = "title"
    DESCRIPTION = "description"
    CATEGORY = "category"
    PLACE = "place"
    HOUSEHOLD = "household"
