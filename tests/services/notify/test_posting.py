"""Messages go out through a process that reaches what it may, and nothing else; with real receivers."""

from importlib import import_module
from urllib.parse import urlsplit

import pytest

from services.notify.allowed import Target, TargetNotAllowed, allowed_of
from services.notify.digest import Digest, digest_of
from services.notify.posting import Delivery, post
from services.notify.posting_process import CHANNELS
from tests.services.notify.receivers import hook, postbox

DIGEST = digest_of(1, 7, [], 0, "https://huiyin.example")
MESSAGE = Digest(DIGEST.id, "回音：1 条新消息", "已超期 1\n请登录查看")


def told(port: int, path: str = "/notices", id: int = 1) -> Delivery:
    allowed = allowed_of(f"json://127.0.0.1:{port}")
    return Delivery(id, allowed.target(f"json://127.0.0.1:{port}{path}"), MESSAGE)


def test_given_a_webhook_on_the_list_then_it_gets_title_and_text() -> None:
    with hook() as receiver:
        assert post([told(receiver.port)], allowed_of("127.0.0.1").networks) == {1: True}
    ((got,), paths) = receiver.got, receiver.paths
    assert (got["title"], got["message"], paths) == (MESSAGE.title, MESSAGE.body, ["/notices"])


def test_given_a_mail_server_on_the_list_then_it_gets_the_mail() -> None:
    with postbox() as receiver:
        allowed = allowed_of(f"mailto://127.0.0.1:{receiver.port}")
        address = f"mailto://127.0.0.1:{receiver.port}?to=lead@office.example&from=huiyin@office.example"
        assert post([Delivery(1, allowed.target(address), MESSAGE)], allowed.networks) == {1: True}
    (mail,) = receiver.mails
    assert "lead@office.example" in mail


def test_given_a_refusal_a_redirect_and_nobody_then_each_counts_as_not_taken_and_the_others_are_served() -> None:
    with hook() as elsewhere, hook() as redirecting, hook() as refusing, hook() as well:
        redirecting.redirect_to = f"http://127.0.0.1:{elsewhere.port}/secret"
        refusing.status = 500
        gone = told(1, id=4)
        asked = [told(redirecting.port, id=1), told(refusing.port, id=2), gone, told(well.port, id=3)]
        assert post(asked, allowed_of("127.0.0.1").networks) == {1: False, 2: False, 4: False, 3: True}
    assert elsewhere.paths == []


def test_given_a_receiver_that_hangs_then_it_is_left_in_time() -> None:
    with hook() as slow:
        slow.seconds = 3.0
        assert post([told(slow.port)], allowed_of("127.0.0.1").networks, patience=2.0) == {}


@pytest.mark.parametrize("network", ["", "10.0.0.0/8"])
def test_given_a_host_that_leads_to_an_address_that_is_not_public_then_nothing_goes_there(network: str) -> None:
    with hook() as inside:
        sly = Target("json", "localhost", inside.port, f"json://localhost:{inside.port}/")
        assert post([Delivery(1, sly, MESSAGE)], allowed_of(network).networks) == {1: False}
    assert inside.paths == []


def test_given_an_address_that_needs_another_host_or_port_than_was_allowed_then_nothing_goes_there() -> None:
    with hook() as other:
        url = f"json://127.0.0.1:{other.port}/"
        for host, port in (("hook.example", other.port), ("127.0.0.1", other.port + 1)):
            sly = Target("json", host, port, url)
            assert post([Delivery(1, sly, MESSAGE)], allowed_of("127.0.0.1").networks) == {1: False}
    assert other.paths == []


# -- what may be set -------------------------------------------------------------------------------------------------

LIST = allowed_of("wecom, dingtalk, feishu, mailtos://mail.example, jsons://hook.example, json://10.1.2.3:8080")


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("wecom://693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa", "qyapi.weixin.qq.com", 443),
        ("dingtalk://abcdefgh@ijklmnop", "oapi.dingtalk.com", 443),
        ("feishu://abcdefgh-1234", "open.feishu.cn", 443),
        ("jsons://hook.example/a/b", "hook.example", 443),
        ("jsons://user:pass@hook.example", "hook.example", 443),
        ("mailtos://user:pass@mail.example?to=a@b.example&from=c@d.example", "mail.example", 587),
        ("json://10.1.2.3:8080/x", "10.1.2.3", 8080),
    ],
)
def test_given_an_address_on_the_list_then_it_may_be_used(address: str, host: str, port: int) -> None:
    found = LIST.target(address)
    assert (found.host, found.port) == (host, port)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "json://hook.example",
        "jsons://hook.example:444",
        "jsons://hook.example@evil.example",
        "jsons://evil.example/hook.example",
        "jsons://hook.example/?redirect=yes",
        "jsons://hook.example/a?+X-Header=1",
        "jsons://hook.example/../x",
        "jsons://hook.example/%0d%0a",
        "jsons://hook.example\n.evil.example",
        "jsons://[::1]/",
        "mailtos://mail.example?to=a@b.example&from=c@d.example&smtp=evil.example",
        "mailtos://mail.example?to=a@b.example",
        "wecom://short",
        "wecom://693axxx6-7aoc-4bc4-97a0/../../x",
        "discord://1234567890/abcdefgh",
        "file:///etc/passwd",
        "https://hook.example",
    ],
)
def test_given_any_other_address_then_it_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(TargetNotAllowed) as caught:
        LIST.target(address)
    assert not address or address not in str(caught.value)


@pytest.mark.parametrize("text", ["http://hook.example", "jsons://", "discord", "10.0.0.0/40", "jsons://*"])
def test_given_a_list_that_is_none_then_it_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        allowed_of(text)


def test_given_an_empty_list_then_nothing_may_be_set() -> None:
    with pytest.raises(TargetNotAllowed):
        allowed_of("").target("wecom://693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa")


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")  # apprise's mail, on Python 3.11
@pytest.mark.parametrize(
    "address",
    [
        "wecom://693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa",
        "dingtalk://abcdefgh@ijklmnop",
        "dingtalk://ijklmnop",
        "feishu://abcdefgh-1234",
        "jsons://user:pa$s@hook.example/a",
        "mailtos://user:pa$s@mail.example?to=a@b.example&from=c@d.example",
    ],
)
def test_given_an_address_as_we_write_it_then_apprise_takes_it_and_means_the_same_host(address: str) -> None:
    target = LIST.target(address)
    module, name = CHANNELS[target.url.partition("://")[0]]
    channel = getattr(import_module(module), name)
    made = channel(**channel.parse_url(target.url))
    meant = urlsplit(getattr(made, "notify_url", "")).hostname or getattr(made, "smtp_host", None) or made.host
    assert meant == target.host
    if "pa$s" in address:
        assert (made.user, made.password) == ("user", "pa$s")
