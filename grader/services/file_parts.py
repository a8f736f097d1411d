"""Sets of files that are handed in in parts: each part makes a submission that holds the earlier parts, too."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from grader.core.errors import UnreadableSubmission
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.file_patterns import MAX_FILES, describe_missing, has_wildcard, list_missing, list_names
from grader.core.text.messages import MessageLike, gettext
from grader.core.text.nfc import normalize_nfc
from grader.formats.assemble_sets import place_file
from grader.formats.decode_text import MalformedFile
from grader.formats.file_set import SET_SUFFIX, pack_files, unpack_files
from grader.formats.read_submission import MAX_FILE_BYTES
from grader.services.transactions import BYTES_PER_TRANSACTION, SUBMISSIONS_PER_TRANSACTION
from grader.store import NewSubmission, Store

_Latest = tuple[int, dict[str, bytes]]
"""A submission's number, and its files."""


def wrap_file(exercise: Exercise, name: str, data: bytes) -> bytes:
    """Return the set that holds one file; a notebook with another name is taken for the only one that is asked for.

    Raises UnreadableSubmission if the file is none of the exercise's.
    """
    path = place_file(name, exercise.files)
    notebooks = [one for one in exercise.files if one.endswith(".ipynb")]
    if path is None and name.lower().endswith(".ipynb") and len(notebooks) == 1 and not has_wildcard(notebooks[0]):
        path = notebooks[0]
    if path is None:
        raise UnreadableSubmission(
            gettext(
                "{file} is none of the files of {exercise}: hand in {names}",
                file=name,
                exercise=exercise.name,
                names=list_names(exercise.files),
            )
        )
    return pack_files({path: data})


class FileParts:
    """Adds the files of a student's latest submission to a set that lacks some, while hand-ins are read."""

    def __init__(self, store: Store, course: Course) -> None:
        self._store = store
        self._exercises: Final = {one.name: one for one in course.exercises if one.files}
        self._latest: dict[tuple[str, str], _Latest] = {}

    def complete(self, new: NewSubmission) -> tuple[NewSubmission, tuple[MessageLike, ...]]:
        """Return the submission with the earlier parts, and the sentence about files that are still missing.

        A set that is complete, or on record as it is, is returned unchanged.
        """
        exercise = self._exercises.get(new.exercise)
        if exercise is None or not new.file_name.endswith(SET_SUFFIX):
            return new, ()
        try:
            files = unpack_files(new.data, MAX_FILE_BYTES)
        except MalformedFile:
            return new, ()
        key = normalize_nfc(new.student), new.exercise
        recorded = list(self._store.submissions(student=new.student, exercise=new.exercise))
        numbers = {one.sha256: one.number for one in recorded}
        if hashlib.sha256(new.data).hexdigest() in numbers:
            return new, ()
        number, earlier = self._latest.get(key) or self._load_latest(new)
        if earlier and list_missing(exercise.files, files):
            merged = _merge(earlier, files)
            if sum(map(len, merged.values())) <= MAX_FILE_BYTES and len(merged) <= MAX_FILES:
                files = merged
        was_incomplete = bool(earlier) and bool(list_missing(exercise.files, earlier))
        data = pack_files(files)
        if data != new.data or was_incomplete:
            new = replace(new, data=data, completes=number if was_incomplete else None)
        next_number = max(number, *numbers.values(), 0) + 1
        self._remember(key, (numbers.get(hashlib.sha256(data).hexdigest(), next_number), files))
        if missing := list_missing(exercise.files, files):
            remark = gettext("{exercise}: {sentence}", exercise=new.exercise, sentence=describe_missing(missing))
            return new, (remark,)
        return new, ()

    def _remember(self, key: tuple[str, str], latest: _Latest) -> None:
        """Keep a set that may not be on record yet; forget those that are, as a transaction can't hold them all."""
        self._latest.pop(key, None)
        others = sum(_measure(one) for one in self._latest.values())
        while self._latest and (len(self._latest) > SUBMISSIONS_PER_TRANSACTION or others > BYTES_PER_TRANSACTION):
            others -= _measure(self._latest.pop(next(iter(self._latest))))
        self._latest[key] = latest

    def _load_latest(self, new: NewSubmission) -> _Latest:
        """Return the latest submission on record that is a set."""
        recorded = list(self._store.submissions(student=new.student, exercise=new.exercise))
        if not recorded or not recorded[-1].file_name.endswith(SET_SUFFIX):
            return 0, {}
        try:
            return recorded[-1].number, unpack_files(self._store.read_content(recorded[-1].id), MAX_FILE_BYTES)
        except MalformedFile:
            return 0, {}


def _measure(latest: _Latest) -> int:
    return sum(map(len, latest[1].values()))


def _merge(earlier: Mapping[str, bytes], later: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of both; a later file takes the place of one of its name, and of a folder of its name."""
    folded = [path.casefold() for path in later]

    def is_replaced(path: str) -> bool:
        own = path.casefold()
        return any(own == one or own.startswith(f"{one}/") or one.startswith(f"{own}/") for one in folded)

    return {path: data for path, data in earlier.items() if not is_replaced(path)} | dict(later)
