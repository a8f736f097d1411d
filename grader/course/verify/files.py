"""Files of a course: templates match their solutions, and students have the helpers that solutions use."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.core.questions.exercise import Course, Exercise
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
        program = make_solved_submission(exercise)
        used = "\n".join(cell.source for cell in program.cells if cell.kind == "code")
        for module, name in sorted(_list_single_names(exercise, find_exercise_helpers(exercise, program), used)):
            if name and name not in given.get(module, ()):
                yield gettext(
                    "{exercise}: students don't have {name}: it is the answer to an exercise, or it does not exist: "
                    "write it into the solution",
                    exercise=exercise.name,
                    name=f"{module}.{name}",
                )


def _list_single_names(
    exercise: Exercise, helpers: Iterable[tuple[str, str]], program: str
) -> Iterator[tuple[str, str]]:
    """Yield the helpers, with those names of a module in the place of its `*` that the program uses."""
    for module, name in helpers:
        if name != "*":
            yield module, name
            continue
        loaded = {n.id for n in ast.walk(ast.parse(program)) if isinstance(n, ast.Name)}
        for defined in list_defined_names(exercise.modules.get(module, "")) & loaded:
            yield module, defined


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
