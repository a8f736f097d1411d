"""The questions of an exercise, from `checks.py` or from the modules of a folder `checks/`.

Each module of the folder is executed once: first `__init__.py`, if there is one, and what it imports, then the others
by name. A module imports from another as usual: `from .inputs import batch`, `from .. import solution`. The questions
are in the order in which `__init__.py` has them declared, and the others in that of the solution's cells.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

from grader.authoring import QuestionBuilder
from grader.authoring.builder import record_questions
from grader.core.errors import CourseError
from grader.core.questions.question import Question
from grader.core.text.source_location import SourceLocation
from grader.course.course_package import CoursePackage

CHECKS_FILE: Final = "checks.py"
CHECKS_FOLDER: Final = "checks"
_CELL: Final = re.compile(r'^# %%.*\bquestion="(\w+)"', re.MULTILINE)


def load_questions(package: CoursePackage, name: str, folder: Path) -> tuple[Question, ...]:
    """Run the checks of the exercise `name` in a folder; return its questions. Raises CourseError with the line."""
    file, modules = folder / CHECKS_FILE, folder / CHECKS_FOLDER
    is_folder = any(modules.glob("*.py"))
    if is_folder and file.is_file():
        advice = "move its questions into the folder, or remove one of them"
        raise CourseError(f"{SourceLocation(str(file))}: exercise {name!r} has a folder {CHECKS_FOLDER}, too: {advice}")
    if is_folder:
        return _load_folder(package, name, modules)
    if not file.is_file():
        raise CourseError(f"{SourceLocation(str(file))}: exercise {name!r} has no {CHECKS_FILE}")
    with record_questions() as declared:
        module = package.run(f"{name}.{CHECKS_FOLDER}", file)
    _require_variables(declared, [module])
    held = [value for value in vars(module).values() if isinstance(value, QuestionBuilder)]
    return _freeze(held, SourceLocation(str(file)))


def _load_folder(package: CoursePackage, name: str, folder: Path) -> tuple[Question, ...]:
    if nested := sorted(one.parent for one in folder.glob("*/*.py")):
        raise CourseError(f"{SourceLocation(str(nested[0]))}: modules of checks lie directly in {CHECKS_FOLDER}/")
    with record_questions() as declared:
        dotted = f"{name}.{CHECKS_FOLDER}"
        package.add(dotted, folder, on_demand=True)
        start, others = folder / "__init__.py", sorted(set(folder.glob("*.py")) - {folder / "__init__.py"})
        modules = [package.run(dotted, start, as_package=True)] if start.is_file() else []
        first = list(declared)
        modules += [package.get(f"{dotted}.{file.stem}", file) for file in others]
    _require_variables(declared, modules)
    solution = folder.parent / "solution.py"
    cells = _CELL.findall(solution.read_text("utf-8-sig")) if solution.is_file() else []
    place = {question: number for number, question in reversed(list(enumerate(cells)))}
    rest = sorted(declared[len(first) :], key=lambda builder: place.get(builder.id, len(cells)))
    return _freeze([*first, *rest], SourceLocation(str(folder)))


def _require_variables(declared: Iterable[QuestionBuilder], modules: Sequence[ModuleType]) -> None:
    """Raise CourseError for a question that no variable of a module holds."""
    held = [value for module in modules for value in vars(module).values()]
    for builder in declared:
        if all(value is not builder for value in held):
            advice = f"write `{builder.id} = ` in front of it, with a name that nothing else has"
            raise CourseError(f"{builder.place}: question {builder.id}: no variable of this file holds it: {advice}")


def _freeze(builders: Iterable[QuestionBuilder], place: SourceLocation) -> tuple[Question, ...]:
    found: dict[str, Question] = {}
    for builder in builders:
        if builder.id in found:
            raise CourseError(
                f"{builder.place}: question {builder.id}: another question has the same id: rename one of them"
            )
        found[builder.id] = builder.freeze()
    if not found:
        what = "the file" if place.file.endswith(".py") else "the folder"
        raise CourseError(f"{place}: {what} defines no question: write NAME = code_question(…)")
    return tuple(found.values())
