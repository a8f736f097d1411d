"""A release is complete and reproducible, and reveals no answer.

Covers `core/questions/stubs.py`, `course/bundle/` and `services/release.py`.
"""

import ast
import io
import json
import re
import tokenize
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from grader.core.judging.reference_data import PUBLIC_SECRET, compute_reference_data
from grader.core.questions.exercise import Course, Exercise
from grader.course.bundle.read_bundle import load_bundle
from grader.course.bundle.write_bundle import render_bundle, select_exercise
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import make_untouched_submission, read_source_cells
from grader.formats.script import read_script

SHORTEST = 14
"""Least number of characters, without blanks, of a line that reveals something: `return x + b` occurs anywhere."""


@pytest.fixture(scope="module")
def course() -> Course:
    """Return the bundled course."""
    return load_course(bundled_course_folder())


@pytest.fixture(scope="module")
def made(course: Course) -> dict[str, bytes]:
    """Return its release."""
    return render_bundle(course, PUBLIC_SECRET)


@pytest.fixture(scope="module")
def texts(made: dict[str, bytes]) -> dict[str, str]:
    """Return its text without white space: files, and members of archives, with escapes of JSON and npy undone."""
    found = {}
    for name, data in made.items():
        members = {name: data}
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = {f"{name}/{inner}": archive.read(inner) for inner in archive.namelist()}
        for inner, content in members.items():
            text = content.decode("utf-8", "replace").replace('\\"', '"').replace("\\n", "\n")
            found[inner] = bare(text)
    return found


def bare(text: str) -> str:
    """Return a text without white space and JSON's backslashes."""
    return re.sub(r"[\s\\]", "", text)


def given_lines(course: Course) -> set[str]:
    """Return the lines that a lesson shows to students, because it calls what another asks for."""
    released = [cell.release_text for exercise in course.exercises for cell in read_source_cells(exercise)]
    return {line.partition("#")[0].strip() for text in released for line in text.splitlines()}


def hidden_lines(exercise: Exercise, given: set[str]) -> Iterator[str]:
    """Yield the lines of a solution that students don't get."""
    for cell in read_source_cells(exercise):
        for line in cell.solution_text.splitlines():
            if line.partition("#")[0].strip() not in given:
                yield line.partition("  #")[0].strip()


def code_lines(file: Path) -> Iterator[str]:
    """Yield a program's lines of code: no docstring, no comment, no line that is only text."""
    source = file.read_text("utf-8")
    told: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            told |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    named = {t.start[0] for t in tokenize.generate_tokens(io.StringIO(source).readline) if t.type == tokenize.NAME}
    for number, line in enumerate(source.splitlines(), 1):
        if number in named - told and not line.startswith(("import ", "from ")):
            yield line.strip()


def absent(lines: Iterator[str], texts: Mapping[str, str]) -> int:
    """Assert that no revealing line occurs in the texts; return the number of lines tested."""
    looked_for = 0
    for line in {bare(line) for line in lines}:
        if len(line) < SHORTEST or line.endswith(":"):  # the head of a loop reveals nothing
            continue
        looked_for += 1
        for name, text in texts.items():
            assert line not in text, f"{name} holds {line}"
    return looked_for


def test_no_line_of_a_solution_is_released(course: Course, texts: dict[str, str]) -> None:
    """No line behind a blank is in any file or archive."""
    given = given_lines(course)
    assert sum(absent(hidden_lines(exercise, given), texts) for exercise in course.exercises) > 50


def test_no_line_of_checks_is_released(course: Course, texts: dict[str, str]) -> None:
    """No line of code of any checks, including known mistakes, is in the data of the checks."""
    of_checks = {name: text for name, text in texts.items() if name.startswith("checks/") or name == "README.md"}
    files = [
        file
        for e in course.exercises
        for file in (*Path(e.folder).glob("checks.py"), *Path(e.folder).glob("checks/*.py"))
    ]
    lines = [absent(code_lines(file), of_checks) for file in files]
    assert sum(lines) > 500


