"""One body that works for each command, as the API's description shows it. Invented people and places.

Used by openapi.py and the docs page; a test validates each against its command.
"""

from collections.abc import Mapping
from typing import Any, Final

_MEETING: Final = "7d444840-9dc0-4d1d-8f7a-2b0a3c1f5e60"
_FUND: Final = "5f0f2c1a-43a4-4bb0-9a3e-6f7f4b7d9c11"
_ISSUE: Final = "c0a8012e-7b6e-4d2c-8a55-0f3d2b9a1e77"

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "LogIssue": {
        "channel": "visit",
        "village": "QS",
        "category": "construction",
        "title": "村口路灯不亮",
        "description": "村口到小学一段三盏路灯不亮。",
        "household": "QS-012",
        "place": "青石村村口",
    },
    "FixOnSite": {"measures": "当场更换灯泡。"},
    "EscalateIssue": {"reason": "村里没有升降车。", "department": "construction"},
    "AcceptIssue": {"person": "lead"},
    "ReturnEscalation": {"reasons": "不属本单位职责，建议转环保部门。"},
    "AssignIssue": {"person": "handler2"},
    "ResolveIssue": {"measures": "三盏路灯已更换。"},
    "SubmitToCommittee": {
        "current_state": "灯杆锈蚀。",
        "proposed_solution": "更换灯杆与灯具。",
        "total_budget": "50000.00",
        "subsidy_asked": "30000.00",
        "expected_completion": "2026-09-30",
        "urgency": "urgent",
    },
    "SignSubmission": {},
    "SendBackSubmission": {"reasons": "预算缺明细。"},
    "DecideSubmission": {"meeting_id": _MEETING, "outcome": "approved", "subsidy": "20000.00", "abstained": []},
    "RecordCountyAnswer": {"outcome": "resolved", "answer": "县里已安排。"},
    "AllocateFunding": {"fund_id": _FUND, "amount": "20000.00"},
    "PayTranche": {"tranche": 1, "amount": "10000.00"},
    "ReportProgress": {"percent": 40, "spent": "8000.00", "note": "灯杆已到货。"},
    "CompleteWorks": {"summary": "全部完工。", "spent": "19500.00"},
    "AcceptWorks": {"findings": "符合要求。"},
    "OrderRework": {"reasons": "灯杆未加固。"},
    "GiveReply": {"findings": "情况属实。", "opinion": "路灯已修好。", "basis": "《驻点直联工作方案》"},
    "DeliverReply": {"copy_for": "household", "method": "当面送达"},
    "RateAnswer": {"rating": "satisfied", "contacted": True},
    "RequestReview": {"grounds": "只修了两盏。"},
    "DecideReview": {"upheld": True, "opinion": "三盏均亮，维持答复。"},
    "RequestRecheck": {"grounds": "不认可复查意见。"},
    "DecideRecheck": {"upheld": True, "opinion": "维持复查意见。"},
    "CloseIssue": {},
    "RecordLookBack": {"holds": True, "findings": "路灯仍亮。"},
    "RequestExtension": {"days": 10, "reason": "等待配件。"},
    "GrantExtension": {},
    "RefuseExtension": {"reasons": "可先行处理。"},
    "WithdrawIssue": {"reasons": "群众自行解决。"},
    "MergeIssue": {"into": _ISSUE, "reasons": "同一处路灯。"},
    "SplitIssue": {
        "reasons": "两件事。",
        "parts": [
            {"category": "construction", "description": "路灯不亮。"},
            {"category": "environment", "description": "垃圾未清。"},
        ],
    },
    "LinkCommonCause": {"cause": "old-lamp-posts"},
    "AssignLeader": {"leader": "committee"},
    "CorrectEntry": {"field": "place", "value": "村口东侧", "reason": "地点记错。"},
    "RecordMeeting": {
        "township": "云岭镇",
        "chair": "committee",
        "present": ["committee", "chen.wei", "li.na", "wang.jun", "zhao.min"],
        "absent": ["zhou.tao", "sun.li"],
    },
    "RegisterHousehold": {"village": "QS", "household": "QS-012", "name": "王某", "phone": "138 0013 8000"},
    "CorrectHousehold": {"field": "phone", "value": "139 0013 9000"},
    "RecordPriorityConsent": {"reason": "age", "given_by": "itself", "given_on": "2026-03-01"},
    "WithdrawConsent": {"reason": "age"},
    "ObjectToProcessing": {"request": "不要再来走访。", "spoken_by": "itself"},
    "AnswerObjection": {"upheld": True, "answer": "已停止走访。"},
    "RequestCopy": {"spoken_by": "itself"},
    "ProposeErasure": {"reason": "purpose_met"},
    "ConfirmErasure": {},
    "CancelErasure": {"reasons": "本人要求保留。"},
    "SearchHousehold": {"phone": "13800138000"},
    "SetBudget": {"township": "云岭镇", "year": 2026, "budget": "120000.00"},
}
