"""Why a meeting refuses: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class NotAskedByPlan(Refusal):
    code = "not-asked-by-plan"
    zh = "现行实施方案没有规定这种会议。请核对方案。"
    en = "The plan in force asks for no such meeting. Look into the plan."


class NotAMember(Refusal):
    code = "not-a-member"
    zh = "不是本次会议的成员，不能签到、请假或表决。"
    en = "Not a member of this meeting: no sign-in, no leave, no vote."


class NotTheChair(Refusal):
    code = "not-the-chair"
    zh = "此项须由主持人办理。"
    en = "Only the chair does this."


class MeetingNotOpen(Refusal):
    code = "meeting-not-open"
    zh = "会议尚未开始或已经结束。请查看会议状态。"
    en = "The meeting has not begun, or has ended. Look at where it stands."


class MeetingBegun(Refusal):
    code = "meeting-begun"
    zh = "会议已经开始或已经结束，不能再作此处理。"
    en = "The meeting has begun or ended; it is too late for this."


class QuorumReached(Refusal):
    code = "quorum-reached"
    zh = "到会人数已达法定人数，不能记为流会。请宣布开会。"
    en = "Enough members signed in: the meeting has not failed. Open it."


class NotOnAgenda(Refusal):
    code = "not-on-agenda"
    zh = "此件不在本次会议议程上，或已有决定。截止日后的件列入下次会议。"
    en = "It is not on this meeting's agenda, or was dealt with. What comes after the cut-off goes to the next one."


class VotesIncomplete(Refusal):
    code = "votes-incomplete"
    zh = "每位到会且不回避的成员须记一票，回避的不计。"
    en = "Each member present has one vote recorded; those who abstain for an interest have none."


class NotCarried(Refusal):
    code = "vote-not-carried"
    zh = "尚未表决，或表决未通过这一决定，不能作出。可再次表决，或列入下次会议。"
    en = "There was no vote for this, or it did not carry. Vote again, or carry the item over."


class NoMinutesWait(Refusal):
    code = "no-minutes-wait"
    zh = "没有待确认的会议纪要：尚未散会、已确认，或方案没有规定期限。"
    en = "No minutes wait: the meeting is not closed, they were confirmed, or the plan sets no limit."


class ItemsLeft(Refusal):
    code = "items-left-undecided"
    zh = "尚有议题未决定。须逐一列明转入下次会议的议题，方可散会。"
    en = "Some items are undecided. Name exactly those that are carried over, then close."


class DepartmentNeeded(Refusal):
    code = "department-needed"
    zh = "转归口部门须写明部门，其他处理不写。"
    en = "Name the department when it goes to one, and only then."


class NothingUrgent(Refusal):
    code = "not-urgent"
    zh = "按方案，只有紧急事项可由主持人增列；其他列入下次会议。"
    en = "By the plan only urgent items are added by the chair; others go to the next meeting."
