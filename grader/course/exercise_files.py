"""The author's files of an exercise of several files: `reference/NAME/files/`, with answers and with blanks.

A file that a pattern of the exercise fits is asked for, and blanks are marked in it as in solution.py. The others are
given: students get them, and the sandbox supplies them under their paths.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Final

from grader.authoring.solution_script import SolutionScript
from grader.core.errors import CourseError
from grader.core.questions.file_patterns import FILE_SUFFIXES, has_wildcard, match_path
from grader.core.questions.question import Question
from grader.core.text.source_location import SourceLocation

FILES_FOLDER: Final = "files"


@dataclass(frozen=True)
class AskedFile:
    """A module that students hand in, as text: with the answers, and with blanks."""

    path: str
    solution_text: str
    release_text: str


def list_asked_files(folder: PurePath, patterns: Iterable[str]) -> tuple[AskedFile, ...]:
    """Return the modules that students hand in, by path. Raises CourseError with the line."""
    wanted = tuple(patterns)
    return tuple(
        _read_asked_file(path, file.read_text("utf-8-sig"), str(file))
        for path, file in _list_files(folder)
        if path.endswith(".py") and _is_asked(path, wanted)
    )


def read_given_files(folder: PurePath, patterns: Iterable[str]) -> dict[str, bytes]:
    """Return the files that students are given beside those that they hand in, by path."""
    wanted = tuple(patterns)
    return {
        path: file.read_bytes()
        for path, file in _list_files(folder)
        if path.endswith(".ipynb") or not _is_asked(path, wanted)
    }


def read_given_modules(folder: PurePath, patterns: Iterable[str]) -> dict[str, str]:
    """Return the modules that students are given, by dotted name."""
    return {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): data.decode("utf-8-sig")
        for path, data in read_given_files(folder, patterns).items()
        if path.endswith(".py")
    }


def find_notebook(folder: PurePath, patterns: Iterable[str]) -> str | None:
    """Return the path of the notebook that solution.py is the source of; None if there is no such notebook."""
    notebooks = (one for one in patterns if one.endswith(".ipynb") and not has_wildcard(one))
    return next((one for one in notebooks if not (Path(folder) / FILES_FOLDER / one).is_file()), None)


def find_files_by_name(questions: Iterable[Question], folder: PurePath, patterns: tuple[str, ...]) -> dict[str, str]:
    """Return the path of the file in which each function is looked up first: the named one, or the reference's own.

    Raises CourseError for a module that is none of the exercise's files, and for two files of one name.
    """
    if not patterns:
        return {}
    paths = [one.path for one in list_asked_files(folder, patterns)]
    found: dict[str, str] = {}
    for question in questions:
        for function in question.functions:
            path = _find_named_file(question, folder, paths) or _find_own_file(question, function, folder)
            if path in paths and found.setdefault(function, path) != path:
                raise CourseError(
                    f"{SourceLocation(str(folder))}: question {question.id}: {function} is asked for in "
                    f"{found[function]} and in {path}: give one of them another name"
                )
    return found


def _find_named_file(question: Question, folder: PurePath, paths: list[str]) -> str | None:
    base = question.module.replace(".", "/")
    path = next((path for path in paths if base and path in (f"{base}.py", f"{base}/__init__.py")), None)
    if base and path is None:
        raise CourseError(
            f"{SourceLocation(str(folder))}: question {question.id}: module={question.module!r} is none of the "
            f"exercise's files: {', '.join(paths)}"
        )
    return path


def _find_own_file(question: Question, function: str, folder: PurePath) -> str | None:
    """Return the path of the file in which a reference lies."""
    references = (question.reference, *(getattr(check, "reference", None) for check in question.checks))
    for reference in references:
        code = getattr(reference, "__code__", None)
        if code is not None and getattr(reference, "__name__", "") == function:
            file, base = PurePath(code.co_filename), PurePath(folder) / FILES_FOLDER
            return file.relative_to(base).as_posix() if file.is_relative_to(base) else None
    return None


def _list_files(folder: PurePath) -> list[tuple[str, Path]]:
    base = Path(folder) / FILES_FOLDER
    files = sorted(base.rglob("*"), key=lambda file: file.relative_to(base).parts)
    return [
        (file.relative_to(base).as_posix(), file)
        for file in files
        if file.is_file() and file.name.endswith(FILE_SUFFIXES) and not file.name.startswith(".")
    ]


def _is_asked(path: str, patterns: Iterable[str]) -> bool:
    return any(match_path(path, pattern) is not None for pattern in patterns)


@lru_cache(maxsize=64)
def _read_asked_file(path: str, text: str, file: str) -> AskedFile:
    script = SolutionScript(text, file)
    replacements = {replacement.first_line: replacement for replacement in script.find_replacements()}
    solved, released = (script.apply_replacements(replacements, with_blanks=blanks) for blanks in (False, True))
    script.require_python(released, range(1, len(script.lines)))
    return AskedFile(path, solved, released)


def resolve_files(folder: PurePath, patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the patterns, with the solution's own files before each pattern that stands for several.

    Raises CourseError if a file that the exercise names is missing in the solution.
    """
    paths = [path for path, _ in _list_files(folder)]
    found: list[str] = []
    for pattern in patterns:
        own = [match_path(path, pattern) for path in paths]
        if has_wildcard(pattern):
            found += [path for path in own if path is not None]
        elif pattern.endswith(".py") and not any(own):
            file = SourceLocation(str(Path(folder) / FILES_FOLDER / pattern))
            raise CourseError(f"{file}: this file of the exercise has no solution: write it, or take it out of files")
        found.append(pattern)
    return tuple(dict.fromkeys(found))
