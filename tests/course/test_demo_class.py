"""The demo class comes from the course itself, is reproducible, and can be read like a real class."""

from pathlib import Path

import pytest

from grader.core.questions.exercise import Course
from grader.course.demo_class import DEMO_STUDENTS, generate_demo_class
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import make_solved_submission, make_untouched_submission
from grader.formats.discover import find_submissions, resolve_exercise
from grader.formats.read_submission import parse_submission


@pytest.fixture(scope="module")
def course() -> Course:
    """Return the bundled course."""
    return load_course(bundled_course_folder())


def test_the_same_course_gives_the_same_class(course: Course) -> None:
    """Two generated classes are equal byte for byte, so that a second demo finds the same submissions."""
    assert list(generate_demo_class(course)) == list(generate_demo_class(load_course(bundled_course_folder())))


def test_every_student_submits_every_exercise(course: Course) -> None:
    """There are 30 students with different names, each with one submission per exercise."""
    made = [(student, exercise) for student, exercise, _ in generate_demo_class(course)]
    assert len(DEMO_STUDENTS) == len(set(DEMO_STUDENTS)) == 30
    assert sorted(made) == sorted((s, e.name) for s in DEMO_STUDENTS for e in course.exercises)


def test_the_class_is_collected_like_a_real_one(course: Course, tmp_path: Path) -> None:
    """Each notebook is found, belongs to its student, and names the exercise that it answers."""
    names = [e.name for e in course.exercises]
    for student, exercise, data in generate_demo_class(course):
        (tmp_path / student).mkdir(exist_ok=True)
        (tmp_path / student / f"{exercise}.ipynb").write_bytes(data)
    found = find_submissions([tmp_path], names)
    assert len(found) == len(DEMO_STUDENTS) * len(names)
    for one in found:
        program = parse_submission(one.path.name, one.path.read_bytes())
        assert (one.student, resolve_exercise(program, one, names)) == (one.path.parent.name, one.path.stem)
        assert program.exercise == one.path.stem


def test_each_category_of_submission_occurs(course: Course) -> None:
    """There are right, untouched, wrong and hostile submissions, each with its intended content."""
    exercise = course.exercises[0]
    sources = {
        student: [cell.source for cell in parse_submission("x.ipynb", data).cells]
        for student, name, data in generate_demo_class(course)
        if name == exercise.name
    }
    assert sources["ada"] == [cell.source for cell in make_solved_submission(exercise).cells]
    assert sources["timnit"] == [cell.source for cell in make_untouched_submission(exercise).cells]
    assert "while True" in sources["noam"][-1]
    assert "/etc/passwd" in sources["kurt"][-1]
    assert "np.allclose" in sources["yann"][0]
    assert sources["sofya"] != sources["ada"]
    assert len({tuple(source) for source in sources.values()}) > 8
