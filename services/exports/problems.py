"""Why a copy of a ledger is not given: too many rows to wait for or to print, too many copies, not made yet, failed."""

from typing import Final

from domain.errors import HuiyinError, Refusal
from services.exports.pdf import PdfFailed, PdfNotAvailable


class ExportTooLarge(Refusal):
    code = "export-too-large"
    zh = "行数太多，不能当场给出。请缩小范围（村、期间），或作为任务导出（POST /api/v1/exports），完成后下载。"
    en = "Too many rows to wait for. Ask for less (a village, a period), or have it made: POST /api/v1/exports."


class PrintTooLong(Refusal):
    code = "print-too-long"
    zh = "PDF 最多 1000 行。请缩小范围（村、期间），或导出 xlsx。"
    en = "A PDF has at most a thousand rows. Ask for less (a village, a period), or take the xlsx."


class TooManyExports(Refusal):
    code = "too-many-exports"
    zh = "您已有 5 个导出任务未完成。请等其中一个完成，或取消不需要的。"
    en = "Five of your exports are not done yet. Wait for one of them, or cancel what you do not need."


class ExportNotReady(Refusal):
    code = "export-not-ready"
    zh = "这次导出尚未完成，或未成功，没有文件可下载。请查看任务的状态。"
    en = "This export is not done, or failed: there is no file. Look at how the job stands."


class ExportFailed(HuiyinError):
    code = "export-failed"
    zh = "导出多次中断，已放弃。请重新导出；仍不成功时请联系管理员。"
    en = "The export was interrupted several times and given up. Ask again; if that fails, tell the administrator."


FAILURES: Final[dict[str, type[HuiyinError]]] = {
    it.code: it for it in (PrintTooLong, PdfNotAvailable, PdfFailed, ExportFailed)
}
"""Why a job may end without a file."""
