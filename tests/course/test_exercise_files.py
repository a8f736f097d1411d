"""A course with an exercise of several files: loaded, built, and its declarations checked."""

from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.course.exercise_files import find_notebook, list_asked_files, read_given_files
from grader.course.loader import load_course
from grader.course.templates import build_templates, make_mistaken_submission, make_solved_submission
from tests import file_set_course


def test_functions_are_looked_up_where_the_references_lie(tmp_path: Path) -> None:
    """The reference's own file is that of the answer; the given module goes into the sandbox."""
    exercise = load_course(file_set_course.write_course(tmp_path)).exercise("nets")
    assert exercise.files == ("models/linear.py", "models/deep.py", "nets.ipynb")
    linear, deep = exercise.files[:2]
    assert exercise.files_by_name == {"scores": linear, "loss": linear, "forward": deep}
    assert exercise.modules == {"models.shapes": file_set_course.SHAPES}


def test_students_get_the_files_with_blanks(tmp_path: Path) -> None:
    """Each file has its blanks, and the notebook is made of solution.py; the other exercise stays one notebook."""
    files = build_templates(load_course(file_set_course.write_course(tmp_path)))
    assert sorted(files) == [
        "exercises/nets/models/deep.py",
        "exercises/nets/models/linear.py",
        "exercises/nets/models/shapes.py",
        "exercises/nets/nets.ipynb",
        "exercises/warmup.ipynb",
    ]
    linear = files["exercises/nets/models/linear.py"].decode()
    assert linear.count("____") == 2
    assert "return ____  # the mean over the rows" in linear


def test_submissions_are_made_of_all_files(tmp_path: Path) -> None:
    """The solution is the notebook's cells and the modules; a mistake replaces its function in its module."""
    exercise = load_course(file_set_course.write_course(tmp_path)).exercise("nets")
    modules = [cell for cell in make_solved_submission(exercise).cells if cell.kind == "module"]
    assert [cell.label for cell in modules] == ["models/deep.py", "models/linear.py"]
    mistaken = make_mistaken_submission(exercise, {"loss": "not_divided"})
    assert "** 2) / 2" in next(cell.source for cell in mistaken.cells if cell.label == "models/linear.py")


def test_a_module_can_be_named(tmp_path: Path) -> None:
    """`module=` says where a function is looked up whose reference lies elsewhere."""
    folder = file_set_course.write_course(tmp_path)
    checks = folder / "reference" / "nets" / "checks.py"
    text = checks.read_text()
    checks.write_text(text.replace("reference=solution.gain", 'reference=solution.gain, module="models.deep"'))
    assert load_course(folder).exercise("nets").files_by_name["gain"] == "models/deep.py"
    checks.write_text(text.replace("reference=solution.gain", 'reference=solution.gain, module="models.wide"'))
    with pytest.raises(
        CourseError, match=r"question gain: module='models.wide' is none of the exercise's files: models"
    ):
        load_course(folder)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("models/linear.py", "../linear.py", "'../linear.py' is not a path of a notebook or script"),
        ('"models/deep.py", ', '"models/linear.py", ', "two of the files have the same path"),
        ('"models/deep.py"', '"models/wide.py"', "wide.py: this file of the exercise has no solution"),
        ('["models/linear.py", "models/deep.py", "nets.ipynb"]', "[]", "no file is named"),
    ],
)
def test_wrong_settings_are_told(tmp_path: Path, before: str, after: str, problem: str) -> None:
    """Each wrong entry of `files` gives one sentence."""
    folder = file_set_course.write_course(tmp_path)
    settings = folder / "reference" / "course.toml"
    settings.write_text(settings.read_text().replace(before, after))
    with pytest.raises(CourseError, match=problem):
        load_course(folder)


def test_a_pattern_asks_for_the_files_of_the_solution(tmp_path: Path) -> None:
    """A pattern with a star asks for the solution's files, and allows others."""
    folder = file_set_course.write_course(tmp_path)
    settings = folder / "reference" / "course.toml"
    settings.write_text(settings.read_text().replace('"models/linear.py", "models/deep.py"', '"models/*.py"'))
    exercise = load_course(folder).exercise("nets")
    names = ("deep", "linear", "shapes", "*")
    assert exercise.files == (*(f"models/{name}.py" for name in names), "nets.ipynb")
    assert exercise.files_by_name["loss"] == "models/linear.py"


def test_files_are_asked_for_or_given(tmp_path: Path) -> None:
    """A file that no pattern fits is given; a notebook that lies among the files is not made of solution.py."""
    folder = file_set_course.write_files(tmp_path, {"files/a.py": "x = 1\n", "files/n.ipynb": "{}", "files/.b.py": ""})
    assert [one.path for one in list_asked_files(folder, ("*.py",))] == ["a.py"]
    assert read_given_files(folder, ("*.py", "n.ipynb")) == {"n.ipynb": b"{}"}
    assert find_notebook(folder, ("n.ipynb",)) is None
    assert find_notebook(folder, ("a.py", "other.ipynb")) == "other.ipynb"
