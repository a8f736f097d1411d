"""Load a course from its folder. Authors' modules are never installed and never found through `sys.path`.

    DIR/reference/course.toml         title, order of exercises, limits
    DIR/reference/NAME/solution.py    the worked exercise
    DIR/reference/NAME/checks.py      its questions
    DIR/reference/locale/fr.po        the texts for students in French
    DIR/reference/common/*.py         helper modules; the sandbox supplies the functions not asked for in an exercise
    DIR/exercises/NAME.ipynb          the notebooks for students, written by `grader build`

Each folder's modules have a package of their own, so that one process can load several courses. They are compiled from
their text here: no `__pycache__` is left behind, and an edited file is never taken from an outdated one.
"""

import builtins
import hashlib
import linecache
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from importlib.util import decode_source
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from grader.authoring import QuestionBuilder
from grader.authoring.builder import record_questions
from grader.core.errors import CourseError, UsageError
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.helper_modules import HELPER_PACKAGE, strip_solutions
from grader.core.questions.question import Question
from grader.core.text.source_location import SourceLocation
from grader.core.wire.job import Limits
from grader.course.po_files import LOCALE_FOLDER, load_translations
from grader.course.settings import ExerciseSettings, read_settings

_PACKAGE_NAME: Final = re.compile(r"\bgrader_course_[0-9a-f]{12}\.")
"""The beginning of a module's name that authors don't know."""


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
    package = _Package(reference)
    catalogues = load_translations(reference / LOCALE_FOLDER)
    exercises = [_exercise(package, name, settings.exercise(name), settings.limits) for name in settings.exercises]
    return Course(
        title=settings.title,
        exercises=tuple(exercises),
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


def _exercise(package: "_Package", name: str, settings: ExerciseSettings, defaults: Limits) -> Exercise:
    folder = package.folder / name
    for file in ("solution.py", "checks.py"):
        if not (folder / file).is_file():
            raise CourseError(f"{SourceLocation(str(folder / file))}: exercise {name!r} has no {file}")
    package.add(name, folder)
    solution = vars(package.run(f"{name}.solution", folder / "solution.py"))
    with record_questions() as declared:
        checks = package.run(f"{name}.checks", folder / "checks.py")
    questions = _questions(checks, folder / "checks.py", declared)
    asked = {function for question in questions for function in question.functions}
    return Exercise(
        name=name,
        title=settings.title or name.replace("_", " ").capitalize(),
        questions=questions,
        folder=folder,
        limits=defaults.with_changes(settings.limits),
        modules={module: strip_solutions(source, asked) for module, source in package.helper_sources.items()},
        policy=settings.policy,
        solution_values={v: solution[v] for question in questions for v in question.variables if v in solution},
    )


def _questions(checks: ModuleType, file: Path, declared: Iterable[QuestionBuilder]) -> tuple[Question, ...]:
    found: dict[str, Question] = {}
    for builder in declared:
        if all(value is not builder for value in vars(checks).values()):
            advice = f"write `{builder.id} = ` in front of it, with a name that nothing else has"
            raise CourseError(f"{builder.place}: question {builder.id}: no variable of this file holds it: {advice}")
    for builder in vars(checks).values():
        if not isinstance(builder, QuestionBuilder):
            continue
        if builder.id in found:
            raise CourseError(
                f"{builder.place}: question {builder.id}: another question has the same id: rename one of them"
            )
        found[builder.id] = builder.freeze()
    if not found:
        raise CourseError(f"{SourceLocation(str(file))}: the file defines no question: write NAME = code_question(…)")
    return tuple(found.values())


class _Package:
    """The modules of one course folder, under a package name that no other folder has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = "grader_course_" + hashlib.sha256(str(folder).encode()).hexdigest()[:12]
        for old in [n for n in sys.modules if n == self.name or n.startswith(self.name + ".")]:
            del sys.modules[old]
        self.add("", folder)
        self._helpers: dict[str, ModuleType] = {}
        self.helper_sources: Mapping[str, str] = self._run_helpers()

    def add(self, name: str, folder: Path) -> None:
        """Make a package of a folder, so that `from . import solution` works in it."""
        module = self._module(name)
        module.__package__ = module.__name__
        module.__path__ = [str(folder)]

    def run(self, name: str, file: Path) -> ModuleType:
        """Execute a file as a module of this package. Any exception in it becomes a CourseError with its line."""
        module = self._module(name)
        module.__file__ = str(file)
        # Only this module sees the course's helpers; `sys.modules` stays unchanged.
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": _importer(self._helpers)}
        source = file.read_bytes()
        # Solutions print their results, but standard output is the command's result.
        with _raise_as_course_error(self.folder, file), redirect_stdout(StringIO()):
            _cache_source_lines(file, source)
            exec(compile(source, str(file), "exec", dont_inherit=True), module.__dict__)
        return module

    def _module(self, name: str) -> ModuleType:
        full = f"{self.name}.{name}".rstrip(".")
        module = ModuleType(full)
        parent, _, leaf = full.rpartition(".")
        module.__package__ = parent
        sys.modules[full] = module
        if parent:
            setattr(sys.modules[parent], leaf, module)
        return module

    def _run_helpers(self) -> dict[str, str]:
        """Run `common/*.py`, make the modules importable by their names, and return their sources by dotted name."""
        folder = self.folder / HELPER_PACKAGE
        if (folder / "__init__.py").exists():
            raise CourseError(
                f"{SourceLocation(str(folder / '__init__.py'))}: not needed: "
                f"put its code into {HELPER_PACKAGE}/functions.py"
            )
        files = sorted(folder.glob("*.py"))
        if not files:
            return {}
        self.add(HELPER_PACKAGE, folder)
        self._helpers[HELPER_PACKAGE] = sys.modules[f"{self.name}.{HELPER_PACKAGE}"]
        for file in files:
            dotted = f"{HELPER_PACKAGE}.{file.stem}"
            self._helpers[dotted] = self.run(dotted, file)
        return {HELPER_PACKAGE: ""} | {f"{HELPER_PACKAGE}.{file.stem}": file.read_text("utf-8-sig") for file in files}


def _cache_source_lines(file: Path, source: bytes) -> None:
    """Keep the compiled text for `inspect` and tracebacks, even if the file changes later."""
    lines = decode_source(source).splitlines(keepends=True)
    linecache.cache[str(file)] = (len(source), None, lines, str(file))


def _importer(helpers: Mapping[str, ModuleType]) -> Callable[..., Any]:
    """Return an `__import__` that knows the helper modules by their short names."""

    def importer(
        name: str, globals: Any = None, locals: Any = None, fromlist: tuple[str, ...] = (), level: int = 0
    ) -> Any:
        if level == 0 and name in helpers:
            return helpers[name] if fromlist else helpers[name.partition(".")[0]]
        return __import__(name, globals, locals, fromlist, level)

    return importer


@contextmanager
def _raise_as_course_error(folder: Path, file: Path) -> Iterator[None]:
    try:
        yield
    except CourseError:
        raise
    except SyntaxError as error:
        where = SourceLocation(error.filename or str(file), error.lineno)
        raise CourseError(f"{where}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(folder)]
        where = SourceLocation(frames[-1].filename, frames[-1].lineno) if frames else SourceLocation(str(file))
        message = _PACKAGE_NAME.sub("", " ".join(str(error).split()))
        raise CourseError(f"{where}: {type(error).__name__}: {message}") from error
