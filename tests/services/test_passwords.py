"""Which passwords are good enough, and does a stored one fit? Rules without composition, hashes that tell nothing."""

import pytest

from services.identity.password_rules import (
    PasswordGuessable,
    PasswordTooLong,
    PasswordTooShort,
    require_good,
)
from services.identity.passwords import Cost, Hasher, new_password

GOOD = [
    "correct horse battery staple",
    "七里香 山前 过雨 三更灯火",
    "xk9#vT2m!qLw",
    "lantern-river-plough-39",
    "a" * 5 + "violet ember quarry",
    "seven herons " * 8,
]
GUESSABLE = {
    "one character": "a" * 20,
    "repeated piece": "1q2w1q2w1q2w",
    "counting up": "abcdefghijklmn",
    "counting down": "987654321098",
    "digits": "12345678901234567890",
    "keyboard": "qwertyuiopasdfgh",
    "keyboard backwards": "poiuytrewqlkjh",
    "usual word and digits": "Password123456",
    "the account's name": "zhang.wei-zhang.wei1",
    "the product": "huiyin-huiyin-1",
    "Chinese words": "回音密码欢迎政府管理员123",
    "full-width digits": "１２３４５６７８９０１２",
}


@pytest.mark.parametrize("password", GOOD)
def test_given_a_long_password_of_any_kind_then_it_is_taken(password: str) -> None:
    require_good("zhang.wei", password)


@pytest.mark.parametrize("password", GUESSABLE.values(), ids=GUESSABLE)
def test_given_what_anybody_would_try_first_then_it_is_refused(password: str) -> None:
    with pytest.raises(PasswordGuessable):
        require_good("zhang.wei", password)


def test_given_too_short_or_too_long_then_it_says_which() -> None:
    with pytest.raises(PasswordTooShort):
        require_good("handler", "xk9#vT2m!qL")
    with pytest.raises(PasswordTooLong):
        require_good("handler", "xk9#vT2m!q" * 26)


def test_given_a_new_password_then_it_is_random_and_good() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        require_good("handler", password)


def test_given_a_stored_hash_then_only_its_password_fits_on_any_keyboard() -> None:
    hasher = Hasher(Cost(passes=1, kibibytes=64))
    stored = hasher.hash("plough river 39 é")
    assert stored.startswith("$argon2id$")
    assert stored != hasher.hash("plough river 39 é")
    assert "plough" not in stored
    assert hasher.fits(stored, "plough river 39 é")
    assert hasher.fits(stored, "ｐｌｏｕｇｈ river 39 e\u0301")
    assert not hasher.fits(stored, "plough river 38 é")


def test_given_nothing_stored_then_no_password_fits_not_even_the_one_compared_with() -> None:
    hasher = Hasher(Cost(passes=1, kibibytes=64))
    assert not hasher.fits(None, "nobody has this password")


def test_given_the_usual_cost_then_the_hash_says_so() -> None:
    assert "$m=47104,t=2,p=1$" in Hasher().hash("plough river 39")
