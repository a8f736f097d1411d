"""`--lang`, `GRADER_LANG` and `language` in course.toml choose the language of student output."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.course.loader import bundled_course_folder

Command = Callable[..., Any]
ANSWER = """\
import numpy as np


def mean_squared_error(d, y):
    return np.mean((d - y) ** 2)


def softmax(u):
    powers = np.exp(u)
    return powers / np.sum(powers)


def cross_entropy_error(d, y):
    return -np.log(y[range(len(d)), d]).missing


task_table = {"regression": ["identity", "nothing"]}
"""


@pytest.fixture
def answer(elsewhere: Path) -> Path:
    """A script with wrong answers, some raising, most of them missing."""
    file = elsewhere / "losses.py"
    file.write_text(ANSWER, "utf-8")
    return file


@pytest.mark.usefixtures("bundled")
def test_a_student_reads_french(grader: Command, answer: Path, golden: Callable[[str, str], None]) -> None:
    """All output of `grader check` is French: sentences, messages, remarks, hints. Names in code stay as they are."""
    ran = grader("check", "losses.py", "--lang", "fr")
    assert ran.code == 1
    golden("check.fr.txt", re.sub(r"enregistré [^(\n]+ \(\d\d:\d\d\)", "enregistré alors", ran.out))


@pytest.mark.usefixtures("bundled")
def test_the_environment_chooses_too(grader: Command, answer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GRADER_LANG is the default of `--lang`."""
    monkeypatch.setenv("GRADER_LANG", "fr")
    assert "point sur" in grader("check", "losses.py").out
    assert "of 8.25 points" in grader("check", "losses.py", "--lang", "en").out


def test_the_course_chooses(grader: Command, course_folder: Path, elsewhere: Path) -> None:
    """`language = "fr"` is the default of a course; its own catalogue translates its texts."""
    settings = course_folder / "reference" / "course.toml"
    settings.write_text('title = "Small"\nlanguage = "fr"\nexercises = ["doubling"]\n', "utf-8")
    (elsewhere / "doubling.py").write_text("def twice(x):\n    return x\n", "utf-8")
    before = grader("check", "doubling.py", "--course", course_folder)
    assert "point sur" in before.out
    written = grader("translate", "fr", "--course", course_folder)
    assert written.code == 0
    file = course_folder / "reference" / "locale" / "fr.po"
    text = file.read_text("utf-8")
    file.write_text(text.replace('msgid "Doubling"\nmsgstr ""', 'msgid "Doubling"\nmsgstr "Doubler"'), "utf-8")
    assert "\nDoubler " in grader("check", "doubling.py", "--course", course_folder).out
    assert "\nDoubling " in grader("check", "doubling.py", "--course", course_folder, "--lang", "en").out


@pytest.mark.usefixtures("bundled")
def test_json_is_in_the_language(grader: Command, answer: Path) -> None:
    """Sentences, messages and hints in the JSON are translated; keys and verdicts are not."""
    said = json.loads(grader("check", "losses.py", "--lang", "fr", "--json").out)
    softmax = next(q for q in said["questions"] if q["id"] == "softmax")
    batch = next(c for c in softmax["checks"] if c["name"] == "a_batch")
    assert batch["verdict"] == "wrong_answer"
    assert batch["says"] == "Un lot de deux exemples à quatre scores chacun, de forme (2, 4)."
    assert batch["hint"].startswith("Il y a deux erreurs. Vous avez divisé par la somme du lot entier")


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("lang", ["xx", "../../x", "fr/../fr", "/etc/passwd"])
@pytest.mark.parametrize("command", [("check", "losses.py"), ("report", "--to", "report"), ("release", "--to", "kit")])
def test_an_unknown_language_is_wrong_use(grader: Command, answer: Path, command: tuple[str, ...], lang: str) -> None:
    """An unknown language gives one line with the known ones and exit code 2; nothing is read or written."""
    ran = grader(*command, "--lang", lang)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"grader: the language {lang!r} is not available; choose one of: en, fr\n"


def test_errors_are_french(grader: Command, elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors about unreadable and missing files, and files outside of a release, are translated too."""
    (elsewhere / "losses.ipynb").write_bytes(b"<html>")
    alone = grader("check", "losses.ipynb", "--lang", "fr")
    assert alone.code == 2
    assert alone.err.startswith("grader: aucun dossier `checks` ici, ni dans . ni au-dessus : remettez")
    monkeypatch.setenv("GRADER_COURSE", str(bundled_course_folder()))
    unreadable = grader("check", "losses.ipynb", "--lang", "fr")
    assert unreadable.code == 3
    assert unreadable.out == "vérifié avec le cours fourni, Apprentissage profond, jour 1\n"
    assert unreadable.err == (
        "grader: losses.ipynb est une page web, pas un notebook : téléchargez ou enregistrez le fichier .ipynb "
        "lui-même\n"
    )
    nowhere = grader("check", "nowhere.py", "--lang", "fr")
    assert (nowhere.code, nowhere.err) == (2, "grader: nowhere.py : ce fichier ou dossier n'existe pas\n")


def test_a_release_is_in_french(grader: Command, elsewhere: Path) -> None:
    """A release's README is in the chosen language, with the translations of its own texts only."""
    assert grader("release", "--to", "kit", "--lang", "fr").code == 0
    readme = (elsewhere / "kit" / "README.md").read_text("utf-8")
    assert readme.startswith("# Apprentissage profond, jour 1\n")
    assert "| fichier | exercice |" in readme
    assert "Remplissez chaque `____`" in readme
    (elsewhere / "kit" / "losses.py").write_text(ANSWER, "utf-8")
    ran = grader("check", "kit/losses.py", "--lang", "fr")
    assert "Vous avez divisé par la somme du lot entier" in ran.out
    held = (elsewhere / "kit" / "checks" / "release.json").read_text("utf-8")
    assert "Un lot est normalisé ligne par ligne." not in held  # the sentence of a hidden check
    assert grader("release", "--to", "kit.zip").code == 0
    with zipfile.ZipFile(elsewhere / "kit.zip") as archive:
        assert archive.read("README.md").startswith(b"# Deep learning, day 1\n")
