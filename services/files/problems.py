"""What photos and papers are refused for, in the tree of domain/errors.py; none repeats anything of the file."""

from typing import Final

from domain.errors import HuiyinError, Refusal


class StoreAway(Exception):
    """The store of the contents cannot be reached, or does not let us in."""


class FileRefused(HuiyinError):
    """The root of what is wrong with a file as such (422)."""


class FileEmpty(FileRefused):
    code = "file-empty"
    zh = "文件是空的。请重新选择照片或文件。"
    en = "The file is empty. Choose the photo or paper again."


class FileDamaged(FileRefused):
    code = "file-damaged"
    zh = "文件已损坏或不完整，无法读取。请重新拍摄或另存后再上传。"
    en = "The file is damaged or not whole and cannot be read. Take the picture again or save it anew."


class PictureMoves(FileRefused):
    code = "picture-moves"
    zh = "不接受动图。请上传单张照片。"
    en = "Moving pictures are not taken. Send a single photo."


class PaperLocked(FileRefused):
    code = "paper-locked"
    zh = "PDF 已加密，无法核对内容。请去掉密码后上传。"
    en = "The PDF is encrypted, so nobody can check it. Remove the password and send it again."


class PaperActs(FileRefused):
    code = "paper-acts"
    zh = "PDF 含有脚本、自动打开的程序、嵌入文件或动态表单，不予接受。请打印成普通 PDF 后上传。"
    en = "The PDF holds scripts, programs to launch, files or a live form. Print it to a plain PDF and send that."


class PaperTooLong(FileRefused):
    code = "paper-too-long"
    zh = "PDF 超过 300 页。请分成几份上传。"
    en = "The PDF has more than 300 pages. Send it in parts."


class FileTooLarge(HuiyinError):
    code = "file-too-large"
    zh = "文件过大，最多 15 MB。请压缩或缩小后上传。"
    en = "The file is too large: at most 15 MB. Make it smaller and send it again."


class PictureTooLarge(FileTooLarge):
    code = "picture-too-large"
    zh = "照片过大，最多五千万像素。请缩小后上传。"
    en = "The picture is too large: at most 50 million pixels. Make it smaller and send it again."


class FileKindNotTaken(HuiyinError):
    code = "file-kind-not-taken"
    zh = "只接受照片（JPEG、PNG、WebP、HEIC）和 PDF 文件，按文件内容识别。"
    en = "Only photos (JPEG, PNG, WebP, HEIC) and PDF papers are taken; what a file is, is told by its content."


class FileErased(HuiyinError):
    code = "file-erased"
    zh = "此文件已随该户资料清除，不能再查看。"
    en = "This file was erased with the household's data and cannot be shown any more."


class FileLost(HuiyinError):
    code = "file-lost"
    zh = "此文件缺失或被改动，暂不能显示。请告知管理员执行 huiyin files check。"
    en = "This file is missing or was altered and is not shown. Ask the administrator to run huiyin files check."


class FileNotForThis(Refusal):
    code = "file-not-for-this"
    zh = "所附照片或文件中，有的未曾由您上传，或不是为这一件上传的。请重新上传后再提交。"
    en = "Some attached file was not uploaded by you, or not for this matter. Upload it again, then submit."


class TooManyWaiting(Refusal):
    code = "too-many-files-waiting"
    zh = "您一天内上传而未使用的文件已达 100 个。请先提交已上传的，或一天后再传。"
    en = "You have 100 files of the last day that nothing names yet. Submit those first, or come back in a day."


_BY_CODE: Final = {
    kind.code: kind
    for kind in (
        FileKindNotTaken, FileDamaged, PictureTooLarge, PictureMoves, PaperLocked, PaperActs, PaperTooLong,
    )
}  # fmt: skip


def refusal_of(code: str) -> HuiyinError:
    """The refusal of this code, as the process that makes files over says it."""
    return _BY_CODE[code]()
