"""Puts files of one student together to the sets that exercises of several files ask for.

A set lies in one folder, its root, at any depth: `day1/models/linear.py` is `models/linear.py` in the root `day1`. A
file that lies elsewhere, or has lost its folder, is placed by its own name, if only one pattern has that.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from grader.core.errors import UnreadableSubmission
from grader.core.questions.exercise import Course
from grader.core.questions.file_patterns import FILE_SUFFIXES, MAX_FILES, has_wildcard, is_safe_path, match_path
from grader.core.text.messages import Message, MessageLike, gettext, ngettext
from grader.core.text.nfc import normalize_nfc
from grader.formats.decode_text import escape_unprintable
from grader.formats.file_set import pack_files
from grader.formats.filename import parse_stem

_MAX_TOTAL_BYTES: Final = 25_000_000
_MAX_REMARKS: Final = 5
_MAX_SHOWN_CHARS: Final = 300
_MODULE_ENDS: Final = (".py", "/__init__.py")

Parts = tuple[str, ...]


@dataclass(frozen=True)
class FilePatterns:
    """The patterns of each exercise of several files, by its name, and the names of all exercises.

    `given` are the paths of modules that students are given, which are left out without a word.
    """

    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exercises: tuple[str, ...] = ()
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)


def list_file_patterns(course: Course) -> FilePatterns:
    """Return the patterns of a course's exercises of several files."""
    patterns = {exercise.name: exercise.files for exercise in course.exercises if exercise.files}
    given = {
        exercise.name: frozenset(f"{name.replace('.', '/')}{end}" for name in exercise.modules for end in _MODULE_ENDS)
        for exercise in course.exercises
        if exercise.files
    }
    return FilePatterns(patterns, course.exercise_names, given)


@dataclass(frozen=True)
class SetFile:
    """A file that was found: its path below the student's folder as parts, and for display; `load` may raise
    UnreadableSubmission."""

    parts: Parts
    shown: str
    load: Callable[[], bytes]


@dataclass(frozen=True)
class FileSet:
    """The files of one exercise that lie together, by their paths in it; `remarks` are sentences about others."""

    exercise: str
    root: Parts
    files: Mapping[str, SetFile]
    remarks: tuple[Message, ...] = ()

    def load_archive(self) -> bytes:
        """Return the archive of the files. Raises what `load` raises."""
        return self.load()[0]

    def load(self) -> tuple[bytes, tuple[MessageLike, ...]]:
        """Return the archive of the files, and the sentences about it and about files that can't be opened.

        Raises UnreadableSubmission if the files are too large together, or none can be opened.
        """
        data: dict[str, bytes] = {}
        failed: list[UnreadableSubmission] = []
        for path, file in self.files.items():
            try:
                data[path] = file.load()
            except UnreadableSubmission as error:
                failed.append(error)
            if sum(map(len, data.values())) > _MAX_TOTAL_BYTES:
                raise UnreadableSubmission(
                    gettext(
                        "{exercise}: its files are larger than {most} MB together: clear the outputs of notebooks",
                        exercise=self.exercise,
                        most=_MAX_TOTAL_BYTES // 1_000_000,
                    )
                )
        if not data:
            raise failed[0]
        return pack_files(data), (*self.remarks, *(error.message for error in failed[:_MAX_REMARKS]))


def assemble_sets(files: Sequence[SetFile], wanted: FilePatterns) -> tuple[list[FileSet], list[SetFile]]:
    """Return the sets, and the files that belong to none."""
    if not wanted.patterns:
        return [], list(files)
    usable = [file for file in files if file.parts[-1].lower().endswith(FILE_SUFFIXES)]
    groups: dict[tuple[str, Parts], dict[str, SetFile]] = {}
    doubles: dict[tuple[str, Parts], list[SetFile]] = {}
    for file in usable:
        for exercise, root, path in _find_places(file, wanted):
            group = groups.setdefault((exercise, root), {})
            if path not in group:
                group[path] = file
            else:
                doubles.setdefault((exercise, root), []).append(file)
    sets: list[FileSet] = []
    taken: set[Parts] = set()
    for exercise, root in sorted(groups, key=lambda key: _rank(key, groups[key], wanted)):
        if any(one.exercise == exercise and _is_within(one.root, root) for one in sets):
            continue
        own = {path: file for path, file in groups[exercise, root].items() if file.parts not in taken}
        if not own:
            continue
        taken |= {file.parts for file in own.values()}
        dropped = [file for file in doubles.get((exercise, root), []) if file.parts not in taken]
        taken |= {file.parts for file in dropped}
        remarks = [_describe_double(file) for file in dropped]
        if len(own) > MAX_FILES:
            remarks.append(
                gettext(
                    "{exercise}: {n} files were handed in, of which the first {most} are taken",
                    exercise=exercise,
                    n=len(own),
                    most=MAX_FILES,
                )
            )
            own = dict(sorted(own.items())[:MAX_FILES])
        sets.append(FileSet(exercise, root, own, tuple(remarks[:_MAX_REMARKS])))
    rest = [file for file in files if file.parts not in taken]
    others = [file for file in rest if _is_module(file, wanted.exercises)]
    sets = [_add_extra(one, [f for f in others if _lies_in(f, one) and not _is_given(f, one, wanted)]) for one in sets]
    extra = {file.parts for file in others for one in sets if _lies_in(file, one)}
    return sets, [file for file in rest if file.parts not in extra]


