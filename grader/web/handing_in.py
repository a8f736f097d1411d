"""A file that comes in: looked at, then recorded. Whoever gets an answer has it on record."""

import threading
from dataclasses import dataclass
from typing import Final

from grader.core.errors import UnreadableSubmission
from grader.core.exercise import Course
from grader.core.phrase import Said, as_phrase, say
from grader.formats.reading import read
from grader.formats.text import printable
from grader.store import Recorded, Store

LONGEST_NAME: Final = 120
"""Characters of a file's name that are kept."""


@dataclass(frozen=True)
class Refused:
    """Why a file was not recorded: one sentence for its student."""

    reason: Said


class HandingIn:
    """Reads one file at a time: a hostile one may take much memory."""

    def __init__(self, store: Store, course: Course) -> None:
        self._store, self._course = store, course
        self._turn = threading.Lock()

    def record(self, student: str, exercise: str, file_name: str, data: bytes) -> Recorded | Refused:
        """Records a file once it can be read and is for this exercise; returns when it is committed."""
        name = shown_name(file_name)
        try:
            with self._turn:
                program = read(name, data)
        except UnreadableSubmission as error:
            return Refused(error.says)
        title = next((e.title for e in self._course.exercises if e.name == program.exercise), None)
        if title is not None and program.exercise != exercise:
            return Refused(
                say("{name} is the notebook of “{title}”: hand it in there.", name=name, title=as_phrase(title))
            )
        return self._store.record(student, exercise, data, name)


def shown_name(file_name: str) -> str:
    """A file's name without folders and what can't be seen, with its ending."""
    name = printable(file_name.replace("\\", "/").rpartition("/")[2].strip()) or "unnamed"
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= LONGEST_NAME else f"{stem[: LONGEST_NAME - 8]}{dot}{ending[:7]}"
