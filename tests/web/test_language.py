"""In a course in another language, students' pages are translated, and instructors' pages are in English."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.store import Store
from grader.store.tables.tokens import MAX_TOKENS_PER_ACCOUNT

Enters = Callable[[str, str], Any]


@pytest.fixture(scope="module")
def french(course: Path, serving: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Yield a portal of the small course, in French."""
    folder = tmp_path_factory.mktemp("french")
    shutil.copytree(course / "reference", folder / "course" / "reference")
    rules = folder / "course" / "reference" / "course.toml"
    rules.write_text('language = "fr"\n' + rules.read_text())
    with serving(folder / "course", f"sqlite:///{folder / 'grader.db'}", folder) as running:
        yield running


@pytest.fixture
def enters(french: Any, enter: Callable[..., Any]) -> Iterator[Enters]:
    """Return a function that makes a signed-in person at that portal."""
    with Store.open(french.db) as store:
        yield lambda name, role: enter(french.url, store, name, role)


def test_the_page_of_tokens_is_in_the_language_of_the_course(enters: Enters) -> None:
    """The page, a new token, the refusal of one too many and the link in the bar are in French."""
    ada = enters("ada", "student")
    page = ada.post("/tokens", "/tokens", purpose="<i>{made}</i>").text
    assert '<html lang="fr">' in page
    for words in ('<a href="/tokens">Jetons</a>', "Votre nouveau jeton", "Créer un jeton", "Révoquer", "créé le 20"):
        assert words in page
    assert "le jeton &lt;i&gt;{made}&lt;/i&gt; du 20" in page
    assert not re.search(r"\b(token|Token|holds|Revoke|isn)\b", re.sub(r"<[^>]*>|grader submit.*", "", page))
    for _ in range(MAX_TOKENS_PER_ACCOUNT):
        answer = ada.post("/tokens", "/tokens")
    assert answer.status_code == 409
    assert f"Vous avez déjà {MAX_TOKENS_PER_ACCOUNT} jetons" in answer.text


def test_the_pages_of_an_instructor_are_in_english(enters: Enters) -> None:
    """Instructors' pages are in English in any course; a class of one has 1 student."""
    eve = enters("eve", "instructor")
    page = eve.get("/tokens").text
    assert '<html lang="en">' in page
    assert "Create token" in page
    table = ("class.csv", b"id,name\nada,Ada\n")
    assert "1 student is on record." in eve.post("/roster", "/roster", table).text
    assert ">1 student · " in eve.get("/class").text


def test_the_help_has_a_french_frame_around_english_documents(french: Any, enters: Enters) -> None:
    """Navigation, headings and the search are in French; the documents are marked as English."""
    ada = enters("bea", "student")
    page = ada.get("/help/").text
    assert '<html lang="fr">' in page
    for words in ('<a href="/help/">Aide</a>', ">Pour les étudiants</h2>", "<button>Chercher</button>"):
        assert words in page
    assert '<ul class="hits" lang="en">' in page
    assert '<article class="document" lang="en">' in ada.get("/help/students").text
