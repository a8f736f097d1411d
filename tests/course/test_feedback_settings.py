"""`[feedback]` of course.toml: inherited key by key, and each mistake in it named with its line.

Covers `course/toml_values.py`.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.core.results.disclosure import DisclosureStep, FeedbackRules, HiddenDetail, Hints
from grader.course.loader import load_course
from grader.course.settings import read_settings

BEGINNING = 'time_zone = "Asia/Tokyo"\nexercises = ["a", "b"]\n'


def written(folder: Path, text: str) -> Path:
    """Write a course.toml with that text after the list of exercises."""
    file = folder / "reference" / "course.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(BEGINNING + text)
    return file


def test_the_default_shows_kinds(tmp_path: Path) -> None:
    """Without `[feedback]`, students are shown the kind of edit, and nothing more of hidden checks."""
    assert read_settings(written(tmp_path, "")).exercise("a").feedback == FeedbackRules(Hints.KIND)


def test_keys_are_inherited(tmp_path: Path) -> None:
    """A question takes from its exercise, and this from the course, every key that it doesn't set itself."""
    text = """
[feedback]
hints = "place"
[[feedback.steps]]
after_attempts = 3
hints = "edit"
[[feedback.steps]]
after = 2031-05-20T23:59:00
hidden = "values"
[exercise.a.feedback]
hints = "none"
[exercise.a.question.first.feedback]
steps = []
[exercise.b.question.second.feedback]
hints = "edit"
steps = [{ after = 2031-05-20T23:59:00Z, after_attempts = 1, hidden = "explanations" }]
"""
    settings = read_settings(written(tmp_path, text))
    steps = (
        DisclosureStep(after_attempts=3, hints=Hints.EDIT),
        DisclosureStep(after=datetime(2031, 5, 20, 14, 59, tzinfo=UTC), hidden=HiddenDetail.VALUES),
    )
    first = FeedbackRules(Hints.NONE)
    assert settings.exercise("a").feedback == FeedbackRules(Hints.NONE, steps, {"first": first})
    own = DisclosureStep(datetime(2031, 5, 20, 23, 59, tzinfo=UTC), 1, hidden=HiddenDetail.EXPLANATIONS)
    second = FeedbackRules(Hints.EDIT, (own,))
    assert settings.exercise("b").feedback == FeedbackRules(Hints.PLACE, steps, {"second": second})


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[feedback]\nhint = "kind"', 4, "there is no setting 'hint'; the settings are hints, steps"),
        ('[feedback]\nhints = "all"', 4, "hints can't be 'all': write one of none, place, kind, edit, in quotes"),
        ("[feedback]\nhints = 2", 4, "hints can't be 2"),
        ("[feedback]\nhints = []", 4, "hints can't be []"),
        ("feedback = 3", 3, "feedback is a table"),
        ("[feedback]\nsteps = 3", 4, "steps is a list of tables"),
        ("[feedback]\nsteps = [3]", 4, "steps is a list of tables"),
        ('[[feedback.steps]]\nhints = "edit"', 3, "write after or after_attempts"),
        ("[[feedback.steps]]\nafter_attempts = 3", 3, "a step says what it changes: write hints or hidden"),
        ('[[feedback.steps]]\nafter_attempts = 0\nhints = "edit"', 4, "after_attempts can't be 0"),
        ('[[feedback.steps]]\nafter_attempts = true\nhints = "edit"', 4, "after_attempts can't be True"),
        ('[[feedback.steps]]\nafter = "soon"\nhints = "edit"', 4, "after can't be 'soon': write 2031-05-20T23:59:00"),
        ('[[feedback.steps]]\nafter = 2031-05-20\nhints = "edit"', 4, "after needs its time of day"),
        ('[[feedback.steps]]\nafter_attempts = 3\nhidden = "word"', 5, "hidden can't be 'word': write one of"),
        ('[[feedback.steps]]\nwhen = 3\nhints = "edit"', 4, "there is no setting 'when'"),
        ("[exercise.a.question]\nfirst = 3", 4, "first is a table"),
        ("[exercise.a.question.first]\nlimits = 3", 4, "there is no setting 'limits'; the settings are feedback"),
    ],
)
def test_a_mistake_is_reported(tmp_path: Path, text: str, line: int, said: str) -> None:
    """The error names the file, the line, and the right form."""
    with pytest.raises(CourseError) as error:
        read_settings(written(tmp_path, text))
    assert f"reference/course.toml:{line}: " in str(error.value)
    assert said in str(error.value)


def test_a_question_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    """Settings of a question that the exercise doesn't have are an error that names those it has."""
    written(tmp_path, '[exercise.a.question.third.feedback]\nhints = "edit"\n')
    for name in ("a", "b"):
        folder = tmp_path / "reference" / name
        folder.mkdir()
        (folder / "solution.py").write_text("def twice(x):\n    return 2 * x\n")
        (folder / "checks.py").write_text(
            "from grader.authoring import code_question\n\nfrom . import solution\n\n"
            'twice = code_question("twice", title="Twice", points=1, reference=solution.twice)\n\n\n'
            '@twice.check(points=1)\ndef one(rng):\n    """One number."""\n    return (3.0,)\n'
        )
    with pytest.raises(CourseError, match=r"course.toml:3: there is no question 'third'; the questions are twice"):
        load_course(tmp_path)
