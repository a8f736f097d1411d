"""Courses are loaded by path, several in one process, and leave the interpreter unchanged.

Covers `core/questions/exercise.py`.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

from grader.core.errors import CourseError
from grader.core.wire.job import Limits
from grader.course.loader import bundled_course_folder, compute_course_version, load_course


def test_bundled_course() -> None:
    """The bundled course has its exercises in the order of course.toml."""
    course = load_course(bundled_course_folder())
    names = ["overview", "activations", "losses", "gradient_descent", "backpropagation"]
    assert [e.name for e in course.exercises] == names
    assert {"softmax", "cross_entropy_error"} <= {q.id for q in course.exercise("losses").questions}
    assert course.packages == ("numpy",)


def test_small_course(course_folder: Path) -> None:
    """A folder with a reference/ is loaded with its title, exercise, question and points."""
    course = load_course(course_folder)
    exercise = course.exercises[0]
    assert (course.title, course.folder, course.language) == ("Small", course_folder, "en")
    assert (exercise.name, exercise.title, exercise.max_score) == ("doubling", "Doubling", 3)
    assert exercise.limits == Limits()
    assert exercise.modules == {}


def test_two_courses_in_one_process(course_folder: Path, tmp_path: Path) -> None:
    """Two folders with the same names inside don't affect each other."""
    other = tmp_path / "other"
    other.joinpath("reference").mkdir(parents=True)
    for file in ("course.toml", "doubling/solution.py", "doubling/checks.py"):
        target = other / "reference" / file
        target.parent.mkdir(exist_ok=True)
        target.write_text((course_folder / "reference" / file).read_text().replace("x + x", "3 * x"))
    references = [load_course(folder).exercises[0].questions[0].reference for folder in (course_folder, other)]
    assert [reference(2) for reference in references if reference] == [4, 6]


def test_edited_course_is_reloaded(course_folder: Path) -> None:
    """An edit of the same length within the same second is seen, because nothing is cached."""
    solution = course_folder / "reference" / "doubling" / "solution.py"
    load_course(course_folder)
    solution.write_text(solution.read_text().replace("x + x", "x * 9"))
    reference = load_course(course_folder).exercises[0].questions[0].reference
    assert reference
    assert reference(2) == 18
    assert not list(course_folder.rglob("__pycache__"))


