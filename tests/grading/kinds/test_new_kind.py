"""Tests of adding a kind of question as one module and one figure: it is judged, stored, released and shown."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent / "new_kind"

ADD_AND_RUN = """
import runpy, sys
from grader.core.questions import kinds
from grader.feedback import figures
folder = sys.argv.pop(1)
kinds.__path__.append(f"{folder}/kinds")
figures.__path__.append(f"{folder}/figures")
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Puts the modules of a folder among the kinds and figures of the program, and runs a script."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the output of each part of the program for a question of the new kind."""
    release = tmp_path_factory.mktemp("release")
    arguments = map(str, (HERE, HERE / "journey.py", HERE / "course", release))
    ran = subprocess.run([sys.executable, "-c", ADD_AND_RUN, *arguments], capture_output=True, text=True, timeout=200)
    assert ran.returncode == 0, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def test_it_is_judged_and_stored(found: dict[str, Any]) -> None:
    """Its rules give each answer its points, and a grading of it is read back unchanged."""
    assert found["graded"] == {
        "right": ["ordering", ["form", "passed", 0.0], ["right", "passed", 4.0]],
        "half": ["ordering", ["form", "passed", 0.0], ["right", "wrong_answer", 2.0]],
        "unreadable": ["ordering", ["form", "wrong_answer", 0.0], ["right", "wrong_answer", 0.0]],
    }
    assert found["stored"]


def test_it_is_released_without_the_right_answer(found: dict[str, Any]) -> None:
    """A release has the complete form that the module writes, and nothing of the order."""
    released = found["released"]
    (form,) = released["checks"]
    assert (released["kind"], released["left_out"]) == ("ordering", 0)
    assert form["form"] == {"kind": "ordering", "variables": ["sizes"], "items": ["ant", "cat", "cow", "elk"]}


def test_a_release_of_it_is_checked_against(found: dict[str, Any]) -> None:
    """The form that is read back is judged, and right and wrong answers look the same."""
    assert found["checked"] == {
        "right": ["ordering", ["form", "passed", 0.0]],
        "half": ["ordering", ["form", "passed", 0.0]],
        "unreadable": ["ordering", ["form", "wrong_answer", 0.0]],
    }


def test_it_is_on_pages_and_in_catalogues(found: dict[str, Any]) -> None:
    """The class page has its label, the student's page what was read, the course's catalogue its author's sentences."""
    assert len(found["class page"]) == 1
    assert found["student page"]
    assert found["figure"] == ['<ol class="ordering"><li>ant</li><li>cow</li><li>cat</li><li>elk</li></ol>']
    assert found["translated"]


def test_the_api_lists_it(found: dict[str, Any]) -> None:
    """The schema of a question enumerates the new kind among the others and describes it."""
    assert found["schema"]["enum"] == [
        *("choice", "code", "code_reading", "drawing", "experiment", "matching", "text"),
        "ordering",
    ]
    assert "ordering: Items are put in order." in found["schema"]["description"]
