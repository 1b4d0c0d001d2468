"""What the API's reads answer, as it describes itself, joined from the parts. Called by document.py."""

from typing import Final

from services.api.office.actions import ACTION_SCHEMAS
from services.api.office.appraisal import APPRAISAL_SCHEMAS
from services.api.office.audit_findings import AUDIT_FINDING_SCHEMAS
from services.api.office.audit_looks import AUDIT_LOOK_SCHEMAS
from services.api.office.audit_proof import AUDIT_PROOF_SCHEMAS
from services.api.office.audit_samples import AUDIT_SAMPLE_SCHEMAS
from services.api.office.audit_what_if import WHAT_IF_SCHEMAS
from services.api.office.bulletins import BULLETIN_SCHEMAS
from services.api.office.choices import CHOICE_SCHEMAS
from services.api.office.clocks import CLOCK_SCHEMAS
from services.api.office.conformance import CONFORMANCE_SCHEMAS
from services.api.office.coverage import COVERAGE_SCHEMAS
from services.api.office.dashboards import DASHBOARD_SCHEMAS
from services.api.office.fund_lists import FUND_LIST_SCHEMAS
from services.api.office.holidays import HOLIDAY_SCHEMAS
from services.api.office.hot_topics import HOT_TOPIC_SCHEMAS
from services.api.office.meeting_lists import MEETING_LIST_SCHEMAS
from services.api.office.meetings import MEETING_SCHEMAS
from services.api.office.organisation import ORGANISATION_SCHEMAS
from services.api.office.plans import PLAN_SCHEMAS
from services.api.office.proofs import PROOF_SCHEMAS
from services.api.office.replays import REPLAY_SCHEMAS
from services.api.office.spot_checks import SPOT_CHECK_SCHEMAS
from services.api.office.suggestions import SUGGESTION_SCHEMAS
from services.api.office.team import TEAM_SCHEMAS
from services.api.office.today_schemas import TODAY_SCHEMAS
from services.api.openapi.shared import REF, Schema

_LINES: Final[Schema] = {"type": "array", "items": {"$ref": REF + "LedgerLine"}}
_NEXT: Final[Schema] = {"type": ["string", "null"], "description": "cursor of the next page"}
_ID: Final[Schema] = {"type": "string", "format": "uuid"}
_COUNT: Final[Schema] = {"type": "integer"}
_IDS: Final = (
    "issue_id", "meeting_id", "fund_id", "organisation_id", "adoption_id", "household_id",
    "diary_id", "holidays_id", "liaison_id", "check_id", "duties_id", "submissions_id", "bulletin_id",
    "finding_id", "sample_id",
)  # fmt: skip

ANSWERS: Final[Schema] = {
    **ORGANISATION_SCHEMAS,
    **HOLIDAY_SCHEMAS,
    **SPOT_CHECK_SCHEMAS,
    **AUDIT_FINDING_SCHEMAS,
    **AUDIT_SAMPLE_SCHEMAS,
    **AUDIT_LOOK_SCHEMAS,
    **WHAT_IF_SCHEMAS,
    **AUDIT_PROOF_SCHEMAS,
    **BULLETIN_SCHEMAS,
    **APPRAISAL_SCHEMAS,
    **ACTION_SCHEMAS,
    **CHOICE_SCHEMAS,
    **CLOCK_SCHEMAS,
    **MEETING_SCHEMAS,
    **MEETING_LIST_SCHEMAS,
    **FUND_LIST_SCHEMAS,
    **PLAN_SCHEMAS,
    **REPLAY_SCHEMAS,
    **PROOF_SCHEMAS,
    **TEAM_SCHEMAS,
    **TODAY_SCHEMAS,
    **SUGGESTION_SCHEMAS,
    **HOT_TOPIC_SCHEMAS,
    **CONFORMANCE_SCHEMAS,
    "Done": {
        "type": "object",
        "required": ["version", "repeated"],
        "properties": {
            "number": {"type": "string"},
            **dict.fromkeys(_IDS, _ID),
            "version": {**_COUNT, "description": "for the next If-Match"},
            "repeated": {"type": "boolean", "description": "it had been done before"},
            "receipt_code": {"type": "string", "description": "for the household; only after logging"},
        },
    },
    "IssuePage": {
        "type": "object",
        "properties": {
            "items": _LINES,
            "next": _NEXT,
            "total": {"type": ["integer", "null"], "description": "in all; told with the first page"},
            "total_is_exact": {"type": "boolean", "description": "false: more than are counted"},
            "searched": {
                "type": ["object", "null"],
                "description": "of `q`: which fields, of how many newest cases, and in words what was not searched",
            },
        },
    },
    "History": {
        "type": "object",
        "properties": {
            "number": {"type": "string"},
            "items": {"type": "array", "items": {"$ref": REF + "HistoryLine"}},
        },
    },
    "Ledger": {
        "type": "object",
        "properties": {
            "ledger": {"type": "string"},
            "title": {"type": "string"},
            "columns": {"type": "array", "items": {"type": "string"}},
            "rows": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
            "refs": {
                "type": "array",
                "items": {"type": "object"},
                "description": "by row: what a command about it names; of the visit diary only",
            },
            "next": _NEXT,
        },
    },
    **COVERAGE_SCHEMAS,
    **DASHBOARD_SCHEMAS,
    "Fund": {"type": "object", "properties": {"fund_id": _ID, "version": _COUNT, "budget": {"type": "number"}}},
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "code", "zh", "en", "errors"],
        "properties": {
            **{name: {"type": "string"} for name in ("type", "title", "code", "zh", "en")},
            "status": _COUNT,
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["path", "code", "zh", "en"],
                    "properties": {name: {"type": "string"} for name in ("path", "code", "zh", "en")},
                },
            },
            "stage": {"type": "string", "description": "where the issue stands now (wrong-stage, stale-version)"},
            "version": {**_COUNT, "description": "the issue's version now (wrong-stage, stale-version)"},
            "earlier": {"type": "string", "description": "number of the issue that was settled (settled-by-recheck)"},
        },
    },
}
