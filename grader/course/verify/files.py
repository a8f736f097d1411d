"""Files of a course: templates match their solutions, and students have the helpers that solutions use."""

from collections.abc import Iterator
from pathlib import Path

from grader.core.questions.exercise import Course
from grader.core.questions.helper_modules import list_defined_names
from grader.core.text.messages import Message, gettext
from grader.course.templates import (
    build_templates,
    collect_helper_modules,
    find_exercise_helpers,
    make_solved_submission,
)


def find_missing_helpers(course: Course) -> Iterator[Message]:
    """Yield the names of helper modules that a solution uses and students don't have."""
    given = {module: list_defined_names(text) for module, text in collect_helper_modules(course).items()}
    for exercise in course.exercises:
        for module, name in sorted(find_exercise_helpers(exercise, make_solved_submission(exercise))):
            if name and name not in given.get(module, ()):
                yield gettext(
                    "{exercise}: students don't have {name}: it is the answer to an exercise, or it does not exist: "
                    "write it into the solution",
                    exercise=exercise.name,
                    name=f"{module}.{name}",
                )


def find_stale_templates(course: Course) -> Iterator[Message]:
    """Yield the templates that are missing or differ from the current solutions.

    A blank in prose may be written as in earlier versions, without a backslash before it.
    """
    for name, data in build_templates(course).items():
        file = Path(course.folder) / name
        if not file.is_file():
            yield gettext("{name} is missing: build the templates", name=name)
        elif _unescape_blanks(file.read_bytes()) != _unescape_blanks(data):
            yield gettext("{name} no longer matches its solution: build the templates", name=name)


def _unescape_blanks(notebook: bytes) -> bytes:
    """Return a notebook's JSON with its blanks in prose as earlier versions wrote them."""
    return notebook.replace(b"\\\\____", b"____")
