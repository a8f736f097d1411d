"""Load a course from its folder.

DIR/reference/course.toml         title, order of exercises, limits
DIR/reference/NAME/solution.py    the worked exercise
DIR/reference/NAME/checks.py      its questions, or a folder of modules, checks/
DIR/reference/NAME/data/          files that its code reads, handed out beside the notebook
DIR/reference/NAME/files/         of an exercise of several files: its modules, and those that students are given
DIR/reference/locale/fr.po        the texts for students in French
DIR/reference/common/*.py         helper modules; the sandbox supplies the functions not asked for in an exercise
DIR/exercises/NAME.ipynb          the notebooks for students, written by `grader build`
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

from grader.core.errors import CourseError, UsageError
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.helper_modules import strip_solutions
from grader.core.questions.question import Question
from grader.core.text.source_location import SourceLocation
from grader.core.wire.job import Limits
from grader.course.checks_modules import load_questions
from grader.course.course_package import CoursePackage
from grader.course.data_files import WorkingFolder, find_data_files, require_distinct_data
from grader.course.exercise_files import (
    FILES_FOLDER,
    find_files_by_name,
    find_notebook,
    list_asked_files,
    read_given_modules,
    resolve_files,
)
from grader.course.given_functions import find_given_functions
from grader.course.po_files import LOCALE_FOLDER, load_translations
from grader.course.settings import ExerciseSettings, read_settings


def bundled_course_folder() -> Path:
    """Return the folder of the course that comes with the program: the clone's own, or the copy in the wheel.

    Raises UsageError if there is none: a release gives students the program without the course and its answers.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent, package / "bundled"):
        if (folder / "reference" / "course.toml").is_file():
            return folder
    raise UsageError("this copy of the program has no course of its own", "name yours with --course")


def load_course(path: Path) -> Course:
    """Load the course in a folder that holds `reference/`. Raises CourseError with file and line."""
    folder = path.resolve()
    reference = folder / "reference"
    if not (reference / "course.toml").is_file():
        raise CourseError(
            f"there is no course in {path}: reference/course.toml is missing", "grader init starts a course"
        )
    settings = read_settings(reference / "course.toml")
    package = CoursePackage(reference)
    catalogues = load_translations(reference / LOCALE_FOLDER)
    exercises = tuple(_exercise(package, name, settings.exercise(name), settings.limits) for name in settings.exercises)
    require_distinct_data(exercises)
    return Course(
        title=settings.title,
        exercises=exercises,
        folder=folder,
        version=compute_course_version(reference),
        packages=settings.packages,
        language=settings.language,
        source_language="en" if settings.language in catalogues else settings.language,
        translations=catalogues,
        zone=settings.zone,
        check_cells=settings.check_cells,
        strict=settings.strict,
    )


def compute_course_version(reference: Path) -> str:
    """Compute a fingerprint of the names and bytes of all files in a `reference/` folder.

    Caches, hidden files and translations are left out, because none of them changes a submission's score.
    """
    digest = hashlib.sha256()
    for inside, file in iter_reference_files(reference):
        name, data = inside.encode(), file.read_bytes()
        digest.update(b"%d:%s%d:" % (len(name), name, len(data)) + data)
    return digest.hexdigest()[:16]


def iter_reference_files(reference: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a `reference/` folder that determine its version, with their names in it, in order."""
    for file in sorted(reference.rglob("*"), key=lambda f: f.relative_to(reference).parts):
        inside = file.relative_to(reference)
        excluded = inside.parts[0] == LOCALE_FOLDER or any(
            p == "__pycache__" or p.startswith(".") for p in inside.parts
        )
        if file.is_file() and not excluded:
            yield inside.as_posix(), file


def _exercise(package: CoursePackage, name: str, settings: ExerciseSettings, defaults: Limits) -> Exercise:
    folder = package.folder / name
    files = resolve_files(folder, settings.files)
    is_needed = not settings.files or find_notebook(folder, files) is not None
    if not (folder / "solution.py").is_file() and is_needed:
        raise CourseError(f"{SourceLocation(str(folder / 'solution.py'))}: exercise {name!r} has no solution.py")
    package.add(name, folder)
    data_files = find_data_files(folder)
    enter = WorkingFolder(data_files).enter if data_files else nullcontext
    with enter():
        if settings.files:
            package.add_files(name, folder / FILES_FOLDER)
        solution = vars(package.run(f"{name}.solution", folder / "solution.py")) if is_needed else {}
        questions = load_questions(package, name, folder)
    solutions = [folder / "solution.py"] if is_needed else []
    solutions += [folder / FILES_FOLDER / one.path for one in list_asked_files(folder, files)] if files else []
    _require_questions(questions, settings)
    asked = {function for question in questions for function in question.functions}
    return Exercise(
        name=name,
        title=settings.title or name.replace("_", " ").capitalize(),
        questions=questions,
        folder=folder,
        limits=defaults.with_changes(settings.limits),
        modules={module: strip_solutions(source, asked) for module, source in package.helper_sources.items()}
        | read_given_modules(folder, files),
        policy=settings.policy,
        feedback=settings.feedback,
        files=files,
        aliases=settings.aliases,
        files_by_name=find_files_by_name(questions, folder, files),
        solution_values={v: solution[v] for question in questions for v in question.variables if v in solution},
        data_files=data_files,
        enter_folder=enter,
        given_functions=frozenset(name for one in solutions for name in find_given_functions(one)) & asked,
    )


def _require_questions(questions: Iterable[Question], settings: ExerciseSettings) -> None:
    """Raise CourseError where course.toml has settings of a question that doesn't exist."""
    ids = [question.id for question in questions]
    for name, place in settings.question_places.items():
        if name not in ids:
            raise CourseError(f"{place}: there is no question {name!r}; the questions are {', '.join(ids)}")
