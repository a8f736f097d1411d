"""The sample class: made of the course itself, the same every time, and readable as a real one."""

from pathlib import Path

import pytest

from grader.core.questions.exercise import Course
from grader.course.demo_class import STUDENTS, sample_class
from grader.course.loader import bundled, load
from grader.course.templates import solved, untouched
from grader.formats.discover import exercise_of, find
from grader.formats.read_submission import read


@pytest.fixture(scope="module")
def course() -> Course:
    """The bundled course."""
    return load(bundled())


def test_the_same_course_gives_the_same_class(course: Course) -> None:
    """Byte for byte, so that a second demo finds the same submissions."""
    assert list(sample_class(course)) == list(sample_class(load(bundled())))


def test_everybody_hands_in_everything(course: Course) -> None:
    """30 students with different names, each exercise once."""
    made = [(student, exercise) for student, exercise, _ in sample_class(course)]
    assert len(STUDENTS) == len(set(STUDENTS)) == 30
    assert sorted(made) == sorted((s, e.name) for s in STUDENTS for e in course.exercises)


def test_the_class_reads_like_a_real_one(course: Course, tmp_path: Path) -> None:
    """Each notebook is found, belongs to its student, and says which exercise it answers."""
    names = [e.name for e in course.exercises]
    for student, exercise, data in sample_class(course):
        (tmp_path / student).mkdir(exist_ok=True)
        (tmp_path / student / f"{exercise}.ipynb").write_bytes(data)
    found = find([tmp_path], names)
    assert len(found) == len(STUDENTS) * len(names)
    for one in found:
        program = read(one.path.name, one.path.read_bytes())
        assert (one.student, exercise_of(program, one, names)) == (one.path.parent.name, one.path.stem)
        assert program.exercise == one.path.stem


def test_there_is_one_of_each_sort(course: Course) -> None:
    """Right, untouched, wrong, and those that mean no good: each is what its name in this module says."""
    exercise = course.exercises[0]
    sources = {
        student: [cell.source for cell in read("x.ipynb", data).cells]
        for student, name, data in sample_class(course)
        if name == exercise.name
    }
    assert sources["ada"] == [cell.source for cell in solved(exercise).cells]
    assert sources["timnit"] == [cell.source for cell in untouched(exercise).cells]
    assert "while True" in sources["noam"][-1]
    assert "/etc/passwd" in sources["kurt"][-1]
    assert "np.allclose" in sources["yann"][0]
    assert sources["sofya"] != sources["ada"]
    assert len({tuple(source) for source in sources.values()}) > 8
