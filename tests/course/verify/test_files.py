"""Templates that are missing or outdated, and helpers that students don't have, are reported."""

from pathlib import Path

from grader.course.loader import load_course
from grader.course.templates import collect_helper_modules, write_templates
from grader.course.verify.files import find_missing_helpers, find_stale_templates


def test_outdated_template(course_folder: Path) -> None:
    """A template that is missing, or differs from the current solution, is reported."""
    course = load_course(course_folder)
    assert list(map(str, find_stale_templates(course))) == ["exercises/doubling.ipynb is missing: build the templates"]
    write_templates(course, course_folder)
    assert list(map(str, find_stale_templates(course))) == []
    (course_folder / "exercises" / "doubling.ipynb").write_text("{}")
    assert list(map(str, find_stale_templates(course))) == [
        "exercises/doubling.ipynb no longer matches its solution: build the templates"
    ]


def test_unknown_helper(course_folder: Path) -> None:
    """A helper that a solution uses and students don't have is reported."""
    (course_folder / "reference" / "common").mkdir()
    (course_folder / "reference" / "common" / "functions.py").write_text("def known():\n    return 1\n")
    solution = course_folder / "reference" / "doubling" / "solution.py"
    used = "# %%\nfrom common import functions\n\n# %%\nif False:\n    functions.known(), functions.unknown()\n"
    solution.write_text(f"{solution.read_text()}\n{used}")
    said = list(map(str, find_missing_helpers(load_course(course_folder))))
    assert any(one.startswith("doubling: students don't have common.functions.unknown: ") for one in said)


def _write_helpers(course_folder: Path, imported: str, **modules: str) -> None:
    (course_folder / "reference" / "common").mkdir()
    for name, text in modules.items():
        (course_folder / "reference" / "common" / f"{name}.py").write_text(text)
    solution = course_folder / "reference" / "doubling" / "solution.py"
    solution.write_text(f"{solution.read_text()}\n# %%\n{imported}\n")


def test_a_helper_that_a_helper_imports_is_handed_out(course_folder: Path) -> None:
    """What a notebook doesn't import itself is in the release, too, if a helper of it needs it; nothing else is."""
    base = "def one():\n    return 1\n"
    functions = "from common.base import one\n\n\ndef two():\n    return 2 * one()\n"
    _write_helpers(course_folder, "from common.functions import two", base=base, functions=functions, other=base)
    course = load_course(course_folder)
    assert collect_helper_modules(course) == {"common.base": base, "common.functions": functions}
    assert collect_helper_modules(course, []) == {}


def test_names_that_a_star_imports(course_folder: Path) -> None:
    """Of `import *`, the names count that the program uses: each must be in the students' copy."""
    text = "def known():\n    return 1\n\n\ndef twice_known():\n    return twice(1)\n\n\ndef twice(x):\n    return 2\n"
    _write_helpers(course_folder, "from common.functions import *\n\nknown()", functions=text)
    assert list(map(str, find_missing_helpers(load_course(course_folder)))) == []
