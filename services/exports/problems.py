"""Why a copy of a ledger is not given: too many rows to wait for, or to print at all."""

from domain.errors import Refusal


class ExportTooLarge(Refusal):
    code = "export-too-large"
    zh = "行数太多，不能当场给出。请缩小范围（村、期间），或作为任务导出（POST /api/v1/exports），完成后下载。"
    en = "Too many rows to wait for. Ask for less (a village, a period), or have it made: POST /api/v1/exports."