def test_interpreter_is_left_unchanged(course_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Loading changes no search path, leaves no module under a short name, and prints nothing."""
    add_helper(course_folder)
    before, modules = list(sys.path), set(sys.modules)
    load_course(course_folder)
    assert sys.path == before
    assert all(name.startswith("grader_course_") for name in set(sys.modules) - modules)
    assert capsys.readouterr().out == ""


def add_helper(course_folder: Path) -> None:
    """Add a helper module that the course's solution uses."""
    folder = course_folder / "reference"
    (folder / "common").mkdir()
    (folder / "common" / "functions.py").write_text("def add(a, b):\n    return a + b\n")
    solution = folder / "doubling" / "solution.py"
    text = solution.read_text().replace("import numpy as np", "import numpy as np\nfrom common import functions")
    solution.write_text(text.replace("x + x", "functions.add(x, x)"))


@pytest.mark.parametrize(
    "line",
    [
        "from common import functions",
        "from common.functions import add",
        "import common.functions as functions",
        "import common.functions",
    ],
)
def test_helper_module(course_folder: Path, line: str) -> None:
    """A solution may import a helper in any form, at any time; the exercise carries its source for the sandbox."""
    add_helper(course_folder)
    solution = course_folder / "reference" / "doubling" / "solution.py"
    body = f"def later():\n    {line}\n\nfrom common import functions"
    solution.write_text(solution.read_text().replace("from common import functions", body))
    exercise = load_course(course_folder).exercises[0]
    reference = exercise.questions[0].reference
    assert reference
    assert np.array_equal(reference(np.ones(2)), [2, 2])
    reference.__globals__["later"]()
    assert exercise.modules == {"common": "", "common.functions": "def add(a, b):\n    return a + b\n"}
    with pytest.raises(ModuleNotFoundError):
        __import__("common.functions")


def test_version_depends_on_names_and_bytes(course_folder: Path) -> None:
    """The version changes with any file's bytes or name, and not with caches."""
    reference = course_folder / "reference"
    versions = [compute_course_version(reference)]
    (reference / "doubling" / "__pycache__").mkdir()
    (reference / "doubling" / "__pycache__" / "checks.pyc").write_bytes(b"cache")
    assert compute_course_version(reference) == versions[0]
    extra = reference / "doubling" / "notes.txt"
    for text in ("a", "b"):
        extra.write_text(text)
        versions.append(compute_course_version(reference))
    extra.rename(extra.with_name("other.txt"))
    versions.append(compute_course_version(reference))
    assert len(set(versions)) == 4
    assert all(len(v) == 16 and int(v, 16) >= 0 for v in versions)


def test_folder_without_a_course(tmp_path: Path) -> None:
    """The error for a folder without a course names the missing file."""
    with pytest.raises(CourseError, match=r"no course in .*: reference/course\.toml is missing"):
        load_course(tmp_path)


@pytest.mark.parametrize("name", ["solution.py", "checks.py"])
def test_missing_file(course_folder: Path, name: str) -> None:
    """The error for an exercise without one of its two files names that file."""
    (course_folder / "reference" / "doubling" / name).unlink()
    with pytest.raises(CourseError, match=rf"reference/doubling/{name}: exercise 'doubling' has no {name}"):
        load_course(course_folder)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (
            "solution.py",
            "import numpy\n1 / 0\n",
            "reference/doubling/solution.py:2: ZeroDivisionError: division by zero",
        ),
        ("solution.py", "import numpy\nx = (\n", "reference/doubling/solution.py:2: '(' was never closed"),
        ("solution.py", "import nothing_of_that_name\n", "solution.py:1: ModuleNotFoundError"),
        ("solution.py", "raise SystemExit\n", "solution.py:1: SystemExit"),
        ("solution.py", "x = '\x00'\n", "reference/doubling/solution.py"),
        (
            "checks.py",
            "from . import solution\nsolution.thrice\n",
            "module 'doubling.solution' has no attribute 'thrice'",
        ),
        ("checks.py", "x = 1\n", "reference/doubling/checks.py: the file defines no question"),
        ("checks.py", "import numpy as np\nnp.zeros(-1)\n", "reference/doubling/checks.py:2: ValueError"),
    ],
)
def test_author_exception(course_folder: Path, file: str, text: str, said: str) -> None:
    """Any exception in an author's file becomes one line with its file and line."""
    (course_folder / "reference" / "doubling" / file).write_text(text)
    with pytest.raises(CourseError) as error:
        load_course(course_folder)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


PICK = """

from grader.authoring import choice_question

{}choice_question("pick", title="Pick", points=1, options={{"A": "a"}}, right={{"A"}})
"""


@pytest.mark.parametrize("more", ["", "twice = ", "unused = [", "1 and "])
def test_a_question_without_a_name(course_folder: Path, more: str) -> None:
    """A question that no variable holds, or that a later one replaces, is an error with its line and a remedy."""
    checks = course_folder / "reference" / "doubling" / "checks.py"
    text = checks.read_text()
    start = text.index("twice = ") if more == "twice = " else len(text)
    checks.write_text(
        text[:start] + PICK.format(more).replace('A"})\n', 'A"})]\n' if "[" in more else 'A"})\n') + text[start:]
    )
    line = text[:start].count("\n") + 5
    with pytest.raises(CourseError) as error:
        load_course(course_folder)
    assert str(error.value).startswith(f"reference/doubling/checks.py:{line}: question pick: no variable of this file")
    assert "write `pick = ` in front of it" in str(error.value)


def test_two_questions_with_one_id(course_folder: Path) -> None:
    """Two questions of an exercise with the same id are an error."""
    checks = course_folder / "reference" / "doubling" / "checks.py"
    text = checks.read_text()
    checks.write_text(text + text[text.index("twice = ") :].replace("twice = ", "again = ").replace("@twice", "@again"))
    with pytest.raises(CourseError, match="question twice: another question has the same id"):
        load_course(course_folder)
