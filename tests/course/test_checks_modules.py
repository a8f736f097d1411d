"""The questions of an exercise may be in a folder of modules, which import from one another.

Covers `course/course_package.py`.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.course.extract_messages import extract_course_texts
from grader.course.loader import compute_course_version, load_course

SOLUTION = """\
# %% question="b"
def b(x):
    return 2 * x  # blank: twice

# %% question="a"
def a(x):
    return 3 * x  # blank: three times
"""
INPUTS = """\
def row(rng):
    return rng.normal(size=3)
"""
QUESTION = '''\
from grader.authoring import code_question, say
from .. import solution
from .inputs import row

NAME = code_question("NAME", title="NAME", points=1, reference=solution.NAME)

@NAME.check(points=1, holds=lambda value, x: say("It is {value}.", value=value[0]))
def a_row(rng):
    """A row."""
    return row(rng)
'''
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a course of one exercise with these modules of checks, and returns its folder."""

    def write_modules(**modules: str) -> Path:
        folder = tmp_path / "reference" / "letters" / "checks"
        folder.mkdir(parents=True)
        (tmp_path / "reference" / "course.toml").write_text('title = "Letters"\nexercises = ["letters"]\n')
        (folder.parent / "solution.py").write_text(SOLUTION)
        for name, text in ({"inputs": INPUTS} | modules).items():
            (folder / f"{name}.py").write_text(text)
        return tmp_path

    return write_modules


def question(name: str) -> str:
    """Return a module with a question of that name."""
    return QUESTION.replace("NAME", name)


def ids(folder: Path) -> list[str]:
    """Return the ids of the questions of a course's first exercise."""
    return [question.id for question in load_course(folder).exercises[0].questions]


def test_modules_of_a_folder(write: Write) -> None:
    """Each module has its questions and imports shared inputs; questions are in the order of the solution's cells."""
    folder = write(a=question("a"), z=question("b"))
    before = dict(sys.modules)
    assert ids(folder) == ["b", "a"]
    assert {name for name in sys.modules if name not in before and not name.startswith("grader_course_")} == set()
    assert not list(folder.rglob("__pycache__"))
    file = folder / "reference" / "letters" / "checks" / "inputs.py"
    version = compute_course_version(folder / "reference")
    file.write_text(INPUTS.replace("3", "4"))
    (check,) = load_course(folder).exercises[0].questions[0].checks
    assert check.name == "a_row"
    assert compute_course_version(folder / "reference") != version


def test_init_gives_the_order(write: Write) -> None:
    """`__init__.py` may import modules, whose questions come first, and may have questions of its own."""
    folder = write(
        __init__='"""Checks."""\nfrom .one import a\nfrom . import inputs\n', one=question("a"), two=question("b")
    )
    assert ids(folder) == ["a", "b"]
    (folder / "reference" / "letters" / "checks" / "__init__.py").write_text("")
    assert ids(folder) == ["b", "a"]


def test_a_module_is_executed_once(write: Write) -> None:
    """Modules that import each other share one module, whoever comes first."""
    used = question("a") + "\nfrom . import inputs\ninputs.counted.append(1)\n"
    folder = write(inputs=INPUTS + "counted = []\n", a=used, b=question("b") + "from .a import a as other, inputs\n")
    assert ids(folder) == ["b", "a"]
    shared = [vars(module) for name, module in sys.modules.items() if name.endswith("letters.checks.inputs")]
    assert [module["counted"] for module in shared if "counted" in module] == [[1]]


def test_texts_of_modules_are_translated(write: Write) -> None:
    """The sentences of `say` are extracted from every module of the folder."""
    texts = extract_course_texts(load_course(write(a=question("a"), b=question("b"))))
    message = texts.get("It is {value}.")
    assert message
    assert message.auto_comments == ["letters/checks/a.py", "letters/checks/b.py"]


def test_file_and_folder(write: Write) -> None:
    """A folder beside checks.py is refused in one line."""
    folder = write(a=question("a"), b=question("b"))
    (folder / "reference" / "letters" / "checks.py").write_text("")
    with pytest.raises(CourseError, match=r"letters/checks\.py: exercise 'letters' has a folder checks, too: move"):
        load_course(folder)


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        ({"a": "x = 1\n1 / 0"}, "reference/letters/checks/a.py:2: ZeroDivisionError: division by zero"),
        ({"a": "def"}, "reference/letters/checks/a.py:1: invalid syntax"),
        ({"a": question("a"), "b": "from .none import x"}, "reference/letters/checks/b.py:1: ModuleNotFoundError: "),
        ({"a": "from . import solution"}, "solution.py is one folder up: write from .. import solution"),
        ({"a": "from .solution import a"}, "checks/a.py:1: ImportError: solution.py is one folder up"),
        ({"a": question("a"), "inputs": "1 / 0"}, "reference/letters/checks/inputs.py:1: ZeroDivisionError"),
        ({"a": "from .b import y\nx = 1", "b": "from .a import x\ny = 1"}, "letters/checks/b.py:1: ImportError: "),
        ({}, "reference/letters/checks: the folder defines no question"),
        ({"a": question("a"), "b": question("a")}, "checks/b.py:5: question a: another question has the same id"),
        ({"a": question("a").replace("points=1, ref", "points=2, ref")}, "checks/a.py:5: question a: points=2"),
        ({"a": question("a").replace("a = code", "code")}, "checks/a.py:5: question a: no variable of this file"),
    ],
)
def test_errors_name_the_module(write: Write, modules: dict[str, str], said: str) -> None:
    """An error in a module is one line with its file and line."""
    if said.endswith("no variable of this file"):
        modules = {"a": modules["a"].partition("@a.check")[0]}
    with pytest.raises(CourseError) as error:
        load_course(write(**modules))
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert "grader_course_" not in str(error.value)


def test_nested_folders_are_refused(write: Write) -> None:
    """A module in a folder within the folder is refused, because it would never be executed."""
    folder = write(a=question("a"), b=question("b"))
    nested = folder / "reference" / "letters" / "checks" / "more"
    nested.mkdir()
    (nested / "c.py").write_text("")
    with pytest.raises(CourseError, match=r"letters/checks/more: modules of checks lie directly in checks/"):
        load_course(folder)
