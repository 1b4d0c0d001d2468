"""What the log teaches: from words that nobody is shown, without complaints about officials, and not from a handful."""

from pathlib import Path

import psycopg
import pytest

from services.persistence.scope import Scope, scoped
from services.suggestions import teaching
from services.suggestions.categories import piece_id
from services.suggestions.learned_file import LearnedFile
from services.suggestions.teaching import Taught, TooLittleToLearn, teach
from tests.services.api.conftest import Api

SECRET = b"s" * 32
SAID = {"culture": "锣鼓队缺少行头", "construction": "瓦檐掉落伤人"}


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    """Six households' cases of either category, and as many complaints of a third."""
    for nth in range(6):
        for category, text in SAID.items():
            api.lived(
                "logged", category=category, description=text, title=None, household=f"W-{category[:3].upper()}{nth}"
            )
        complaint = {"category": "conduct", "concerns": "handler", "by": "lead"}
        api.lived("logged", description="窗口推诿不办", title=None, household=f"W-CMP{nth}", **complaint)
    api.follow()
    return api


def taught(api: Api, kept: LearnedFile) -> Taught:
    with (
        psycopg.connect(api.database.app_dsn, autocommit=True) as connection,
        scoped(connection, Scope.whole()),
    ):
        return teach(connection, api.parts.unsealing, kept, api.clock())


def test_given_a_handful_of_issues_then_nothing_is_learned(told: Api, tmp_path: Path) -> None:
    with pytest.raises(TooLittleToLearn):
        taught(told, LearnedFile(tmp_path, SECRET))
    assert not list(tmp_path.iterdir())


def test_given_enough_then_sealed_words_teach_and_nobody_is_shown_any(
    told: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching, "LEAST_ISSUES", 12)
    kept = LearnedFile(tmp_path, SECRET)
    found = taught(told, kept)
    assert found.by_category == {"construction": 6, "culture": 6}
    best = kept.model().likely("锣鼓队要行头", ["culture", "construction", "conduct"])[0]
    assert best.category == "culture"
    learned = kept.model().learned
    assert learned is not None
    assert piece_id(SECRET, "推诿") not in learned.pieces, "complaints about officials teach nothing"
    assert told.inside.execute("select count(*) from look").fetchone() == (0,)
