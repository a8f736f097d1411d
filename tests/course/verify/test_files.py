"""Templates that are missing or outdated, and helpers that students don't have, are reported."""

from pathlib import Path

from grader.course.loader import load_course
from grader.course.templates import write_templates
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
