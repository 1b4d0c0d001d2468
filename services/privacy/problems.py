"""What the office's answers about households refuse, in the tree of domain/errors.py."""

from domain.errors import Refusal


class CopyNotRequested(Refusal):
    code = "copy-not-requested"
    zh = "该户近 30 日内没有提出查阅复制。请先记录其请求。"
    en = "The household has asked for no copy within the last 30 days. Record its request first."
