"""In a course in another language, all pages are in that language."""

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


INSTRUCTORS_PAGES = ("/class", "/submissions", "/marking", "/roster", "/regrade", "/export", "/course", "/class/report")


def test_the_pages_of_an_instructor_are_in_the_language_of_the_course(enters: Enters) -> None:
    """Pages, navigation, answers to forms and errors are French; a class of one has 1 student."""
    eve = enters("eve", "instructor")
    table = ("class.csv", b"id,name\nada,Ada\n")
    assert "1 étudiant est enregistré." in eve.post("/roster", "/roster", table).text
    assert ">1 étudiant · " in eve.get("/class").text
    assert "Rien n&#39;a été changé : la liste est vide" in eve.post("/roster", "/roster", ("class.csv", b"\n")).text
    assert "Page introuvable" in eve.get("/student?name=nobody").text
    for path in (*INSTRUCTORS_PAGES, "/student?name=ada", "/tokens", "/password"):
        page = re.sub(r"<(script|style)\b.*?</\1>", "", eve.get(path).text, flags=re.DOTALL)
        assert '<html lang="fr">' in page, path
        texts = {" ".join(text.split()) for text in re.findall(r">([^<>]+)<", page)}
        english = {text for text in texts if re.search(r"\b(the|of|is|are|not|and|to|for|with|all|no)\b", text)}
        assert english == set(), path


def test_the_help_has_a_french_frame_around_english_documents(french: Any, enters: Enters) -> None:
    """Navigation, headings and the search are in French; the documents are marked as English."""
    ada = enters("bea", "student")
    page = ada.get("/help/").text
    assert '<html lang="fr">' in page
    for words in ('<a href="/help/">Aide</a>', ">Pour les étudiants</h2>", "<button>Chercher</button>"):
        assert words in page
    assert '<ul class="hits" lang="en">' in page
    assert '<article class="document" lang="en">' in ada.get("/help/students").text
