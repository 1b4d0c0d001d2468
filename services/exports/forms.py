"""Every ledger that comes out as a form, but that of issues (issue_form.py) and the register of meetings."""

from collections.abc import Mapping
from typing import Final

from services.exports.audit_form import AUDIT_FINDINGS
from services.exports.bulletin_form import BULLETINS
from services.exports.committee_form import COMMITTEE
from services.exports.duty_forms import DUTY_FORMS
from services.exports.form import Form
from services.exports.project_form import PROJECTS
from services.exports.reply_form import REPLIES
from services.exports.spot_check_form import FINDINGS, SPOT_CHECKS
from services.exports.summary_form import SUMMARIES

FORMS: Final[Mapping[str, Form]] = {
    **DUTY_FORMS,
    "committee": COMMITTEE,
    "projects": PROJECTS,
    "replies": REPLIES,
    "spot-checks": SPOT_CHECKS,
    "findings": FINDINGS,
    "audit-findings": AUDIT_FINDINGS,
    "bulletins": BULLETINS,
    "summaries": SUMMARIES,
}
"""By the name of the ledger."""