def place_file(name: str, patterns: Iterable[str]) -> str | None:
    """Return the path in an exercise of a file that has lost its folder; None if its name fits no pattern, or several.

    `linear (1).py` is `models/linear.py`.
    """
    stem, suffix = os.path.splitext(normalize_nfc(name))
    suffix = suffix.lower()
    found: set[str] = set()
    for pattern in patterns:
        folder, _, last = pattern.rpartition("/")
        if not last.endswith(suffix) or has_wildcard(folder):
            continue
        plain = last.removesuffix(suffix)
        if has_wildcard(last):
            matched = match_path(stem + suffix, last)
        else:
            matched = last if parse_stem(stem, [plain]).exercise else None
        if matched is not None:
            found.add(f"{folder}/{matched}" if folder else matched)
    exact = {path for path in found if path.rpartition("/")[2].casefold() == (stem + suffix).casefold()}
    found = exact or found
    return found.pop() if len(found) == 1 else None


def _find_places(file: SetFile, wanted: FilePatterns) -> list[tuple[str, Parts, str]]:
    """Return the exercises, roots and paths of which a file can be part: by its path, else by its name alone."""
    parts = tuple(normalize_nfc(part) for part in file.parts)
    own = parse_stem(os.path.splitext(parts[-1])[0], wanted.exercises).exercise
    found: list[tuple[int, str, Parts, str]] = []
    for exercise, patterns in wanted.patterns.items():
        fitting = []
        for pattern in patterns:
            count = pattern.count("/") + 1
            path = match_path("/".join(parts[-count:]), pattern) if len(parts) >= count else None
            if path is not None and (own in (None, exercise) or not has_wildcard(pattern)):
                fitting.append((count, exercise, parts[:-count], path))
        found += [max(fitting)] if fitting else []
    found = [place for place in found if is_safe_path(place[-1])]
    if found:
        return [place for _, *place in found]  # type: ignore[misc]  # three items each
    if own not in (None, *wanted.patterns):
        return []
    placed = {exercise: place_file(parts[-1], patterns) for exercise, patterns in wanted.patterns.items()}
    return [(exercise, parts[:-1], path) for exercise, path in placed.items() if path and is_safe_path(path)]


def _rank(key: tuple[str, Parts], group: Mapping[str, SetFile], wanted: FilePatterns) -> tuple[object, ...]:
    """Return the order in which sets are made: those in a folder of their exercise's name, then the fullest ones."""
    exercise, root = key
    is_named = any(parse_stem(part, wanted.exercises).exercise == exercise for part in root)
    exact = sum(path in wanted.patterns[exercise] for path in group)
    return not is_named, -exact, -len(group), len(root), root, exercise


def _is_within(one: Parts, other: Parts) -> bool:
    """Return whether one folder lies in the other, or both are the same."""
    return one[: len(other)] == other or other[: len(one)] == one


def _is_module(file: SetFile, exercises: Sequence[str]) -> bool:
    """Return whether a file is a script that isn't named after an exercise."""
    stem, suffix = os.path.splitext(file.parts[-1])
    return suffix.lower() == ".py" and parse_stem(stem, exercises).exercise is None


def _lies_in(file: SetFile, one: FileSet) -> bool:
    return file.parts[: len(one.root)] == one.root


def _is_given(file: SetFile, one: FileSet, wanted: FilePatterns) -> bool:
    return "/".join(file.parts[len(one.root) :]) in wanted.given.get(one.exercise, ())


def _add_extra(one: FileSet, extra: Sequence[SetFile]) -> FileSet:
    if not extra:
        return one
    names = [_shorten(escape_unprintable("/".join(file.parts[len(one.root) :]))) for file in extra[:_MAX_REMARKS]]
    remark = ngettext(
        "{exercise}: {names} is not one of its files, and is left out",
        "{exercise}: {n} files are not among its files, and are left out: {names}",
        n=len(extra),
        exercise=one.exercise,
        names=", ".join(names),
    )
    return FileSet(one.exercise, one.root, one.files, (*one.remarks, remark))


def _shorten(name: str) -> str:
    """Return a file's name, cut where an archive gives one longer than any system allows."""
    return name if len(name) <= _MAX_SHOWN_CHARS else f"{name[:_MAX_SHOWN_CHARS]}…"


def _describe_double(file: SetFile) -> Message:
    return gettext(
        "{file}: another file has this place in the exercise, and this one is left out: hand in one of them",
        file=_shorten(file.shown),
    )