def test_no_hidden_check_is_released(course: Course, made: dict[str, bytes], texts: dict[str, str]) -> None:
    """Neither the sentence nor a random input of a hidden check is in any file."""
    arrays = b"".join(
        archive.read(name)
        for data in made.values()
        if zipfile.is_zipfile(io.BytesIO(data))
        for archive in [zipfile.ZipFile(io.BytesIO(data))]
        for name in archive.namelist()
    )
    looked_for = 0
    for exercise in course.exercises:
        visible = {str(check.says) for q in exercise.questions for check in q.checks if not check.hidden}
        complete = compute_reference_data(exercise, PUBLIC_SECRET)
        for question in exercise.questions:
            for check in question.checks:
                if not check.hidden:
                    continue
                assert str(check.says) in visible or bare(str(check.says)) not in "".join(texts.values())
                for case in complete.cases.get((question.id, check.name), ()):
                    for arg in case.args:
                        if isinstance(arg, np.ndarray) and np.unique(arg).size > 10:
                            looked_for += 1
                            assert arg.tobytes() not in arrays
    assert looked_for > 20


def test_no_answer_of_a_choice_is_released(course: Course, made: dict[str, bytes], texts: dict[str, str]) -> None:
    """The released data of a choice, a matching and a line of code have no key for the right answer or the rubric."""
    for exercise in course.exercises:
        for question in json.loads(made[f"checks/{exercise.name}.json"])["questions"]:
            for check in question["checks"]:
                assert check.get("form", {}).keys() <= {"kind", "variables", "options", "items", "several"}
    for exercise in course.exercises:
        for question in exercise.questions:
            for told in (question.ideal, *question.rubric):
                assert not told or bare(told) not in "".join(texts.values())


def test_a_release_is_deterministic(made: dict[str, bytes]) -> None:
    """Two releases, each from a newly loaded course, are equal byte for byte."""
    assert render_bundle(load_course(bundled_course_folder()), PUBLIC_SECRET) == made


def test_scripts_hold_the_same_cells(course: Course, made: dict[str, bytes]) -> None:
    """A template as a script has the notebook's cells, in order, with their questions, and names its exercise."""
    for exercise in course.exercises:
        program = read_script(made[f"{exercise.name}.py"])
        assert program.exercise == exercise.name
        template = make_untouched_submission(exercise)
        for kind in ("code", "markdown"):
            ours = [(c.question, c.source.rstrip()) for c in program.cells if c.kind == kind]
            theirs = [(c.question, c.source.rstrip()) for c in template.cells if c.kind == kind]
            assert [(q, bare(s)) for q, s in ours] == [(q, bare(s)) for q, s in theirs]


def test_scripts_are_python(course: Course, made: dict[str, bytes]) -> None:
    """A template as a script can be compiled unchanged."""
    for exercise in course.exercises:
        compile(made[f"{exercise.name}.py"], exercise.name, "exec")


def test_the_release_of_one_exercise(course: Course, made: dict[str, bytes], tmp_path: Path) -> None:
    """It has the same files, names no other exercise, and lacks the functions that any exercise asks for."""
    exercise = course.exercise("backpropagation")
    files = select_exercise(course, exercise, made)
    own = {"README.md", "checks/release.json"}
    assert {name: data for name, data in files.items() if name not in own}.items() <= made.items()
    assert [name for name in files if name not in own] == [
        *("backpropagation.ipynb", "backpropagation.py"),
        *("checks/backpropagation.json", "checks/backpropagation.npz", "common/functions.py"),
    ]
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    bundle = load_bundle(tmp_path)
    assert [one.name for one in bundle.course.exercises] == ["backpropagation"]
    assert bundle.course.exercises[0].modules.keys() == {"common", "common.functions"}
    texts = files["README.md"].decode() + files["checks/release.json"].decode()
    assert all(one.name == "backpropagation" or f"`{one.name}" not in texts for one in course.exercises)
    assert "losses" not in files["checks/release.json"].decode()
